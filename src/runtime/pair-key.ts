import { flatString } from './v8';

/**
 * Joins two parts into one key, a space between them. The first part must not contain a space; ids
 * of conversations, names of sets and numbers do not.
 */
export function pairKey(first: string, second: string): string {
  return flatString(first, ' ', second);
}

/** Splits a key that {@link pairKey} made. */
export function parsePairKey(key: string): [first: string, second: string] {
  const space = key.indexOf(' ');
  return [key.slice(0, space), key.slice(space + 1)];
}
