import { BadUserInputError } from '../errors';

/**
 * Checks a sequence that a request names; it may be left out. It may be greater than every sequence
 * so far: what that means is decided where it is used.
 *
 * @throws {BadUserInputError} when it is negative
 */
export function checkSequence(field: string, sequence: number | null): void {
  if (sequence !== null && sequence < 0) throw new BadUserInputError(field, 'must not be negative');
}
