/**
 * Numbers that JSON and GraphQL can write, and a 64-bit float cannot hold, such as `1e400`. They
 * are parsed as infinite, and infinite numbers are written as `null`. So they are refused.
 */

/** The rule that such a number breaks, as the end of a sentence that begins with the field. */
export const TOO_GREAT = 'must be a number that a 64-bit float can hold';

/**
 * Matches every JSON text that has such a number, and few others: an exponent of three digits, or
 * so many digits that an exponent of two is enough.
 */
const MAY_BE_TOO_GREAT = /\d[eE]\+?\d{3}|\d{200}/;

/** True for JSON text that may have a number that is too great. */
export function mayBeTooGreat(json: string): boolean {
  return MAY_BE_TOO_GREAT.test(json);
}

/** The path in an error is cut behind so many keys, and each of them behind so many characters. */
const MAX_KEYS = 30;
const MAX_KEY_LENGTH = 50;

interface Place {
  value: unknown;
  key: string;
  parent: Place | null;
}

/**
 * Finds a number that was too great in parsed JSON of any depth.
 *
 * @returns the keys and indices that lead to it, the first ones of many; empty for the value
 *   itself, null for none
 */
export function findTooGreat(json: unknown): string[] | null {
  const places: Place[] = [{ value: json, key: '', parent: null }];
  for (let place = places.pop(); place; place = places.pop()) {
    const { value } = place;
    if (typeof value === 'number' && !Number.isFinite(value)) return pathOf(place);
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, part] of Object.entries(value))
      places.push({ value: part, key, parent: place });
  }
  return null;
}

function pathOf(found: Place): string[] {
  const path: string[] = [];
  for (let place = found; place.parent; place = place.parent)
    path.push(place.key.slice(0, MAX_KEY_LENGTH));
  return path.reverse().slice(0, MAX_KEYS);
}
