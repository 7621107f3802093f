import {
  type ASTNode,
  coerceInputValue,
  type DocumentNode,
  GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  isInputType,
  isNonNullType,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  OverlappingFieldsCanBeMergedRule,
  parse,
  SingleFieldSubscriptionsRule,
  specifiedRules,
  type Token,
  typeFromAST,
  type ValidationRule,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { UnauthenticatedError } from '../errors';
import type { Context } from '../graphql/context';
import { tooComplex } from './complexity';
import { countDirectives, findRepeatedDirective } from './directives';
import { FiniteNumbersRule } from './finite.rule';
import { OverlappingFieldsRule, TOO_MUCH_TO_COMPARE } from './overlap.rule';
import { countRepeatedFields } from './repeated.fields';
import { SingleRootFieldRule } from './subscription.rule';

/** Bytes of all documents that are kept, and of one: clients' own are small. */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;
const MAX_DOCUMENT_BYTES = 1024 * 1024;
/**
 * Bytes that a parsed document takes for each of its tokens, as measured (305 to 326), and for each
 * character of its text.
 */
const BYTES_PER_TOKEN = 330;
const BYTES_PER_CHARACTER = 2;
/** Each error searches the whole source for its location. So a long document is told one only. */
const MAX_ERRORS = 10;
const MAX_CHARACTERS_FOR_MANY_ERRORS = 20_000;

/**
 * Values that the variables of an operation may hold together. Each takes graphql-js some hundred
 * nanoseconds, and no input takes nearly as many.
 */
const MAX_VALUES = 20_000;

/** Begins graphql-js' message for a document with more tokens than it may parse. */
const TOO_MANY_TOKENS = /^Syntax Error: Document contains more th[ae][nt] \d+ tokens\b/;

interface DocumentsOptions {
  introspection: boolean;
  /** Tokens of one document. Parsing ends at the next one. */
  maxTokens: number;
  /** Directives of one document. */
  maxDirectives: number;
  /** Named in the refusal of a document that cannot be parsed for its depth. */
  maxDepth: number;
}

/** Fields of a document that may stand again in the same selection set. */
const MAX_REPEATED_FIELDS = 50;
const TOO_MANY_REPEATED = new GraphQLError(
  `At most ${MAX_REPEATED_FIELDS} fields may be selected again in the same place.`,
);

/** Rules of ours that take the place of graphql-js' own. */
const OURS: ReadonlyMap<ValidationRule, ValidationRule> = new Map([
  [SingleFieldSubscriptionsRule, SingleRootFieldRule],
  [OverlappingFieldsCanBeMergedRule, OverlappingFieldsRule],
]);

/** A document that was parsed and validated, or the errors that it has. */
export type CheckedDocument = { source: string } & (
  | { document: DocumentNode; errors?: never }
  | { document?: never; errors: readonly GraphQLError[] }
);

/**
 * Parses and validates documents, for both transports. Clients send the same few again and again,
 * so those that were admitted are kept. Others leave nothing behind: a document without a token, or
 * with an error, can be made up by anybody.
 */
export class Documents {
  private readonly kept = new LRUCache<string, CheckedDocument>({
    maxSize: MAX_KEPT_BYTES,
    maxEntrySize: MAX_DOCUMENT_BYTES,
    sizeCalculation: ({ document, source }) =>
      source.length * BYTES_PER_CHARACTER + (document ? tokensOf(document) * BYTES_PER_TOKEN : 0),
  });

  /** The documents of persisted operations, which are never given up. */
  private readonly pinned = new Map<string, CheckedDocument>();
  private readonly rules: readonly ValidationRule[];

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly options: DocumentsOptions,
  ) {
    const rules: ValidationRule[] = specifiedRules.map((rule) => OURS.get(rule) ?? rule);
    rules.push(FiniteNumbersRule);
    this.rules = options.introspection ? rules : [...rules, NoSchemaIntrospectionCustomRule];
  }

  /** @returns the document with its kept text, so that all who keep the text keep the same one */
  check(source: string): CheckedDocument {
    return this.pinned.get(source) ?? this.kept.get(source) ?? this.parse(source);
  }

  /** Checks a document, and keeps it for as long as the node runs if it has no error. */
  pin(source: string): CheckedDocument {
    const checked = this.check(source);
    if (checked.document) this.pinned.set(source, checked);
    return checked;
  }

  /** Keeps a document for further operations. To be called once its operation was admitted. */
  keep(checked: CheckedDocument): void {
    const { document, source } = checked;
    if (document && !this.pinned.has(source) && !this.kept.has(source))
      this.kept.set(source, checked);
  }

  private parse(source: string): CheckedDocument {
    try {
      const document = parse(source, { maxTokens: this.options.maxTokens });
      if (countRepeatedFields(document) > MAX_REPEATED_FIELDS)
        return { source, errors: [coded(TOO_MANY_REPEATED, 'GRAPHQL_VALIDATION_FAILED')] };
      this.checkDirectives(document);
      const maxErrors = source.length > MAX_CHARACTERS_FOR_MANY_ERRORS ? 1 : MAX_ERRORS;
      const errors = validate(this.schema, document, this.rules, { maxErrors });
      if (errors.length === 0) return { source, document };
      return { source, errors: errors.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED')) };
    } catch (error) {
      return { source, errors: [this.refusalOf(error)] };
    }
  }

  /** @throws {GraphQLError} when there are too many, or one stands twice in the same place */
  private checkDirectives(document: DocumentNode): void {
    const count = countDirectives(document);
    const { maxDirectives } = this.options;
    if (count > maxDirectives) throw tooComplex('number of directives', maxDirectives, count);
    const repeated = count > 1 ? findRepeatedDirective(document) : null;
    if (repeated === null) return;
    const message = `The directive "@${repeated.name.value}" may stand only once in this place.`;
    throw coded(new GraphQLError(message, { nodes: repeated }), 'GRAPHQL_VALIDATION_FAILED');
  }

  /** Returns the error that a client gets for a document that cannot be parsed or validated. */
  private refusalOf(error: unknown): GraphQLError {
    // Nested so deeply that the stack does not hold it.
    if (error instanceof RangeError) return tooComplex('depth', this.options.maxDepth);
    if (!(error instanceof GraphQLError)) throw error;
    if (error === TOO_MUCH_TO_COMPARE) return coded(error, 'GRAPHQL_VALIDATION_FAILED');
    if (error.extensions.code !== undefined) return error;
    return TOO_MANY_TOKENS.test(error.message)
      ? tooComplex('number of tokens', this.options.maxTokens)
      : coded(error, 'GRAPHQL_PARSE_FAILED');
  }
}

function tokensOf({ loc }: DocumentNode): number {
  let count = 0;
  for (let token: Token | null = loc?.startToken ?? null; token; token = token.next) count++;
  return count;
}

/**
 * Returns the name of the operation that a request asks for; undefined when it names none. An empty
 * name names none: some clients send one for an operation without a name.
 */
export function requestedName({
  operationName,
}: {
  operationName?: string | null | undefined;
}): string | undefined {
  return operationName || undefined;
}

/**
 * Chooses the operation to run.
 *
 * @throws {GraphQLError} OPERATION_RESOLUTION_FAILURE when none can be chosen
 */
export function chooseOperation(
  document: DocumentNode,
  operationName?: string | null,
): OperationDefinitionNode {
  const operation = getOperationAST(document, operationName);
  if (operation) return operation;
  const message = operationName
    ? `There is no operation named "${operationName}".`
    : 'operationName is needed.';
  throw new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } });
}

