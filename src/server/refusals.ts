/**
 * Refusals over HTTP from before the GraphQL execution. All have the shape of a GraphQL response,
 * with a request id, whoever finds the mistake: Fastify, Apollo Server, ws, or Node's HTTP parser.
 * Each leaves one line in the log. (Those that no Fastify request stands behind are in
 * `server/refusals.raw`.)
 */
import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BadUserInputError, ParleyError, UnauthenticatedError, UnavailableError } from '../errors';
import type { Traffic } from '../execution/traffic';
import { errorScope, formatError, httpStatusOf } from '../graphql/errors';
import { BoundLog, type Logger } from '../logger';
import { typeOfRefusal } from './accept';
import type { AnswerHeaders, HeaderList } from './answer.headers';
import { isPreflight } from './cors';
import { hostMistake } from './host';
import type { Origins } from './origin';

declare module 'fastify' {
  interface FastifyRequest {
    /** True once the log has a line about the request's refusal. */
    isRefusalLogged: boolean;
  }
}

export interface RefusalOptions {
  logger: Logger;
  traffic: Traffic;
  production: boolean;
  bodyLimitBytes: number;
  headersOf: AnswerHeaders;
  origins: Origins;
  /** The path at which other methods than GET and POST are 405. */
  graphqlPath: string;
}

export const ALLOWED = 'GET, POST';
export const FOREIGN_ORIGIN = 'The origin is not admitted.';

/**
 * Makes the app answer every refusal in the form of a GraphQL response, and gives every answer its
 * headers. To be called before CORS is registered, so that preflights have them as well.
 */
export function answerRefusals(app: FastifyInstance, options: RefusalOptions): void {
  app.decorateRequest('isRefusalLogged', false);
  app.addHook('onRequest', async (request, sink) => {
    void sink.headers(headersFor(options, request));
    const mistake = hostMistake(request.raw);
    if (mistake) await refuse(options, request, sink, 400, mistake);
    else if (request.method !== 'OPTIONS') return;
    else if (!isPreflight(request.raw)) await refuseMethod(options, request, sink);
    else if (!options.origins.admits(request.raw))
      await refuse(options, request, sink, 403, FOREIGN_ORIGIN);
  });
  app.addHook('onSend', async (request, { statusCode }) => {
    if (statusCode >= 400) options.traffic.httpRefusals.add(String(statusCode));
    if (statusCode >= 400 && statusCode < 500) log(options, request, { status: statusCode });
  });
  app.setNotFoundHandler((request, sink) => refuseMethod(options, request, sink));
  app.setErrorHandler((error: FastifyError, request, sink) => {
    void sink.type(typeOfRefusal(request.headers.accept));
    if (!(error instanceof ParleyError) && (error.statusCode ?? 500) < 500) {
      log(options, request, { status: error.statusCode, reason: error.message });
      return sink.code(error.statusCode!).send(mistakeOf(error, request, options.bodyLimitBytes));
    }
    return sink.code(statusOf(error)).send({ errors: [formatted(options, request, error)] });
  });
}

/** Refuses bodies that cannot be read. To be called after CORS is registered. */
export function refuseBodies(app: FastifyInstance, options: RefusalOptions): void {
  app.addHook('onRequest', async (request, sink) => {
    const reason = unsupported(request);
    if (reason !== null) await refuse(options, request, sink, 415, reason);
  });
}

/** Answers a request whose URL Fastify cannot read: no hook has run for it. */
export function refuseUrl(
  options: RefusalOptions,
  error: FastifyError,
  request: FastifyRequest,
  sink: FastifyReply,
): void {
  void sink.headers(headersFor(options, request));
  const status = error.statusCode ?? 400;
  options.traffic.httpRefusals.add(String(status));
  void refuse(options, request, sink, status, error.message);
}

/** Returns the body of a refusal that is the client's mistake. */
export function badRequest(message: string) {
  return { errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] };
}

/** Returns the headers of every answer to the request, its id included. */
function headersFor(options: RefusalOptions, { raw, id }: FastifyRequest): HeaderList {
  return { ...options.headersOf(raw), 'x-request-id': id };
}

function refuse(
  options: RefusalOptions,
  request: FastifyRequest,
  sink: FastifyReply,
  status: number,
  reason: string,
): FastifyReply {
  log(options, request, { status, reason });
  return sink.code(status).type(typeOfRefusal(request.headers.accept)).send(badRequest(reason));
}

/** Refuses a request that has no route: 405 at GraphQL's path, else 404. */
function refuseMethod(
  options: RefusalOptions,
  request: FastifyRequest,
  sink: FastifyReply,
): FastifyReply {
  const isGraphQL = request.url.split('?', 1)[0]!.replace(/\/$/, '') === options.graphqlPath;
  const status = isGraphQL ? 405 : 404;
  if (isGraphQL) void sink.header('allow', ALLOWED);
  return refuse(options, request, sink, status, STATUS_CODES[status]!);
}

function log(options: RefusalOptions, request: FastifyRequest, about: object): void {
  if (request.isRefusalLogged) return;
  request.isRefusalLogged = true;
  logOf(options, request).info(about, 'request refused');
}

function logOf({ logger }: RefusalOptions, request: FastifyRequest): BoundLog {
  return new BoundLog(logger, () => ({ requestId: request.id, ...request.span?.logFields }));
}

/** Returns the form of an error that is no mistake of HTTP, and logs it. */
function formatted(options: RefusalOptions, request: FastifyRequest, error: Error) {
  const bound = logOf(options, request);
  if (error instanceof ParleyError)
    log(options, request, {
      code: error.code,
      check: error instanceof UnauthenticatedError ? error.check : undefined,
    });
  const { id: requestId, span } = request;
  const warn = bound.warn.bind(bound);
  const quiet = { info: () => undefined, warn, error: bound.error.bind(bound) };
  return formatError(error, errorScope(options, { requestId, log: quiet, span }));
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
function mistakeOf(error: FastifyError, request: FastifyRequest, bodyLimitBytes: number) {
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

/** Returns the status for an error from before the GraphQL execution. */
function statusOf(error: unknown): number {
  if (error instanceof BadUserInputError) return 400;
  return httpStatusOf(error) ?? (error instanceof UnavailableError ? 503 : 500);
}
