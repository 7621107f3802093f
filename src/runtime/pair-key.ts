import { flatString } from './v8';

/**
 * Joins two parts into one key. Different pairs have different keys, whatever characters the parts
 * have: a space separates them, and {@link keyPart} leaves none in the first one.
 */
export function pairKey(first: string, second: string): string {
  return flatString(keyPart(first), ' ', second);
}

/** Splits a key that {@link pairKey} made into its two parts. */
export function parsePairKey(key: string): [first: string, second: string] {
  const space = key.indexOf(' ');
  const first = key.slice(0, space);
  const isPlain = !first.includes('%');
  return [isPlain ? first : first.replace(/%2[05]/g, decodeURIComponent), key.slice(space + 1)];
}

/**
 * Returns the text as it stands in front of a pair key: without a space, and different for each
 * text. Most texts have neither a space nor a `%`, and stay as they are.
 */
export function keyPart(text: string): string {
  if (!text.includes(' ') && !text.includes('%')) return text;
  return text.replaceAll('%', '%25').replaceAll(' ', '%20');
}
