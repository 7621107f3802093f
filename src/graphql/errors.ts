import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { ParleyError, UnauthenticatedError } from '../errors';
import type { BoundLog } from '../logger';

/** Codes that the GraphQL layers themselves give, and that clients may see as they are. */
const PROTOCOL_CODES = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
]);

/** What graphql-js says of an argument that turned out null or of the wrong type only when it ran. */
const BAD_ARGUMENT = /^Argument "(\w+)"/;

const MASKED_CODE = 'INTERNAL_SERVER_ERROR';

export interface ErrorScope {
  requestId: string;
  log: Pick<BoundLog, 'info' | 'warn' | 'error'>;
  /** Strips "Did you mean" from messages. */
  hideSuggestions: boolean;
}

/**
 * The one place where errors become what a client sees, on both transports. Domain errors keep their
 * code and extensions; what nobody expected is masked, logged, and findable by its request id.
 */
export function formatError(error: unknown, scope: ErrorScope): GraphQLFormattedError {
  const { message, extensions } = describe(error, scope);
  const located = locatedIn(error);
  return {
    message,
    ...(located?.locations && { locations: located.locations }),
    ...(located?.path && { path: located.path }),
    extensions,
  };
}

/** The HTTP status that an error asks for, if it asks for one. */
export function httpStatusOf(error: unknown): number | undefined {
  return originOf(error) instanceof UnauthenticatedError ? 401 : undefined;
}

/** A domain error as graphql-js passes it on. */
export function toGraphQLError(error: Error): GraphQLError {
  return error instanceof GraphQLError
    ? error
    : new GraphQLError(error.message, { originalError: error });
}

function describe(
  error: unknown,
  scope: ErrorScope,
): { message: string; extensions: Record<string, unknown> } {
  const origin = originOf(error);
  if (origin instanceof ParleyError) {
    if (origin.cause) scope.log.warn({ err: origin.cause, code: origin.code }, 'operation failed');
    else
      scope.log.info(
        { code: origin.code, path: locatedIn(error)?.path?.join('.') },
        'operation refused',
      );
    return { message: origin.message, extensions: { code: origin.code, ...origin.extensions } };
  }
  const code = error instanceof GraphQLError ? error.extensions.code : undefined;
  if (error instanceof GraphQLError && typeof code === 'string' && PROTOCOL_CODES.has(code)) {
    const shown = (text: string) =>
      scope.hideSuggestions ? text.replace(/ ?Did you mean .*$/s, '') : text;
    const { field, reason } = error.extensions;
    const named = field === undefined ? {} : { field, reason: shown(String(reason)) };
    return { message: shown(error.message), extensions: { code, ...named } };
  }
  const argument = origin instanceof GraphQLError ? BAD_ARGUMENT.exec(origin.message) : null;
  if (argument && origin instanceof GraphQLError) {
    const extensions = { code: 'BAD_USER_INPUT', field: argument[1], reason: origin.message };
    return { message: origin.message, extensions };
  }
  scope.log.error({ err: origin ?? error }, 'operation failed unexpectedly');
  return {
    message: 'Something went wrong.',
    extensions: { code: MASKED_CODE, requestId: scope.requestId },
  };
}

/** Where it happened: graphql-ws wraps a stream's error once more, in one that does not say. */
function locatedIn(error: unknown): GraphQLError | null {
  if (!(error instanceof GraphQLError)) return null;
  return error.path ? error : (locatedIn(error.originalError) ?? error);
}

/** What a resolver threw, below the layers that located it. */
function originOf(error: unknown): unknown {
  let origin = error;
  while (origin instanceof GraphQLError && origin.originalError) origin = origin.originalError;
  return origin;
}
