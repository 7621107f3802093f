import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import type { FastifyInstance } from 'fastify';
import { Authenticator } from '../auth/authenticator';
import type { TokenVerifier } from '../auth/token';
import type { Bus } from '../bus/bus';
import type { Config } from '../config';
import { FrameTraces } from '../frame-trace/frame.traces';
import { vocabularyOf } from '../frame-trace/frame.vocabulary';
import type { Services } from '../graphql/services';
import type { Logger } from '../logger';
import { createMetrics } from '../metrics/metrics';
import type { MetricsSources } from '../metrics/metrics.sources';
import { blame } from '../runtime/blame';
import type { Tracer } from '../runtime/span';
import { Turns } from '../runtime/turns';
import { type AnswerHeaders, answerHeaders } from '../server/answer.headers';
import { createApollo } from '../server/apollo';
import { type IsTrusted, trustOf } from '../server/client-address';
import { Connections } from '../server/connections';
import { Drain } from '../server/drain';
import { createHttp } from '../server/http';
import { METRICS_PATH, type MetricsPage } from '../server/metrics.server';
import { Origins } from '../server/origin';
import type { Readiness } from '../server/readiness';
import { createWebSocket } from '../server/websocket';
import { portTrouble, urlHost } from './address';
import type { ExecutionParts } from './app.execution';
import { startMetricsServer } from './app.metrics';
import { demoUsersOf } from './demo.users';
import type { Lifecycle } from './lifecycle';

/**
 * Connections that the system holds until this node accepts them. When another node has died, all
 * its clients come at once; Node's default is 511.
 */
const BACKLOG = 4_096;

/** The work of clients that begins in one turn of the event loop. A message is about one unit. */
const TURNS = { units: 10, waitingUnits: 10 };

/** The dependencies of the servers. */
interface ServerParts {
  config: Config;
  logger: Logger;
  lifecycle: Lifecycle;
  services: Services;
  execution: ExecutionParts;
  readiness: Readiness;
  verifier: TokenVerifier;
  bus: Bus;
  /** null while traces are off. */
  tracer: Tracer | null;
  /** The counts of the parts beside the servers. */
  counted: Omit<MetricsSources, 'connections' | 'traffic'>;
}

/**
 * Starts the HTTP server with the WebSockets, and listens.
 *
 * @returns the URL of the server, e.g. `http://127.0.0.1:3000`, that of the metrics, and the drain
 *   that stops it
 * @throws {ConfigError} when the node cannot listen on host and port
 */
export async function startServers(
  parts: ServerParts,
): Promise<{ url: string; metricsUrl: string; drain: Drain }> {
  const { config, logger, lifecycle, services, readiness } = parts;
  const connections = new Connections(
    services.delivery.hub,
    parts.bus,
    services.people.users,
    services.presence.service,
    services.presence.typing,
    logger,
    config.limits.socketsPerUser,
  );
  const { traffic } = parts.execution;
  const page = createMetrics({ ...parts.counted, connections: () => connections.size, traffic });
  const { metricsPort, trustProxy } = config.http;
  const isTrusted = trustOf(trustProxy);
  const headersOf = answerHeaders(config.production, isTrusted);
  const record = { headersOf, traffic, logger, lifecycle };
  // Started before the servers, so that it is stopped after them: a drain is worth looking at.
  const ownUrl =
    metricsPort === null ? null : await startMetricsServer(page, config.http, metricsPort, record);
  const { schema } = parts.execution;
  const frameTraces = new FrameTraces(parts.bus, logger, () => vocabularyOf(schema));
  // Stopped after the servers: a drain is worth following.
  lifecycle.add('frame traces', () => frameTraces.stop());
  const own = { connections, frameTraces, isTrusted, headersOf };
  const http = await createServers(parts, own, page);
  await connections.start();
  await listen(http, config);
  const drain = new Drain(http, connections, readiness, config.drain);
  lifecycle.add('servers', () => drain.run());
  const { port } = http.server.address() as AddressInfo;
  await frameTraces.start(`${hostname()}:${port}`, (userId) => connections.ofUser(userId));
  const url = `http://${urlHost(config.http.host)}:${port}`;
  return { url, metricsUrl: ownUrl ?? url + METRICS_PATH, drain };
}

/** Parts that are made here, and that several servers share. */
interface OwnParts {
  connections: Connections;
  frameTraces: FrameTraces;
  isTrusted: IsTrusted;
  headersOf: AnswerHeaders;
}

/** Creates the HTTP server and attaches the WebSocket server to it. */
async function createServers(
  { config, logger, lifecycle, services, execution, readiness, verifier, tracer }: ServerParts,
  own: OwnParts,
  page: MetricsPage,
): Promise<FastifyInstance> {
  const { production, limits } = config;
  const { connections, isTrusted, headersOf } = own;
  const origins = new Origins(config.http.frontendOrigins, isTrusted);
  const { provisioning } = config.auth;
  const authenticator = new Authenticator(verifier, services.people.users, provisioning);
  const apollo = createApollo({ ...execution, logger, production });
  await apollo.start();
  lifecycle.add('apollo', () => apollo.stop());
  const { traffic } = execution;
  const turns = new Turns(TURNS);
  const reporting = { traffic, tracer, logger };
  const shared = { ...reporting, authenticator, services, turns, production, origins, headersOf };
  const bodyLimitBytes = limits.bodyBytes;
  const http = await createHttp({
    ...shared,
    apollo,
    readiness,
    metrics: production ? null : page,
    isClosing: () => connections.draining,
    bodyLimitBytes,
    keepAliveMs: config.http.keepAliveMs,
    graphiql: config.graphiql,
    demo: config.demo,
    demoUsers: demoUsersOf(config),
  });
  const webSocket = { ...shared, ...execution, ...own, limits };
  createWebSocket(webSocket).attach(http.server);
  return http;
}

/**
 * @throws {ConfigError} that blames `PORT` for a port that is taken or needs more rights, and
 *   `HOST` for anything else, since a port is a number by then
 */
async function listen(http: FastifyInstance, { http: { host, port } }: Config): Promise<void> {
  await blame('HOST', `cannot listen on ${host}`, async () => {
    try {
      await http.listen({ host, port, backlog: BACKLOG });
    } catch (error) {
      throw portTrouble('PORT', port, error);
    }
  });
}
