import { ParleyError } from '../client/parley.error.js';
import { backOffMs, leastWaitMs } from '../resumable/retry.js';

/** The codes of the errors that the same request would meet again. */
const FINAL_CODES: readonly string[] = [
  'FORBIDDEN',
  'UNAUTHENTICATED',
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'QUERY_TOO_COMPLEX',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'PERSISTED_QUERY_NOT_FOUND',
  'CLIENT_DISPOSED',
];

/** Returns true for an error after which the same request cannot succeed. */
export function isFinal(error: unknown): boolean {
  return error instanceof ParleyError && FINAL_CODES.includes(error.code);
}

/**
 * Repeats an attempt until it succeeds, fails for good, or the signal ends it.
 *
 * @returns the final error, or null when it succeeded or was ended
 */
export async function retrying(
  attempt: () => Promise<void>,
  signal: AbortSignal,
): Promise<ParleyError | null> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      await attempt();
      return null;
    } catch (error) {
      if (signal.aborted) return null;
      if (isFinal(error)) return error as ParleyError;
      const named = error instanceof ParleyError ? error.extensions.retryAfterMs : undefined;
      await wait(backOffMs(failures, leastWaitMs(named)), signal);
    }
  }
  return null;
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
