import { BadUserInputError } from '../errors';

/** The greatest length of a text of a few words, such as a name, a title or an id of the host's. */
export const SHORT_TEXT_LENGTH = 200;
/** The greatest length of a text of a few paragraphs, such as a note or a description. */
export const LONG_TEXT_LENGTH = 2_000;

/** Returns the length of a text in Unicode code points, not in UTF-16 units. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/**
 * Checks a text that is stored as it is given.
 *
 * @param field path of the argument, for the error
 * @param length the least (default 1) and the greatest number of code points
 * @throws {BadUserInputError} when the text is too short or too long, contains a NUL (Postgres
 *   cannot store one), or contains half of a surrogate pair (UTF-8 cannot represent it)
 */
export function checkText(
  field: string,
  text: string,
  length: { least?: number; most: number },
): void {
  const least = length.least ?? 1;
  // A code point has at most two UTF-16 units. So a text with more than twice as many units is too
  // long, and its code points need not be counted.
  const count = text.length > 2 * length.most ? text.length : codePoints(text);
  if (count < least || count > length.most)
    throw new BadUserInputError(field, `must have ${least} to ${length.most} characters`);
  if (text.includes('\0')) throw new BadUserInputError(field, 'must not contain NUL');
  if (!isStorable(text)) throw new BadUserInputError(field, 'must be well-formed Unicode');
}

/** True when the database can store the text: it has no NUL and no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text);
}

/**
 * Returns the id of a user for use in a statement. An id that the database cannot store becomes the
 * empty string, which is no user's id.
 */
export function storable(id: string): string {
  return isStorable(id) ? id : '';
}

/**
 * The greatest depth of arrays and objects within each other. It is enough for any data, and
 * recursive functions can walk it without running out of stack.
 */
const MAX_LEVELS = 1_000;

/**
 * Checks JSON that is stored as it is given.
 *
 * @throws {BadUserInputError} as {@link checkDepth}, and when the data contains a text that the
 *   database cannot store
 */
export function checkJson(field: string, data: unknown): void {
  checkDepth(field, data);
  // JSON.stringify writes a NUL and half of a surrogate pair as `\u…`. Escaped backslashes are
  // removed first, since one followed by `u` is not such an escape.
  const text = JSON.stringify(data) ?? '';
  if (/\\u(0000|d[89a-f])/.test(text.replaceAll('\\\\', '')))
    throw new BadUserInputError(field, 'must be well-formed Unicode without NUL');
}

/**
 * Checks the depth of JSON.
 *
 * @throws {BadUserInputError} when it {@link isTooDeep}
 */
export function checkDepth(field: string, data: unknown): void {
  if (isTooDeep(data))
    throw new BadUserInputError(field, `must be at most ${MAX_LEVELS} levels deep`);
}

/**
 * True for JSON whose arrays and objects are nested more than 1,000 levels deep. Works without
 * recursion.
 */
export function isTooDeep(data: unknown): boolean {
  let values = [data];
  for (let level = 0; values.length > 0; level++) {
    if (level > MAX_LEVELS) return true;
    values = values.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
  return false;
}
