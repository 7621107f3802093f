import { createHash } from 'node:crypto';
import { IdempotencyMismatchError } from '../errors';
import { checkText } from './text';

/** The greatest length of a `client…Id`, in code points. */
const CLIENT_ID_LENGTH = 64;

/**
 * Checks a `client…Id`; it may be left out.
 *
 * @throws {BadUserInputError} when the id is empty, too long, or a text that cannot be stored
 */
export function checkClientId(field: string, id: string | null | undefined): void {
  if (id != null) checkText(field, id, { most: CLIENT_ID_LENGTH });
}

/**
 * Returns a hash of an input. Equal inputs have the same hash: a field that is null counts as left
 * out, and the order of the fields does not count. The hash is stored beside a client id. It tells
 * a repeat from a different input with the same id, without storing the user's words.
 */
export function inputHash(input: object): string {
  return createHash('sha256')
    .update(JSON.stringify(canonical(input)))
    .digest('base64url');
}

/**
 * Compares the hash that is stored with a client id with the hash of the given input.
 *
 * @throws {IdempotencyMismatchError} when they differ: the id was used before with other input
 */
export function checkSameInput(field: string, stored: string | null, given: string): void {
  if (stored !== given) throw new IdempotencyMismatchError(field);
}

function canonical(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([, part]) => part != null)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, canonical(part)]));
}
