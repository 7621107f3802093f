import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type Authenticator, bearerToken, type Session } from '../auth/authenticator';
import { UnauthenticatedError } from '../errors';
import { withLargeParts } from '../execution/large.answer';
import type { Traffic } from '../execution/traffic';
import type { Services } from '../graphql/services';
import type { Logger } from '../logger';
import { userIdOf } from '../people/caller';
import { type Span, type Tracer, within } from '../runtime/span';
import type { Turns } from '../runtime/turns';
import { acceptForApollo, notAcceptable } from './accept';
import type { AnswerHeaders } from './answer.headers';
import { allowOrigins } from './cors';
import { addDemo } from './demo.page';
import { addDemoUsers, type MakeDemoUsers } from './demo.users';
import { addGraphiql } from './graphiql.page';
import { HttpContext } from './http.context';
import { beginRequest } from './http.span';
import { readJsonBodies } from './json.body';
import { METRICS_PATH, type MetricsPage } from './metrics.server';
import { onBehalfOfIn } from './on-behalf-of';
import type { Origins } from './origin';
import type { Readiness } from './readiness';
import { answerRefusals, refuseBodies, refuseUrl } from './refusals';
import { answerUnhandled, refuseUnreadable } from './refusals.raw';
import { requestIdOf } from './request.id';

declare module 'fastify' {
  interface FastifyRequest {
    /** null for a request without credentials. */
    session: Session | null;
    /** null until the request's operation begins. */
    operation: HttpContext | null;
    /** null while traces are off, and for requests to other paths than GraphQL's. */
    span: Span | null;
  }
}

export const GRAPHQL_PATH = '/graphql';

export interface HttpOptions {
  apollo: ApolloServer<HttpContext>;
  authenticator: Authenticator;
  services: Services;
  readiness: Readiness;
  traffic: Traffic;
  /** null while traces are off. */
  tracer: Tracer | null;
  turns: Turns;
  /** Served at `/metrics`; null when it is served elsewhere. */
  metrics: MetricsPage | null;
  /** True once connections are to end with their answers, because the node stops. */
  isClosing: () => boolean;
  logger: Logger;
  headersOf: AnswerHeaders;
  origins: Origins;
  bodyLimitBytes: number;
  /** The time for which a connection is kept on which no request comes. */
  keepAliveMs: number;
  /** True to serve GraphiQL. */
  graphiql: boolean;
  /** True to serve the demo. */
  demo: boolean;
  demoUsers: MakeDemoUsers;
  production: boolean;
}

/** The time in which a request, its body included, has to come. */
const REQUEST_TIMEOUT_MS = 30_000;
/** The time in which nothing of an answer is read, after which its connection is destroyed. */
const UNREAD_TIMEOUT_MS = 30_000;
/** Interval at which Node looks for requests whose time is over. */
const TIMEOUT_CHECK_MS = 1_000;

/**
 * Creates the HTTP server: GraphQL, the health checks, and GraphiQL and the demo where they
 * are on. It does not listen yet.
 */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const refusals = { ...options, graphqlPath: GRAPHQL_PATH };
  const app = Fastify({
    bodyLimit: options.bodyLimitBytes,
    genReqId: requestIdOf,
    forceCloseConnections: 'idle',
    // A request that comes on an open connection while the node stops is served as well.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true },
    // Node's `server.requestTimeout`: a body that trickles in must not hold a connection forever.
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: options.keepAliveMs,
    http: {
      headersTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      // Node's own refusal would have no body.
      requireHostHeader: false,
    },
    clientErrorHandler: (error, socket) => refuseUnreadable(error, socket, options),
    frameworkErrors: (error, request, sink) => refuseUrl(refusals, error, request, sink),
  });
  answerUnhandled(app.server, options);
  answerRefusals(app, refusals);
  await allowOrigins(app, options.origins);
  refuseBodies(app, refusals);
  readJsonBodies(app, options.turns, turnsKeyOf);
  closeWithAnswers(app, options);
  addGraphQL(app, options);
  addHealth(app, options.readiness);
  if (options.metrics) addMetrics(app, options.metrics);
  addPages(app, options);
  return app;
}

function addPages(app: FastifyInstance, { graphiql, demo, demoUsers }: HttpOptions): void {
  if (graphiql) addGraphiql(app, demoUsers !== null);
  if (demo) addDemo(app);
  if (demo || (graphiql && demoUsers !== null)) addDemoUsers(app, demoUsers);
}

/**
 * Ends each connection with its answer once the node stops, so that its client opens another. A
 * client that does not read its answer is cut off.
 */
function closeWithAnswers(app: FastifyInstance, { isClosing }: HttpOptions): void {
  app.addHook('onSend', async (_request, sink) => {
    sink.raw.setTimeout(UNREAD_TIMEOUT_MS);
    if (isClosing()) void sink.header('connection', 'close');
  });
}

function addGraphQL(app: FastifyInstance, options: HttpOptions): void {
  const { apollo, authenticator, services, tracer, turns, logger, production } = options;
  const answer = fastifyApolloHandler(apollo, {
    context: async (request, sink) => {
      const { session, id, raw } = request;
      const operation = new HttpContext(services, session, id, logger, raw.socket, sink.raw);
      operation.span = request.span;
      request.operation = operation;
      return operation;
    },
  });
  app.decorateRequest('session', null);
  app.decorateRequest('operation', null);
  app.decorateRequest('span', null);
  app.route({
    method: ['GET', 'POST'],
    url: GRAPHQL_PATH,
    // Runs before the body is read: a request with bad credentials is refused without reading it.
    onRequest: async (request, sink) => {
      request.span = tracer && beginRequest(tracer, request, sink, GRAPHQL_PATH);
      request.session = await authenticate(authenticator, request);
      // Without introspection there is nothing to answer without a token.
      if (request.session === null && production) throw new UnauthenticatedError();
      if (acceptForApollo(request.headers.accept) === null) throw notAcceptable();
      // Apollo's integration makes a URL of it. HTTP/1.0 does without.
      request.raw.headers.host ||= 'localhost';
    },
    async handler(request, sink) {
      // A body has waited before it was read.
      if (request.method === 'GET')
        await new Promise<void>((begin) => turns.run(turnsKeyOf(request), 1, begin));
      request.raw.headers.accept = acceptForApollo(request.headers.accept)!;
      const { span } = request;
      const body = withLargeParts(
        span === null
          ? await answer.call(this, request, sink)
          : await within(span, answer.bind(this, request, sink)),
      );
      if (request.operation?.errors.areLogged) request.isRefusalLogged = true;
      return body;
    },
  });
}

/** Returns the key of a request in `runtime/turns`: its user, or else its connection. */
function turnsKeyOf({ session, raw }: FastifyRequest): unknown {
  return (session && userIdOf(session.caller)) ?? raw.socket;
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
  const { span } = request;
  return span === null
    ? authenticator.authenticate(token, onBehalfOf, 'request')
    : within(span, authenticator.authenticate.bind(authenticator, token, onBehalfOf, 'request'));
}

function addHealth(app: FastifyInstance, readiness: Readiness): void {
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, sink) => {
    const state = await readiness.check();
    return sink.code(state.ready ? 200 : 503).send(state);
  });
}

function addMetrics(app: FastifyInstance, page: MetricsPage): void {
  app.get(METRICS_PATH, async (_request, sink) =>
    sink.type(page.contentType).send(await page.text()),
  );
}
