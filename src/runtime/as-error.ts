/**
 * Returns what was thrown as an error. JavaScript may throw any value; one that is no error becomes
 * the cause of a new one.
 */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error
    ? thrown
    : new Error('Something was thrown that is no error.', { cause: thrown });
}
