import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import {
  buildSchema,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql';
import { ARGUMENTS, POSITIONS, type Target } from './table/arguments';

export const SCHEMA = buildSchema(readFileSync(join(__dirname, '../../schema.graphql'), 'utf8'));

const ROOTS = {
  query: SCHEMA.getQueryType()!,
  mutation: SCHEMA.getMutationType()!,
  subscription: SCHEMA.getSubscriptionType()!,
};

export type Variables = Record<string, unknown>;
export type Document = TypedDocumentNode<Record<string, unknown>, Variables>;

/** A root field with one choice of its optional ids: with all of them, or with none. */
export interface Operation {
  /** Its coordinate. ` of all` follows where its optional ids are left out. */
  name: string;
  kind: keyof typeof ROOTS;
  field: GraphQLField<unknown, unknown>;
  isOfAll: boolean;
}

/** Every root field of the schema; one with optional ids comes twice. */
export function operations(kind: Operation['kind']): Operation[] {
  const root = ROOTS[kind];
  return Object.values(root.getFields()).flatMap((field) => {
    const name = `${root.name}.${field.name}`;
    const narrow = { name, kind, field, isOfAll: false };
    const isOptionalId = ({ type }: GraphQLArgument) => !isNonNullType(type) && isId(type);
    if (!field.args.some(isOptionalId)) return [narrow];
    return [narrow, { ...narrow, name: `${name} of all`, isOfAll: true }];
  });
}

const isId = (type: GraphQLArgument['type']) => getNamedType(type).name === 'ID';

/** Every field of every object type but the root types, as coordinates. */
export function objectFields(): string[] {
  const roots: readonly unknown[] = Object.values(ROOTS);
  return Object.values(SCHEMA.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) || roots.includes(type) || type.name.startsWith('__')) return [];
    return Object.keys(type.getFields()).map((field) => `${type.name}.${field}`);
  });
}

/** The fields of every object type that the operations lead to. */
export function fieldsBelow(from: readonly Operation[]): string[] {
  const types = new Set<GraphQLObjectType>();
  const enter = (type: GraphQLOutputType) => {
    const named = getNamedType(type);
    if (!isObjectType(named) || types.has(named)) return;
    types.add(named);
    for (const field of Object.values(named.getFields())) enter(field.type);
  };
  for (const { field } of from) enter(field.type);
  const names = new Set([...types].map(({ name }) => name));
  return objectFields().filter((field) => names.has(field.split('.')[0]!));
}

/** The operation with the widest selection of what it leads to. */
export function documentOf({ kind, field }: Operation, depth: number): Document {
  const args = field.args.filter(({ defaultValue }) => defaultValue === undefined);
  const type = getNamedType(field.type);
  const selection = isObjectType(type) ? new Selection(type, depth).text : '';
  const variables = args.map(({ name, type }) => `$${name}: ${type}`);
  for (const name of Object.values(POSITIONS).flat().join().match(/\$\w+/g)!)
    if (selection.includes(name)) variables.push(`${name}: String`);
  const given = args.map(({ name }) => `${name}: $${name}`);
  const unique = [...new Set(variables)];
  const declared = unique.length > 0 ? `(${unique.join(', ')})` : '';
  const call = given.length > 0 ? `(${given.join(', ')})` : '';
  return parse(`${kind} ${declared} { ${field.name}${call} ${selection} }`) as Document;
}

/** The paths that the operation's selection has, each of them `Type.field.field…`. */
export function pathsOf({ field }: Operation, depth: number): string[] {
  const type = getNamedType(field.type);
  return isObjectType(type) ? new Selection(type, depth).paths : [];
}

const isPage = ({ name }: GraphQLObjectType) => /(Connection|Edge)$/.test(name);

/** All fields of a type and of what they lead to. The hops within a page count as none. */
class Selection {
  readonly paths: string[] = [];
  readonly text: string;

  constructor(
    type: GraphQLObjectType,
    private readonly depth: number,
  ) {
    this.text = this.of(type, depth, type.name);
  }

  private of(type: GraphQLObjectType, depth: number, path: string): string {
    const fields = Object.values(type.getFields()).flatMap((field) => {
      const below = getNamedType(field.type);
      const own = `${path}.${field.name}`;
      const isLeaf = !isObjectType(below);
      const left = isLeaf || isPage(type) ? depth : depth - 1;
      if (left < 0) return [];
      this.paths.push(own);
      if (isLeaf) return [field.name];
      // The nodes of the edges are the nodes of the page.
      const inner = field.name === 'node' ? '{ id }' : this.of(below, left, own);
      // Further down the same fields read by the same rule.
      const isFirst = depth === this.depth;
      const positions = (isFirst && POSITIONS[`${type.name}.${field.name}`]) || [];
      const further = positions.map(
        (position, index) => `${field.name}${index}: ${field.name}(${position}) ${inner}`,
      );
      return [`${field.name} ${inner}`, ...further];
    });
    return `{ __typename ${fields.join(' ')} }`;
  }
}

/** The arguments of the operation, each as the table says, with the ids of the target. */
export function variablesOf({ field, isOfAll, name }: Operation, target: Target): Variables {
  const args = field.args.filter(
    (arg) => arg.defaultValue === undefined && !(isOfAll && !isNonNullType(arg.type)),
  );
  const base = name.replace(/ of all$/, '');
  return Object.fromEntries(
    args.map((arg) => [arg.name, sampleOf(`${base}(${arg.name})`, arg, target)]),
  );
}

type Input = GraphQLArgument | GraphQLInputField;

function sampleOf(coordinate: string, { name, type }: Input, target: Target): unknown {
  const plain = getNullableType(type);
  const inner = getNamedType(plain);
  if (isInputObjectType(inner)) {
    const fields = Object.values(inner.getFields());
    const value = Object.fromEntries(
      fields.map((field) => [field.name, sampleOf(`${inner.name}.${field.name}`, field, target)]),
    );
    return isListType(plain) ? [value] : value;
  }
  const sample = ARGUMENTS[coordinate] ?? ARGUMENTS[name];
  if (sample === undefined) throw new Error(`nobody classified the argument ${coordinate}`);
  return sample(target);
}

/** Every argument of a field that is no root field, as coordinates of the fields. */
export function fieldsWithArguments(): string[] {
  return objectFields().filter((coordinate) => {
    const [type, field] = coordinate.split('.') as [string, string];
    return (SCHEMA.getType(type) as GraphQLObjectType).getFields()[field]!.args.length > 0;
  });
}
