/**
 * The limits of an operation: its depth, its aliases and its cost.
 *
 * - Depth is the number of fields from the root to the innermost one, both included.
 * - Aliases are counted wherever they stand. A fragment's count each time that it is spread.
 * - Cost: see `execution/cost`. Each selection counts, also where several of the same field are
 *   merged, and where `@skip` or `@include` would leave it out.
 *
 * Introspection fields count towards neither depth nor cost. The fields of an introspection cannot
 * be nested endlessly: graphql-js' validation limits them. Their number has a bound of its own, see
 * `execution/introspection`.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  valueFromASTUntyped,
} from 'graphql';
import { type PageSize, Sum } from './cost';
import { Introspection, mostIntrospected } from './introspection';

/** The greatest values that are allowed. */
export interface ComplexityLimits {
  readonly depth: number;
  readonly cost: number;
  readonly aliases: number;
}

/** The sizes of pages, by the kind of paged field. */
const CONNECTION = { arguments: ['first', 'last'], otherwise: 20, most: 100 };
const EVENTS = { arguments: ['first'], otherwise: 100, most: 500 };

const META_FIELDS = [SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef];

interface Complexity {
  depth: number;
  aliases: number;
  /** Fields of introspections. */
  introspected: number;
  readonly cost: Sum;
}

const empty = (): Complexity => ({ depth: 0, aliases: 0, introspected: 0, cost: new Sum() });
const EMPTY = empty();

/** Kept for as long as the document is. */
const known = new WeakMap<OperationDefinitionNode, Complexity>();

/**
 * Checks an operation of a valid document against the limits. Nothing is executed for it, and the
 * document is walked once, at the first check.
 *
 * @param variables coerced, with defaults
 * @returns the cost
 * @throws {GraphQLError} QUERY_TOO_COMPLEX, with the limit and the actual value
 */
export function checkComplexity(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  limits: ComplexityLimits,
): number {
  const { depth, aliases, introspected, cost } = measured(schema, document, operation);
  if (depth > limits.depth) throw tooComplex('depth', limits.depth, depth);
  if (aliases > limits.aliases) throw tooComplex('number of aliases', limits.aliases, aliases);
  if (introspected > 0) {
    const most = mostIntrospected(schema);
    if (introspected > most) throw tooComplex('number of introspected fields', most, introspected);
  }
  const value = cost.value(variables);
  if (value > limits.cost) throw tooComplex('cost', limits.cost, value);
  return value;
}

/**
 * Checks an operation without its variables: it is refused when no client can run it. Sizes of
 * pages have the defaults of their variables, and are 1 where there is none.
 *
 * @throws {GraphQLError} QUERY_TOO_COMPLEX
 */
export function checkLeastComplexity(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  limits: ComplexityLimits,
): void {
  const least: Record<string, unknown> = {};
  for (const { variable, defaultValue } of operation.variableDefinitions ?? [])
    least[variable.name.value] = defaultValue ? valueFromASTUntyped(defaultValue) : 1;
  checkComplexity(schema, document, operation, least, limits);
}

