import { parseUrl } from '../runtime/url';

/** A scheme and a host with an optional port, and nothing else (RFC 6454, section 6.2). */
const ORIGIN = /^([a-z][a-z\d+.-]*):\/\/([^/?#@\\\s]+)$/i;
const WEB_SCHEMES = ['http:', 'https:'];

/**
 * Returns the one spelling of an origin, in which it can be compared: in lower case, and without a
 * default port. A custom scheme, such as `capacitor://localhost`, is an origin as well.
 *
 * @returns null for text that is no origin
 */
export function normalizeOrigin(text: string): string | null {
  const url = ORIGIN.test(text) ? parseUrl(text) : null;
  if (url === null) return null;
  return WEB_SCHEMES.includes(url.protocol) ? url.origin : text.toLowerCase();
}
