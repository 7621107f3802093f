import type { IncomingMessage } from 'node:http';
import { parseUrl } from '../runtime/url';

/** A host and an optional port (RFC 9110, section 7.2). `URL` decides about the host itself. */
const HOST = /^(\[[\da-f:.]+\]|[^\s/?#@\\[\]:]+)(:\d*)?$/i;

/**
 * Returns the mistake in the Host header of a request (RFC 9112, section 3.2): it is missing, is
 * there more than once, or names no host; null when it is right. HTTP/1.0 does not have the header,
 * and it is empty for a target that has no host.
 */
export function hostMistake({ headers, rawHeaders, httpVersion }: IncomingMessage): string | null {
  const { host } = headers;
  if (host === undefined) return httpVersion === '1.0' ? null : 'The header Host is missing.';
  if (isRepeated(rawHeaders)) return 'The header Host must not be repeated.';
  const isHost = host === '' || (HOST.test(host) && parseUrl(`http://${host}`) !== null);
  return isHost ? null : 'The header Host names no host.';
}

function isRepeated(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.length === 4 && name.toLowerCase() === 'host') count++;
  }
  return count > 1;
}
