import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { type Authenticator, bearerToken, type Session } from '../auth/authenticator';
import { BadUserInputError, ParleyError, UnauthenticatedError, UnavailableError } from '../errors';
import { Context } from '../graphql/context';
import { formatError, httpStatusOf } from '../graphql/errors';
import type { Services } from '../graphql/services';
import { BoundLog, type Logger } from '../logger';
import { graphiqlPage } from './graphiql';
import { onBehalfOfIn } from './on-behalf-of';
import type { Readiness } from './readiness';

declare module 'fastify' {
  interface FastifyRequest {
    /** null for a request without credentials. */
    session: Session | null;
  }
}

export const GRAPHQL_PATH = '/graphql';

export interface HttpOptions {
  apollo: ApolloServer<Context>;
  authenticator: Authenticator;
  services: Services;
  readiness: Readiness;
  /** True once connections are to end with their answers, because the node stops. */
  isClosing: () => boolean;
  logger: Logger;
  frontendOrigins: readonly string[];
  bodyLimitBytes: number;
  production: boolean;
}

/**
 * Creates the HTTP server: GraphQL, the health checks, and GraphiQL outside production. It does not
 * listen yet.
 */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: options.bodyLimitBytes,
    genReqId: () => uuidv7(),
    forceCloseConnections: 'idle',
    // A request that comes on an open connection while the node stops is served as well.
    return503OnClosing: false,
    // A key named `__proto__` is a key like any other, as it is on the WebSocket.
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    routerOptions: { ignoreTrailingSlash: true },
    // Node's `server.requestTimeout`: a body that trickles in must not hold a connection forever.
    requestTimeout: 30_000,
  });
  await app.register(cors, { origin: [...options.frontendOrigins], credentials: true });
  closeWithAnswers(app, options);
  answerErrors(app, options);
  addGraphQL(app, options);
  addHealth(app, options.readiness);
  if (!options.production) addGraphiQL(app);
  return app;
}

/** Ends each connection with its answer once the node stops, so that its client opens another. */
function closeWithAnswers(app: FastifyInstance, { isClosing }: HttpOptions): void {
  app.addHook('onSend', async (_request, sink) => {
    if (isClosing()) void sink.header('connection', 'close');
  });
}

function addGraphQL(app: FastifyInstance, options: HttpOptions): void {
  const { apollo, authenticator, services, logger } = options;
  app.decorateRequest('session', null);
  app.route({
    method: ['GET', 'POST'],
    url: GRAPHQL_PATH,
    // Runs before the body is read: a request with bad credentials is refused without reading it.
    onRequest: async (request) => {
      request.session = await authenticate(authenticator, request);
    },
    handler: fastifyApolloHandler(apollo, {
      context: async (request, sink) => {
        void sink.header('x-request-id', request.id);
        void sink.header('cache-control', 'no-store');
        return new Context(services, request.session, request.id, logger);
      },
    }),
  });
}

/**
 * Returns the session of a request, or null when it has no credentials, which admits introspection
 * only.
 *
 * @throws {UnauthenticatedError} when the credentials are not accepted
 * @throws {BadUserInputError} when the header that names the user of a service token is malformed
 */
async function authenticate(
  authenticator: Authenticator,
  request: FastifyRequest,
): Promise<Session | null> {
  const onBehalfOf = onBehalfOfIn(request.raw);
  const { authorization } = request.headers;
  if (authorization === undefined) return null;
  const token = bearerToken(authorization);
  if (token === null) throw new UnauthenticatedError();
  return authenticator.authenticate(token, onBehalfOf);
}

/** Answers errors from before the GraphQL execution in the form of a GraphQL response, too. */
function answerErrors(
  app: FastifyInstance,
  { logger, production, bodyLimitBytes }: HttpOptions,
): void {
  app.setErrorHandler((error: Error & { statusCode?: number }, request, sink) => {
    const log = new BoundLog(logger, () => ({ requestId: request.id }));
    void sink.header('x-request-id', request.id);
    void sink.type(mediaTypeFor(request));
    if (error.statusCode === 413) {
      const actual = Number(request.headers['content-length']) || null;
      return sink.code(413).send({ errors: [tooLarge(bodyLimitBytes, actual)] });
    }
    if (error.statusCode !== undefined && error.statusCode < 500 && !(error instanceof ParleyError))
      return sink
        .code(error.statusCode)
        .send({ errors: [{ message: error.message, extensions: { code: 'BAD_REQUEST' } }] });
    log.info(
      {
        code: error instanceof ParleyError ? error.code : undefined,
        check: error instanceof UnauthenticatedError ? error.check : undefined,
      },
      'request refused',
    );
    const formatted = formatError(error, {
      requestId: request.id,
      log,
      hideSuggestions: production,
    });
    return sink.code(statusOf(error)).send({ errors: [formatted] });
  });
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

/**
 * Builds the error for a body over the limit.
 *
 * @param actual the size in bytes; null for a chunked body, which does not declare its size
 */
function tooLarge(limit: number, actual: number | null) {
  const extensions = { code: 'QUERY_TOO_COMPLEX', limit, ...(actual !== null && { actual }) };
  return { message: `The request is larger than ${limit} bytes.`, extensions };
}

function addHealth(app: FastifyInstance, readiness: Readiness): void {
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, sink) => {
    const state = await readiness.check();
    return sink.code(state.ready ? 200 : 503).send(state);
  });
}

function addGraphiQL(app: FastifyInstance): void {
  const page = graphiqlPage(GRAPHQL_PATH.slice(1));
  app.get('/graphiql', async (_request, sink) => sink.type('text/html').send(page));
}