function measured(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Complexity {
  let complexity = known.get(operation);
  if (!complexity) {
    complexity = new Measurement(schema, document).ofOperation(operation);
    known.set(operation, complexity);
  }
  return complexity;
}

/** @param actual undefined when it is not known */
export function tooComplex(what: string, limit: number, actual?: number): GraphQLError {
  const code = 'QUERY_TOO_COMPLEX';
  // Fragments within fragments can make a number that JSON does not have.
  const told = actual === undefined ? {} : { actual: Math.min(actual, Number.MAX_SAFE_INTEGER) };
  return new GraphQLError(`The ${what} of the operation is over the limit of ${limit}.`, {
    extensions: { code, limit, ...told },
  });
}

/** One walk through a document. Each of its fragments is measured once. */
class Measurement {
  private readonly fragments = new Map<string, FragmentDefinitionNode>();
  private readonly measured = new Map<string, Complexity>();
  private readonly introspection: Introspection;

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
  ) {
    for (const node of document.definitions)
      if (node.kind === 'FragmentDefinition') this.fragments.set(node.name.value, node);
    this.introspection = new Introspection(schema, this.fragments);
  }

  ofOperation({ operation, selectionSet }: OperationDefinitionNode): Complexity {
    return this.ofSelections(this.schema.getRootType(operation)!, selectionSet);
  }

  private ofSelections(parent: GraphQLNamedType, selectionSet: SelectionSetNode): Complexity {
    const sum = empty();
    this.addSelections(sum, parent, selectionSet);
    return sum;
  }

  private addSelections(
    sum: Complexity,
    parent: GraphQLNamedType,
    { selections }: SelectionSetNode,
  ): void {
    for (const selection of selections)
      if (selection.kind === 'Field') this.addField(sum, parent, selection);
      else if (selection.kind === 'FragmentSpread') {
        add(sum, this.ofFragment(selection.name.value), null);
      } else {
        const name = selection.typeCondition?.name.value;
        const type = name === undefined ? parent : this.schema.getType(name)!;
        this.addSelections(sum, type, selection.selectionSet);
      }
  }

  private addField(sum: Complexity, parent: GraphQLNamedType, node: FieldNode): void {
    if (node.alias) sum.aliases++;
    const definition = definitionOf(parent, node.name.value);
    const type = getNamedType(definition.type);
    const below = node.selectionSet ? this.ofSelections(type, node.selectionSet) : EMPTY;
    if (isIntrospection(parent, definition)) {
      sum.aliases += below.aliases;
      if (isRootOfIntrospection(definition)) sum.introspected += this.introspection.sizeOf(node);
      return;
    }
    sum.cost.add(1);
    add(sum, { ...below, depth: 1 + below.depth }, pageSizeOf(definition, type, node));
  }

  private ofFragment(name: string): Complexity {
    let fragment = this.measured.get(name);
    if (!fragment) {
      const { typeCondition, selectionSet } = this.fragments.get(name)!;
      fragment = this.ofSelections(this.schema.getType(typeCondition.name.value)!, selectionSet);
      this.measured.set(name, fragment);
    }
    return fragment;
  }
}

/** Adds a part. Its aliases stand in the text, and do not grow with the page. */
function add(sum: Complexity, part: Complexity, page: PageSize | null): void {
  sum.depth = Math.max(sum.depth, part.depth);
  sum.aliases += part.aliases;
  sum.introspected += part.introspected;
  sum.cost.addTimes(page, part.cost);
}

function definitionOf(parent: GraphQLNamedType, name: string): GraphQLField<unknown, unknown> {
  const fields = 'getFields' in parent ? parent.getFields() : {};
  return (fields[name] ?? META_FIELDS.find((field) => field.name === name)) as never;
}

function isIntrospection(parent: GraphQLNamedType, { name }: GraphQLField<unknown, unknown>) {
  return name.startsWith('__') || parent.name.startsWith('__');
}

function isRootOfIntrospection(definition: GraphQLField<unknown, unknown>): boolean {
  return definition === SchemaMetaFieldDef || definition === TypeMetaFieldDef;
}

/** Returns the size of a field's page; null for a field that counts once. */
function pageSizeOf(
  { name, args }: GraphQLField<unknown, unknown>,
  type: GraphQLNamedType,
  node: FieldNode,
): PageSize | null {
  const isConnection = type.name.endsWith('Connection');
  if (!isConnection && name !== 'events') return null;
  const { arguments: names, otherwise, most } = isConnection ? CONNECTION : EVENTS;
  if (!args.some((argument) => argument.name === 'first')) return null;
  const given: (number | string)[] = [];
  for (const one of names) {
    const value = node.arguments?.find((argument) => argument.name.value === one)?.value;
    if (value?.kind === 'Variable') given.push(value.name.value);
    else if (value?.kind === 'IntValue') given.push(Number(value.value));
  }
  return { given, otherwise, most };
}
