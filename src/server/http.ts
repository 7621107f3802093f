import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { type Authenticator, bearerToken, type Session } from '../auth/authenticator';
import { UnauthenticatedError } from '../errors';
import { Context } from '../graphql/context';
import type { Services } from '../graphql/services';
import type { Logger } from '../logger';
import { graphiqlPage } from './graphiql';
import { onBehalfOfIn } from './on-behalf-of';
import type { Readiness } from './readiness';
import { answerRefusals, refuseUnreadable } from './refusals';

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

/** The time in which a request, its body included, has to come. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Interval at which Node looks for requests whose time is over. */
const TIMEOUT_CHECK_MS = 1_000;

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
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: TIMEOUT_CHECK_MS },
    clientErrorHandler: (error, socket) => refuseUnreadable(error, socket, options.logger),
  });
  await app.register(cors, { origin: [...options.frontendOrigins], credentials: true });
  closeWithAnswers(app, options);
  answerRefusals(app, { ...options, graphqlPath: GRAPHQL_PATH });
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
  return authenticator.authenticate(token, onBehalfOf, 'request');
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
