/**
 * The origins of the pages whose WebSockets are accepted: those that are listed, and the server's
 * own. Browsers and proxies spell an origin in several ways, with a default port or without, and
 * with letters of any case.
 */
import type { IncomingMessage } from 'node:http';
import { normalizeOrigin } from '../input/origin';
import { type IsTrusted } from './client-address';

/** Decides which origins may open a WebSocket. */
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
  private own({ headers, socket }: IncomingMessage): string | null {
    const isBehindProxy = this.isTrusted(socket.remoteAddress ?? '', 0);
    const forwarded = (name: string) =>
      isBehindProxy ? firstOf(headers[`x-forwarded-${name}`]) : undefined;
    const scheme = forwarded('proto') ?? 'http';
    return normalizeOrigin(`${scheme}://${forwarded('host') ?? headers.host}`);
  }
}

/** Returns the first of the values that several proxies in a row have set: the client's own. */
function firstOf(header: string | string[] | undefined): string | undefined {
  const [first] = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',');
  return first!.trim() || undefined;
}
