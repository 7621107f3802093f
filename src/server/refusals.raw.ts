/**
 * Refusals that Node would answer by itself, without a body or with none of ours: requests that its
 * parser cannot read, CONNECT, expectations, and upgrades to a WebSocket. They are written to the
 * socket as they are, in the form of a GraphQL response and with a request id.
 */
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import { type ParleyError, RateLimitedError, UnavailableError } from '../errors';
import type { Traffic } from '../execution/traffic';
import type { Logger } from '../logger';
import type { AnswerHeaders } from './answer.headers';
import { ALLOWED, badRequest } from './refusals';
import { requestIdOf } from './request.id';

/** Statuses for the mistakes that Node's HTTP parser finds; every other one is 400. */
const PARSER_STATUS: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};
/**
 * A socket that is destroyed while its peer still sends is reset, and the peer may then lose the
 * answer.
 */
const LINGER_MS = 500;
const JSON_TYPE = 'application/json; charset=utf-8';

/** A refusal that is written to the socket as it is. */
export interface RawRefusal {
  status: number;
  body: object;
  headers: Record<string, string>;
}

/** The headers of refusals, and the log and the counts in which they are noted. */
export interface RefusalRecord {
  headersOf: AnswerHeaders;
  logger: Logger;
  traffic: Traffic;
}

/**
 * Answers requests that Node does not hand on as such.
 *
 * @param allowed the methods that the server knows
 */
export function answerUnhandled(http: Server, record: RefusalRecord, allowed = ALLOWED): void {
  http.on('connect', (request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => socket.destroy());
    refuseRaw(socket, mistake(405, undefined, { Allow: allowed }), record, { request });
  });
  http.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const { status, body } = mistake(417);
    const requestId = requestIdOf(request);
    note(record, { requestId, status });
    response.writeHead(status, {
      ...record.headersOf(request),
      'content-type': JSON_TYPE,
      'x-request-id': requestId,
    });
    response.end(JSON.stringify(body));
  });
}

/** Answers a request that Node's HTTP parser could not read, and ends its connection. */
export function refuseUnreadable(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  record: RefusalRecord,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal = mistake(PARSER_STATUS[error.code ?? ''] ?? 400);
  refuseRaw(socket, refusal, record, { reason: error.message, lingerMs: LINGER_MS });
}

/** The refusal of a mistake of the client. */
export function mistake(
  status: number,
  message = STATUS_CODES[status]!,
  headers: Record<string, string> = {},
): RawRefusal {
  return { status, body: badRequest(message), headers };
}

/** The refusal of what another node can serve, or this one later. */
export function unavailable(): RawRefusal {
  return { status: 503, body: bodyOf(new UnavailableError()), headers: {} };
}

/** The refusal of a socket of an address that has too many which do not initialise. */
export function tooManyUninitialised(): RawRefusal {
  const error = new RateLimitedError(
    'Too many sockets of this address have not sent connection_init.',
  );
  return { status: 429, body: bodyOf(error), headers: {} };
}

function bodyOf({ message, code, extensions }: ParleyError): object {
  return { errors: [{ message, extensions: { code, ...extensions } }] };
}

/**
 * Writes a refusal and ends the connection.
 *
 * @param options.request the request, if it could be read
 * @param options.reason for the log
 * @param options.lingerMs how long the peer may go on to send. Default: 0
 */
export function refuseRaw(
  socket: Duplex,
  { status, body, headers }: RawRefusal,
  record: RefusalRecord,
  options: { request?: IncomingMessage; reason?: string; lingerMs?: number } = {},
): void {
  const { request, reason, lingerMs = 0 } = options;
  const requestId = request ? requestIdOf(request) : uuidv7();
  note(record, { requestId, status, reason });
  const text = JSON.stringify(body);
  const all = {
    ...record.headersOf(request ?? null),
    'Content-Type': JSON_TYPE,
    'Content-Length': Buffer.byteLength(text),
    'X-Request-Id': requestId,
    Connection: 'close',
    ...headers,
  };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  // The socket is destroyed once the answer is sent. Otherwise a peer that does not close its
  // side would keep the socket open for ever.
  socket.once('finish', () => setTimeout(() => socket.destroy(), lingerMs).unref());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join('\r\n')}\r\n\r\n${text}`);
}

function note(
  { logger, traffic }: RefusalRecord,
  refusal: { requestId: string; status: number; reason?: string | undefined },
): void {
  traffic.httpRefusals.add(String(refusal.status));
  logger.info(refusal, 'request refused');
}
