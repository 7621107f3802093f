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
  parse,
  specifiedRules,
  typeFromAST,
  type ValidationRule,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { UnauthenticatedError } from '../errors';
import type { Context } from '../graphql/context';

/**
 * Characters of source that are cached in all, and of one document at most: clients' own are small.
 */
const MAX_CACHED_CHARACTERS = 4 * 1024 * 1024;
const MAX_CACHED_SOURCE_LENGTH = 16 * 1024;
/** Each error searches the whole source for its location. */
const MAX_ERRORS = 10;

/** A document that was parsed and validated, or the errors that it has. */
type CheckedDocument = { source: string } & (
  | { document: DocumentNode; errors?: never }
  | { document?: never; errors: readonly GraphQLError[] }
);

/**
 * Parses and validates documents. Clients send the same few again and again, so they are cached.
 */
export class Documents {
  private readonly checked = new LRUCache<string, CheckedDocument>({
    maxSize: MAX_CACHED_CHARACTERS,
    maxEntrySize: MAX_CACHED_SOURCE_LENGTH,
    sizeCalculation: (_checked, source) => source.length + 1,
  });

  private readonly rules: readonly ValidationRule[];

  constructor(
    private readonly schema: GraphQLSchema,
    { introspection }: { introspection: boolean },
  ) {
    this.rules = introspection
      ? specifiedRules
      : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  }

  /** @returns the document with its cached text, so that all who keep the text keep the same one */
  check(source: string): CheckedDocument {
    const known = this.checked.get(source);
    if (known) return known;
    const fresh = this.parse(source);
    this.checked.set(source, fresh);
    return fresh;
  }

  private parse(source: string): CheckedDocument {
    let document: DocumentNode;
    try {
      document = parse(source);
    } catch (error) {
      return { source, errors: [coded(error as GraphQLError, 'GRAPHQL_PARSE_FAILED')] };
    }
    const errors = validate(this.schema, document, this.rules, { maxErrors: MAX_ERRORS });
    if (errors.length > 0)
      return { source, errors: errors.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED')) };
    return { source, document };
  }
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
 * @throws {GraphQLError} BAD_USER_INPUT when a variable has the wrong shape; it names the field
 */
export function admitOperation(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown> | null | undefined,
  context: Context,
): Record<string, unknown> {
  if (!context.authenticated && !isIntrospection(operation)) throw new UnauthenticatedError();
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
          [name, ...path].join('.'),
          error.originalError?.message ?? error.message,
        );
      });
    else if (isNonNullType(type) && !definition.defaultValue)
      throw badInput(definition, name, 'is required');
  }
}

function badInput(node: ASTNode, field: string, reason: string): GraphQLError {
  return new GraphQLError(`${field}: ${reason}`, {
    nodes: node,
    extensions: { code: 'BAD_USER_INPUT', field, reason },
  });
}

function coded(error: GraphQLError, code: string): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    extensions: { code },
  });
}