/**
 * Checks an operation before it runs, on both transports.
 *
 * @returns the variables as resolvers get them
 * @throws {UnauthenticatedError} there are no credentials; only introspection needs none
 * @throws {GraphQLError} QUERY_TOO_COMPLEX when the variables hold very many values;
 *   BAD_USER_INPUT when a variable has the wrong shape; it names the field
 */
export function admitOperation(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown> | null | undefined,
  context: Context,
): Record<string, unknown> {
  if (!context.authenticated && !isIntrospection(operation)) throw new UnauthenticatedError();
  if (hasTooManyValues(variables)) throw tooComplex('number of values of variables', MAX_VALUES);
  const { coerced, errors } = getVariableValues(
    schema,
    operation.variableDefinitions ?? [],
    variables ?? {},
    {
      maxErrors: 1,
    },
  );
  if (coerced) return coerced;
  refuseVariables(schema, operation, variables ?? {});
  throw coded(errors![0]!, 'BAD_USER_INPUT');
}

/** True for more than 20,000 values, at any depth. */
function hasTooManyValues(variables: Record<string, unknown> | null | undefined): boolean {
  let count = 0;
  const open: unknown[] = [variables];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    const values = Object.values(value);
    count += values.length;
    if (count > MAX_VALUES) return true;
    for (const one of values) if (typeof one === 'object') open.push(one);
  }
  return false;
}

function isIntrospection(operation: OperationDefinitionNode): boolean {
  return operation.selectionSet.selections.every(
    (selection) => selection.kind === 'Field' && selection.name.value.startsWith('__'),
  );
}

/**
 * Coerces the variables again to find the field at fault, which graphql-js' errors name only in
 * prose.
 */
function refuseVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): void {
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type as never) as GraphQLInputType | undefined;
    if (!isInputType(type)) continue;
    if (Object.hasOwn(variables, name))
      coerceInputValue(variables[name], type, (path, _value, error) => {
        throw badInput(
          definition,
          [name, ...path, ...withinOf(error)].join('.'),
          error.originalError?.message ?? error.message,
        );
      });
    else if (isNonNullType(type) && !definition.defaultValue)
      throw badInput(definition, name, 'is required');
  }
}

/** Returns the path within a scalar's value, for an error of a scalar that knows it. */
function withinOf({ extensions }: GraphQLError): readonly string[] {
  return Array.isArray(extensions.within) ? extensions.within : [];
}

function badInput(node: ASTNode, field: string, reason: string): GraphQLError {
  return new GraphQLError(`${field}: ${reason}`, {
    nodes: node,
    extensions: { code: 'BAD_USER_INPUT', field, reason },
  });
}

/** Returns the error with a code. Its locations are not searched for again. */
function coded(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes, source, positions, locations } = error;
  const located = { nodes, source, positions, locations };
  return Object.assign(new GraphQLError(message, { extensions: { code } }), located);
}
