import { flatString } from './v8';

/**
 * Joins two parts into one key, with a space between them. The first part must not contain a space.
 * The ids of conversations, the names of sets and numbers contain none.
 */
export function pairKey(first: string, second: string): string {
  return flatString(first, ' ', second);
}

/** Splits a key that {@link pairKey} made into its two parts. */
export function parsePairKey(key: string): [first: string, second: string] {
  const space = key.indexOf(' ');
  return [key.slice(0, space), key.slice(space + 1)];
}
