import type { GraphQLFormattedError } from 'graphql';

/**
 * An operation that failed.
 *
 * `code` is one of the server's codes, such as `FORBIDDEN` or `RATE_LIMITED`, or one of the
 * client's own:
 *
 * - `CONNECTION_LOST`: no answer came. A mutation may or may not have taken effect, so it is
 *   repeated with the same client id.
 * - `INVALID_ANSWER`: the answer is not one of a GraphQL server.
 * - `CLIENT_DISPOSED`: the client was disposed before the request was sent.
 */
export class ParleyError extends Error {
  override readonly name = 'ParleyError';

  /**
   * @param extensions those of the first error, such as `field`, `retryAfterMs`, `lastSequence`
   * @param errors all errors of the answer, in its order; empty when none came
   */
  constructor(
    readonly code: string,
    message: string,
    readonly extensions: Readonly<Record<string, unknown>> = {},
    readonly errors: readonly GraphQLFormattedError[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Returns the error of an answer with `errors`, of which there is at least one. */
export function errorOf(errors: readonly GraphQLFormattedError[]): ParleyError {
  const { message, extensions = {} } = errors[0]!;
  const code = typeof extensions.code === 'string' ? extensions.code : 'INTERNAL_SERVER_ERROR';
  return new ParleyError(code, message, extensions, errors);
}

/** Returns the error that ended a subscription: errors of GraphQL, a close, or another one. */
export function errorOfSubscription(problem: unknown): ParleyError {
  if (problem instanceof ParleyError) return problem;
  if (Array.isArray(problem) && problem.length > 0) return errorOf(problem);
  if (isClose(problem)) {
    const code = CODES_OF_CLOSES[problem.code] ?? 'CONNECTION_LOST';
    const message = `The connection was closed: ${problem.code} ${problem.reason}`.trim();
    return new ParleyError(code, message, { closeCode: problem.code });
  }
  const message = problem instanceof Error ? problem.message : 'The connection was lost.';
  return new ParleyError('CONNECTION_LOST', message, {}, [], { cause: problem });
}

/** The codes of closes that say the same as an error. */
const CODES_OF_CLOSES: Readonly<Record<number, string>> = {
  4400: 'BAD_USER_INPUT',
  4401: 'UNAUTHENTICATED',
  4403: 'UNAUTHENTICATED',
  4429: 'RATE_LIMITED',
};

function isClose(problem: unknown): problem is { code: number; reason: string } {
  if (typeof problem !== 'object' || problem === null) return false;
  return 'code' in problem && typeof problem.code === 'number' && 'reason' in problem;
}
