import type { IncomingMessage } from 'node:http';
import { BadUserInputError } from '../errors';

const HEADER = 'Parley-On-Behalf-Of';
const KEY = 'parley-on-behalf-of';

/**
 * Returns the id of the user as whom a service token acts; null without the header. The id is
 * always percent-decoded, once, because a header cannot carry every character that an id may have.
 *
 * @throws {BadUserInputError} when the header has a byte beyond ASCII or a malformed escape, or
 *   comes more than once
 */
export function onBehalfOfIn(request: IncomingMessage): string | null {
  const value = request.headers[KEY];
  if (typeof value !== 'string') return null;
  // Node joins repeated headers with a comma, which may stand in an id.
  if (request.headersDistinct[KEY]!.length > 1)
    throw new BadUserInputError(HEADER, 'must not be repeated');
  if (/[^\0-\x7f]/.test(value)) throw new BadUserInputError(HEADER, 'must be ASCII');
  try {
    return decodeURIComponent(value);
  } catch {
    throw new BadUserInputError(HEADER, 'must be percent-encoded UTF-8');
  }
}
