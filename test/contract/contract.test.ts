import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  type GraphQLArgument,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
  printSchema,
} from 'graphql';
import { getSchema } from '../../src/graphql/schema';
import { NOT_DELIVERED } from './not-delivered';

const COPY = join(__dirname, 'schema.graphql');
/** Where the contract itself is kept, for whoever has it beside this project. */
const ORIGINAL = join(__dirname, '../../../shared/contract/schema.graphql');

const INTROSPECTION = /^__/;

/** Every promise of a schema as one line each: `Type.field(argument: Type = default): Type`. */
function promisesOf(schema: GraphQLSchema): Set<string> {
  const lines = new Set<string>();
  for (const type of Object.values(schema.getTypeMap()))
    if (!INTROSPECTION.test(type.name)) for (const line of promisesOfType(type)) lines.add(line);
  return lines;
}

function promisesOfType(type: GraphQLNamedType): string[] {
  if (isEnumType(type)) return type.getValues().map((value) => `${type.name}.${value.name}`);
  if (isInputObjectType(type))
    return Object.values(type.getFields()).map(
      (field) => `${type.name}.${field.name}: ${field.type}${defaultOf(field)}`,
    );
  if (!isObjectType(type)) return [`scalar ${type.name}`];
  return Object.values(type.getFields()).flatMap((field) => [
    `${type.name}.${field.name}: ${field.type}`,
    ...field.args.map(
      (argument) =>
        `${type.name}.${field.name}(${argument.name}: ${argument.type}${defaultOf(argument)})`,
    ),
  ]);
}

function defaultOf({ defaultValue }: Pick<GraphQLArgument, 'defaultValue'>): string {
  return defaultValue === undefined ? '' : ` = ${JSON.stringify(defaultValue)}`;
}

/** `Type`, `Type.field` or `Type.field(argument)` covers what it names and all below it. */
function isCovered(promise: string, names: readonly string[]): boolean {
  return names.some(
    (name) => promise === name || [': ', '.', '('].some((next) => promise.startsWith(name + next)),
  );
}

describe('the contract', () => {
  const contract = promisesOf(buildSchema(readFileSync(COPY, 'utf8')));
  const ours = promisesOf(getSchema());
  const missing = [...contract].filter((promise) => !ours.has(promise));

  test('everything in it is delivered as it stands there, or on the list of what is not', () => {
    expect(missing.filter((promise) => !isCovered(promise, NOT_DELIVERED))).toEqual([]);
  });

  test('the list names nothing that is delivered', () => {
    expect(
      NOT_DELIVERED.filter((name) => !missing.some((promise) => isCovered(promise, [name]))),
    ).toEqual([]);
  });

  test('nothing in it demands an argument or an input that clients do not know', () => {
    const nameOf = (promise: string) => promise.split(':')[0]!;
    const ownerOf = (promise: string) => promise.split(/[(:]/)[0]!.replace(/(Input)\..*/, '$1');
    const known = new Set([...contract].map(nameOf));
    const owners = new Set([...contract].map(ownerOf));
    const isDemand = (promise: string) =>
      /\(.*!\)$/.test(promise) || /^\w+Input\..*!$/.test(promise);
    const demands = [...ours].filter(
      (promise) => isDemand(promise) && owners.has(ownerOf(promise)),
    );
    expect(demands.length).toBeGreaterThan(50);
    expect(demands.filter((promise) => !known.has(nameOf(promise)))).toEqual([]);
  });

  test('schema.graphql at the root is what the resolvers make', () => {
    const written = readFileSync(join(__dirname, '../../schema.graphql'), 'utf8');
    expect(promisesOf(buildSchema(written))).toEqual(
      promisesOf(buildSchema(printSchema(getSchema()))),
    );
  });

  if (existsSync(ORIGINAL))
    test('the copy here is the original', () => {
      expect(readFileSync(COPY, 'utf8')).toBe(readFileSync(ORIGINAL, 'utf8'));
    });
});
