/**
 * Upgrades: a client offers to go on in another protocol on the same connection.
 *
 * A server may ignore the offer and answer the request (RFC 9110, section 7.8). Java's HttpClient
 * offers `h2c` with every request, for example. Node hands a request that offers an upgrade to the
 * listener of `upgrade`, unparsed from its body on, and has no way back. So the request is put back
 * in front of the connection without its offer, and the connection is given to the HTTP server as
 * if it were new.
 */
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** Headers that belong to an upgrade, and the names by which `Connection` refers to them. */
const UPGRADE_HEADERS = new Set(['upgrade', 'http2-settings']);

/** Returns true for a request to open a WebSocket (RFC 6455, section 4.1). */
export function isWebSocketUpgrade({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}

/**
 * Serves the request as if it offered no upgrade. The same connection may offer one again.
 *
 * @param head the bytes that were read after the request's head
 */
export function ignoreUpgrade(
  http: HttpServer,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  socket.unshift(Buffer.concat([Buffer.from(headOf(request), 'latin1'), head]));
  http.emit('connection', socket);
}

/** Returns the head of the request as it came, without the offer of an upgrade. */
function headOf({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    const value = withoutUpgrade(name, rawHeaders[index + 1]!);
    if (value !== null) lines.push(`${name}: ${value}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Returns the header's value without an offer; null for a header that is left out. */
function withoutUpgrade(name: string, value: string): string | null {
  if (UPGRADE_HEADERS.has(name.toLowerCase())) return null;
  if (name.toLowerCase() !== 'connection') return value;
  const kept = value
    .split(',')
    .map((token) => token.trim())
    .filter((token) => token !== '' && !UPGRADE_HEADERS.has(token.toLowerCase()));
  return kept.length > 0 ? kept.join(', ') : null;
}
