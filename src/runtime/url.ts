/**
 * Reads a URL as `new URL` does; null when it is none.
 *
 * In place of `URL.canParse`, which Node 20 calls in a faster way once V8 has optimised its caller.
 * From then on it takes text in Latin-1 for UTF-8, and refuses every URL with an umlaut.
 */
export function parseUrl(text: string, base?: string): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}
