import { createHash } from 'node:crypto';
import { IdempotencyMismatchError } from '../errors';
import { checkText } from './text';

/** Length of a `client…Id`, in code points. */
const CLIENT_ID_LENGTH = 64;

/** @throws {BadUserInputError} for an id that is empty or too long */
export function checkClientId(field: string, id: string | null | undefined): void {
  if (id != null) checkText(field, id, { most: CLIENT_ID_LENGTH });
}

/**
 * A hash of an input, the same for equal inputs: null counts as left out, the order of keys does
 * not count. It is kept beside a client id, so that a repeat is told from a mistake without keeping
 * words.
 */
export function inputHash(input: object): string {
  return createHash('sha256')
    .update(JSON.stringify(canonical(input)))
    .digest('base64url');
}

/** @throws {IdempotencyMismatchError} the id was used before with other input */
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
