import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { DOMAIN_CODES, ParleyError, UnauthenticatedError } from '../errors';
import type { BoundLog } from '../logger';
import type { Span } from '../runtime/span';
import type { Tally } from '../runtime/tally';

/** Codes of errors from before the execution, which clients see unchanged. */
const PROTOCOL_CODES = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'QUERY_TOO_COMPLEX',
]);

/** Clients send the hash of a query first, and its text only when it is not known. */
const NO_MISTAKE = 'PERSISTED_QUERY_NOT_FOUND';

/**
 * Matches graphql-js' message for an argument that turns out to be null or of the wrong type during
 * execution.
 */
const BAD_ARGUMENT = /^Argument "(\w+)"/;

const MASKED_CODE = 'INTERNAL_SERVER_ERROR';

/** The codes of all errors that clients are sent. */
export const ERROR_CODES: readonly string[] = [...PROTOCOL_CODES, ...DOMAIN_CODES, MASKED_CODE];

/** The request in which an error is formatted. */
export interface ErrorScope {
  requestId: string;
  log: Pick<BoundLog, 'info' | 'warn' | 'error'>;
  /** True to strip "Did you mean …" from messages. */
  hideSuggestions: boolean;
  /** Counts the errors by code. */
  refusals: Tally;
  /** The span of the request. Default: none, as while traces are off. */
  span?: Span | null;
}

/** The settings and counts of a server that are the same for the errors of all its requests. */
export interface ErrorSettings {
  production: boolean;
  traffic: { refusals: Tally };
}

/** Returns the scope of a request's errors. In production their messages give no suggestions. */
export function errorScope(
  { production, traffic }: ErrorSettings,
  { requestId, log, span }: Pick<ErrorScope, 'requestId' | 'log' | 'span'>,
): ErrorScope {
  return { requestId, log, hideSuggestions: production, refusals: traffic.refusals, span };
}

/**
 * Turns an error into the form that clients see, and logs it. Both transports format all their
 * errors here. A domain error keeps its message, code and extensions. An unexpected error is
 * masked: the client gets INTERNAL_SERVER_ERROR and the request id, by which the log line with the
 * full error is found.
 */
export function formatError(error: unknown, scope: ErrorScope): GraphQLFormattedError {
  const { message, extensions } = describe(error, scope);
  scope.refusals.add(extensions.code);
  scope.span?.fail(extensions.code);
  const located = locatedIn(error);
  return {
    message,
    ...(located?.locations && { locations: located.locations }),
    ...(located?.path && { path: located.path }),
    extensions,
  };
}

/**
 * Formats all errors of one operation. Those from before its execution are the client's mistakes:
 * they leave one line in the log, however many its document has.
 */
export function formatErrors(
  errors: readonly unknown[],
  scope: ErrorScope,
): GraphQLFormattedError[] {
  const code = errors.map(protocolCodeOf).find((one) => one !== null);
  if (code && code !== NO_MISTAKE) scope.log.info({ code }, 'operation refused');
  return errors.map((error) => formatError(error, scope));
}

/** Returns the code that {@link formatError} shows for an error. */
export function codeOf(error: unknown): string {
  const origin = originOf(error);
  if (origin instanceof ParleyError) return origin.code;
  if (origin instanceof GraphQLError && BAD_ARGUMENT.test(origin.message)) return 'BAD_USER_INPUT';
  return protocolCodeOf(error) ?? MASKED_CODE;
}

/** Returns 401 for an {@link UnauthenticatedError}, and undefined for every other error. */
export function httpStatusOf(error: unknown): number | undefined {
  return originOf(error) instanceof UnauthenticatedError ? 401 : undefined;
}

/** Wraps an error as graphql-js does; a GraphQLError is returned as it is. */
export function toGraphQLError(error: Error): GraphQLError {
  return error instanceof GraphQLError
    ? error
    : new GraphQLError(error.message, { originalError: error });
}

function describe(
  error: unknown,
  scope: ErrorScope,
): { message: string; extensions: { code: string } & Record<string, unknown> } {
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
  const code = protocolCodeOf(error);
  const shown = (text: string) =>
    scope.hideSuggestions ? text.replace(/ ?Did you mean .*$/s, '') : text;
  if (error instanceof GraphQLError && code !== null) {
    const { field, reason, limit, actual } = error.extensions;
    const named = field === undefined ? {} : { field, reason: shown(String(reason)) };
    const exceeded = limit === undefined ? {} : { limit, ...(actual !== undefined && { actual }) };
    return { message: shown(error.message), extensions: { code, ...named, ...exceeded } };
  }
  const argument = origin instanceof GraphQLError ? BAD_ARGUMENT.exec(origin.message) : null;
  if (argument && origin instanceof GraphQLError) {
    const message = shown(origin.message);
    return { message, extensions: { code: 'BAD_USER_INPUT', field: argument[1], reason: message } };
  }
  scope.log.error({ err: origin ?? error }, 'operation failed unexpectedly');
  return {
    message: 'Something went wrong.',
    extensions: { code: MASKED_CODE, requestId: scope.requestId },
  };
}

/** Returns the code of an error from before the execution; null for any other error. */
function protocolCodeOf(error: unknown): string | null {
  if (!(error instanceof GraphQLError) || originOf(error) instanceof ParleyError) return null;
  const { code } = error.extensions;
  return typeof code === 'string' && PROTOCOL_CODES.has(code) ? code : null;
}

/**
 * Returns the GraphQLError whose path and locations are shown, or null for any other error. This is
 * the outermost one with a path, or the innermost one when none has a path: graphql-ws wraps a
 * stream's error in another GraphQLError, which has no path.
 */
function locatedIn(error: unknown): GraphQLError | null {
  if (!(error instanceof GraphQLError)) return null;
  return error.path ? error : (locatedIn(error.originalError) ?? error);
}

/** Returns the error that a resolver threw, without the GraphQLErrors wrapped around it. */
function originOf(error: unknown): unknown {
  let origin = error;
  while (origin instanceof GraphQLError && origin.originalError) origin = origin.originalError;
  return origin;
}
