/**
 * Refusals over HTTP from before the GraphQL execution. All have the shape of a GraphQL response,
 * with a request id, whoever finds the mistake: Fastify, Apollo Server, or Node's HTTP parser.
 */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { BadUserInputError, ParleyError, UnauthenticatedError, UnavailableError } from '../errors';
import { formatError, httpStatusOf } from '../graphql/errors';
import { BoundLog, type Logger } from '../logger';

export interface RefusalOptions {
  logger: Logger;
  production: boolean;
  bodyLimitBytes: number;
  /** The path at which other methods than GET and POST are 405. */
  graphqlPath: string;
}

/** Statuses for the mistakes that Node's HTTP parser finds; every other one is 400. */
const PARSER_STATUS: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};
const ALLOWED = 'GET, POST';

/** Makes the app answer every refusal in the form of a GraphQL response. */
export function answerRefusals(app: FastifyInstance, options: RefusalOptions): void {
  const logOf = (request: FastifyRequest) =>
    new BoundLog(options.logger, () => ({ requestId: request.id }));
  app.addHook('onRequest', async (request, sink) => {
    void sink.header('x-request-id', request.id);
    const reason = unsupported(request);
    if (reason === null) return;
    logOf(request).info({ status: 415 }, 'request refused');
    await sink.code(415).type(mediaTypeFor(request)).send(badRequest(reason));
  });
  app.setNotFoundHandler((request, sink) => {
    const isGraphQL = request.url.split('?', 1)[0]!.replace(/\/$/, '') === options.graphqlPath;
    const status = isGraphQL ? 405 : 404;
    if (isGraphQL) void sink.header('allow', ALLOWED);
    logOf(request).info({ status }, 'request refused');
    return sink.code(status).type(mediaTypeFor(request)).send(badRequest(STATUS_CODES[status]!));
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, request, sink) => {
    void sink.type(mediaTypeFor(request));
    const log = logOf(request);
    if (!(error instanceof ParleyError) && (error.statusCode ?? 500) < 500) {
      log.info({ status: error.statusCode, reason: error.message }, 'request refused');
      return sink.code(error.statusCode!).send(mistakeOf(error, request, options.bodyLimitBytes));
    }
    log.info(
      {
        code: error instanceof ParleyError ? error.code : undefined,
        check: error instanceof UnauthenticatedError ? error.check : undefined,
      },
      'request refused',
    );
    const scope = { requestId: request.id, log, hideSuggestions: options.production };
    return sink.code(statusOf(error)).send({ errors: [formatError(error, scope)] });
  });
}

/**
 * Answers a request that Node's HTTP parser could not read, and ends its connection. The answer
 * comes in GraphQL's form as well, as far as the socket can still be written.
 */
export function refuseUnreadable(
  error: NodeJS.ErrnoException,
  socket: Socket,
  logger: Logger,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = PARSER_STATUS[error.code ?? ''] ?? 400;
  const requestId = uuidv7();
  logger.info({ requestId, status, reason: error.message }, 'request refused');
  const body = JSON.stringify(badRequest(STATUS_CODES[status]!));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/**
 * Returns why the body cannot be read: it is compressed, or in another character set than UTF-8;
 * null when it can.
 */
function unsupported({ headers }: FastifyRequest): string | null {
  const encoding = headers['content-encoding']?.trim().toLowerCase();
  if (encoding && encoding !== 'identity') return 'A compressed body is not supported.';
  const [, charset] = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(headers['content-type'] ?? '') ?? [];
  return charset === undefined || /^utf-?8$/i.test(charset)
    ? null
    : 'Only the character set UTF-8 is supported.';
}

/** Returns the body for a mistake that Fastify found. */
function mistakeOf(
  error: Error & { statusCode?: number },
  request: FastifyRequest,
  bodyLimitBytes: number,
) {
  if (error.statusCode !== 413) return badRequest(error.message);
  // A chunked body does not declare its size.
  const actual = Number(request.headers['content-length']) || null;
  const extensions = {
    code: 'QUERY_TOO_COMPLEX',
    limit: bodyLimitBytes,
    ...(actual !== null && { actual }),
  };
  return {
    errors: [{ message: `The request is larger than ${bodyLimitBytes} bytes.`, extensions }],
  };
}

function badRequest(message: string) {
  return { errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] };
}

/** Returns the status for an error from before the GraphQL execution. */
function statusOf(error: unknown): number {
  if (error instanceof BadUserInputError) return 400;
  return httpStatusOf(error) ?? (error instanceof UnavailableError ? 503 : 500);
}

/**
 * Returns a response's media type by the GraphQL over HTTP specification:
 * `application/graphql-response+json` when the client accepts it, else `application/json`.
 */
function mediaTypeFor(request: FastifyRequest): string {
  const graphql = 'application/graphql-response+json';
  const type = request.headers.accept?.includes(graphql) ? graphql : 'application/json';
  return `${type}; charset=utf-8`;
}
