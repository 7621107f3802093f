import { BadUserInputError } from '../errors';

/** Length of a text as its writer counts it: Unicode code points, not UTF-16 units. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/**
 * Checks a text that will be kept as given.
 *
 * @param field path of the argument
 * @param length least and most code points
 * @throws {BadUserInputError} too short or long, with a NUL (Postgres cannot hold one), or with
 *   half of a surrogate pair (UTF-8 cannot)
 */
export function checkText(
  field: string,
  text: string,
  length: { least?: number; most: number },
): void {
  const least = length.least ?? 1;
  // UTF-16 units bound code points from above by two: no need to walk a text that is far too long.
  const count = text.length > 2 * length.most ? text.length : codePoints(text);
  if (count < least || count > length.most)
    throw new BadUserInputError(field, `must have ${least} to ${length.most} characters`);
  if (text.includes('\0')) throw new BadUserInputError(field, 'must not contain NUL');
  if (!isStorable(text)) throw new BadUserInputError(field, 'must be well-formed Unicode');
}

/** True when the database can hold the text: no NUL and no unpaired surrogate. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text);
}

/** The id of a user as a statement may have it: what the database cannot hold is nobody's. */
export function storable(id: string): string {
  return isStorable(id) ? id : '';
}

/**
 * Levels of arrays and objects within each other: enough for any data, and few enough for every
 * stack that walks it.
 */
const MAX_LEVELS = 1_000;

/**
 * Checks JSON that will be kept as given.
 *
 * @throws {BadUserInputError} as {@link checkDepth}; or with a text that the database cannot hold
 */
export function checkJson(field: string, data: unknown): void {
  checkDepth(field, data);
  // NUL and half of a surrogate pair are escapes in JSON's text, unless it is the backslash that is
  // escaped.
  const text = JSON.stringify(data) ?? '';
  if (/\\u(0000|d[89a-f])/.test(text.replaceAll('\\\\', '')))
    throw new BadUserInputError(field, 'must be well-formed Unicode without NUL');
}

/**
 * @throws {BadUserInputError} more levels within each other than can be walked without running out
 *   of stack
 */
export function checkDepth(field: string, data: unknown): void {
  let values = [data];
  for (let level = 0; values.length > 0; level++) {
    if (level > MAX_LEVELS)
      throw new BadUserInputError(field, `must be at most ${MAX_LEVELS} levels deep`);
    values = values.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
}
