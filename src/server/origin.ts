/**
 * The origins of the pages that may use this server: those that are listed, and the server's own.
 * CORS and the WebSocket ask here, so that a page has both or neither. Browsers and proxies spell
 * an origin in several ways, with a default port or without, and with letters of any case.
 */
import type { IncomingMessage } from 'node:http';
import { normalizeOrigin } from '../input/origin';
import { forwardedOf, type IsTrusted, schemeOf } from './client-address';

/** Decides which origins may read answers and open a WebSocket. */
export class Origins {
  private readonly listed: ReadonlySet<string>;

  /** @param listed origins as {@link normalizeOrigin} returns them */
  constructor(
    listed: readonly string[],
    private readonly isTrusted: IsTrusted,
  ) {
    this.listed = new Set(listed);
  }

  /** True for a request without an origin, from a listed one, or from the server's own. */
  admits(request: IncomingMessage): boolean {
    const { origin } = request.headers;
    if (origin === undefined) return true;
    const normalized = normalizeOrigin(origin);
    return normalized !== null && (this.listed.has(normalized) || normalized === this.own(request));
  }

  /** Returns the origin at which the client sees this server. */
  private own(request: IncomingMessage): string | null {
    const host = forwardedOf(request, this.isTrusted, 'host') ?? request.headers.host;
    return normalizeOrigin(`${schemeOf(request, this.isTrusted)}://${host}`);
  }
}
