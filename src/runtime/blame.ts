import { ConfigError, UnavailableError } from '../errors';

/**
 * Runs the start of a part that depends on one setting, and blames the setting for any error.
 * Libraries fail in many ways for a wrong value, and the operator needs one line for each of them.
 *
 * @param setting the name of the setting
 * @param trouble the end of the sentence "…: ", e.g. "the database cannot be reached"
 * @returns the result of `start`
 * @throws {ConfigError} with one line that names the setting; its `cause` is the error of `start`.
 *   A `ConfigError` of `start` is passed on
 */
export async function blame<T>(
  setting: string,
  trouble: string,
  start: () => Promise<T>,
): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${setting}: ${trouble} (${reasonOf(error)})`, { cause: error });
  }
}

/** Returns the reason of an error in one line. */
export function reasonOf(error: unknown): string {
  // A name with several addresses fails with one error for each, and no message for all.
  if (error instanceof AggregateError && error.errors.length > 0)
    return [...new Set(error.errors.map(reasonOf))].join(', ');
  // Its own message is written for clients.
  if (error instanceof UnavailableError && error.cause) return reasonOf(error.cause);
  const { cause, message, code } = (error ?? {}) as Error & { code?: unknown };
  const reason = message || (cause === undefined ? String(code ?? error) : reasonOf(cause));
  return reason.trim().replace(/\s*\n\s*/g, ' ');
}
