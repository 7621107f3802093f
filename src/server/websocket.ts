import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Socket as NetSocket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import {
  handleProtocols,
  makeServer,
  type Context as ProtocolContext,
  type Server as ProtocolServer,
  type SubscribePayload,
} from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Authenticator } from '../auth/authenticator';
import { RateLimitedError } from '../errors';
import type { Admission } from '../execution/admission';
import type { OperationArgs } from '../execution/execution';
import type { Documents } from '../execution/operation';
import { answerOperation } from '../execution/operation.answer';
import type { OperationLimit } from '../execution/operation.limit';
import type { PersistedQueries } from '../execution/persisted-queries';
import { SharedExecution } from '../execution/shared-execution';
import { createSubscribe } from '../execution/subscription';
import type { Traffic } from '../execution/traffic';
import type { FrameTraces } from '../frame-trace/frame.traces';
import { Context } from '../graphql/context';
import { type ErrorScope, formatError, formatErrors, toGraphQLError } from '../graphql/errors';
import type { Services } from '../graphql/services';
import type { Logger } from '../logger';
import type { Tracer } from '../runtime/span';
import type { Turns } from '../runtime/turns';
import { parseUrl } from '../runtime/url';
import type { AnswerHeaders } from './answer.headers';
import { clientAddressOf, type IsTrusted } from './client-address';
import { COUNTED_CODES } from './close.codes';
import { Connection } from './connection';
import type { Connections } from './connections';
import { hostMistake } from './host';
import { GRAPHQL_PATH } from './http';
import { Newcomers } from './newcomers';
import type { Origins } from './origin';
import { ProtocolSocket } from './protocol.socket';
import { FOREIGN_ORIGIN } from './refusals';
import {
  mistake,
  type RawRefusal,
  refuseRaw,
  tooManyUninitialised,
  unavailable,
} from './refusals.raw';
import { givenRequestId } from './request.id';
import { parentIn, SocketSpans } from './socket.spans';
import { ignoreUpgrade, isWebSocketUpgrade } from './upgrade';

export interface WebSocketOptions {
  schema: GraphQLSchema;
  documents: Documents;
  admission: Admission;
  authenticator: Authenticator;
  services: Services;
  connections: Connections;
  frameTraces: FrameTraces;
  operationLimit: OperationLimit;
  persistedQueries: PersistedQueries;
  traffic: Traffic;
  /** null while traces are off. */
  tracer: Tracer | null;
  turns: Turns;
  logger: Logger;
  headersOf: AnswerHeaders;
  origins: Origins;
  /** Says which proxies are believed about the address of their client. */
  isTrusted: IsTrusted;
  limits: {
    bodyBytes: number;
    queueBytes: number;
    queueEvents: number;
    subscriptionsPerSocket: number;
    uninitialisedPerAddress: number;
  };
  production: boolean;
}

/** A base for parsing a request's target, which has no host. */
const ANY_HOST = 'http://localhost';
/** The units of work of an upgrade, in the turns of its address (`runtime/turns`). */
const UPGRADE_UNITS = 2;
/** The version of the WebSocket protocol, named where another is refused (RFC 6455, 4.2.2). */
const SUPPORTED_VERSION = '13';

interface Extra {
  connection: Connection;
}
type Socket = ProtocolContext<Record<string, unknown>, Extra>;

/**
 * Creates the WebSocket server. graphql-ws implements the protocol (graphql-transport-ws). The
 * sockets belong to {@link Connection}, which decides about liveness, limits and close codes.
 */
export function createWebSocket(options: WebSocketOptions): { attach(http: HttpServer): void } {
  const protocol = createProtocol(options);
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: options.limits.bodyBytes,
    handleProtocols,
    // Frames are small and go to many readers: compressing each would cost more than it saves.
    perMessageDeflate: false,
  });
  server.on('wsClientError', ({ message }, socket, request) => {
    const supported = { 'Sec-WebSocket-Version': SUPPORTED_VERSION };
    refuseRaw(socket, mistake(400, message, supported), options, { request });
  });
  for (const code of COUNTED_CODES) options.traffic.connectionsClosed.add(String(code), 0);
  const admit = createDoor(server, protocol, options);
  return {
    attach(http) {
      http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        if (!isOurs(request)) {
          ignoreUpgrade(http, request, socket, head);
          return;
        }
        socket.on('error', destroy);
        const refusal = refuse(request, options);
        if (refusal) refuseRaw(socket, refusal, options, { request });
        else admit(request, socket, head);
      });
    },
  };
}

/** Makes the function that opens a socket as soon as its address has a place for it. */
function createDoor(
  server: WebSocketServer,
  protocol: ProtocolServer<Extra>,
  options: WebSocketOptions,
): (request: IncomingMessage, stream: Duplex, head: Buffer) => void {
  const { connections, isTrusted, limits, turns } = options;
  const newcomers = new Newcomers(limits.uninitialisedPerAddress);
  return (request, stream, head) => {
    const address = clientAddressOf(request, isTrusted);
    const leave = (initialised: boolean) => newcomers.leave(address, initialised);
    const newcomer = {
      letIn() {
        if (connections.draining) {
          refuseRaw(stream, unavailable(), options, { request });
          return false;
        }
        let isOpen = false;
        // ws calls back at once, or never: it has answered a mistake then, or the peer is gone.
        server.handleUpgrade(request, stream, head, (socket) => {
          isOpen = true;
          open(protocol, options, socket, stream, { requestId: givenRequestId(request), leave });
        });
        return isOpen;
      },
      refuse: () => refuseRaw(stream, tooManyUninitialised(), options, { request }),
    };
    turns.run(address, UPGRADE_UNITS, () => newcomers.enter(address, newcomer));
  };
}

/**
 * Destroys the stream at an error. A closure in its place would keep the request in memory as long
 * as the socket.
 */
function destroy(this: Duplex): void {
  this.destroy();
}

/** Returns true for a request to open a WebSocket at GraphQL's path. Other upgrades are ignored. */
function isOurs(request: IncomingMessage): boolean {
  if (!isWebSocketUpgrade(request)) return false;
  const url = parseUrl(request.url ?? '/', ANY_HOST);
  return url !== null && withoutSlash(url.pathname) === GRAPHQL_PATH;
}

function withoutSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

/** Returns the refusal of an upgrade, or null to accept it. */
function refuse(
  request: IncomingMessage,
  { origins, connections }: WebSocketOptions,
): RawRefusal | null {
  if (connections.draining) return unavailable();
  const host = hostMistake(request);
  if (host) return mistake(400, host);
  // Any page may open a WebSocket, and the browser sends its cookies along: CORS does not apply.
  // So the page's origin is checked here.
  return origins.admits(request) ? null : mistake(403, FOREIGN_ORIGIN);
}

/** The way by which a socket came. */
interface Arrival {
  /** The id that its request brought; null for none. */
  requestId: string | null;
  /** To be called once, when `connection_init` has arrived or the socket has ended without. */
  leave: (initialised: boolean) => void;
}

function open(
  protocol: ProtocolServer<Extra>,
  { connections, logger, limits, traffic, turns }: WebSocketOptions,
  socket: WebSocket,
  stream: Duplex,
  { requestId, leave }: Arrival,
): void {
  const connection = new Connection(socket, stream, logger, limits, traffic, leave);
  traffic.connectionsOpened++;
  connections.add(connection);
  const { remoteAddress } = stream as NetSocket;
  connection.log.info({ remoteAddress, ...(requestId && { requestId }) }, 'connected');
  const closed = protocol.opened(new ProtocolSocket(connection, socket, turns), { connection });
  socket.once('close', (code, reason) => {
    connections.remove(connection);
    connection.closed(code);
    traffic.connectionsClosed.add(COUNTED_CODES.has(code) ? String(code) : 'other');
    connection.log.info({ code }, 'disconnected');
    Promise.resolve(closed(code, reason.toString())).catch((error: unknown) => {
      connection.log.error({ err: error }, 'closing failed');
    });
  });
}

function createProtocol(options: WebSocketOptions): ProtocolServer<Extra> {
  const { services, operationLimit, traffic, tracer } = options;
  const spans = tracer && new SocketSpans(tracer);
  const format = (context: Context, error: unknown) =>
    formatError(error, scopeOf(options, context));
  const shared = new SharedExecution(services, options.logger, format, traffic);
  const subscribe = createSubscribe(shared, operationLimit, traffic);

  return makeServer<Record<string, unknown>, Extra>({
    // 0 turns the timer of graphql-ws off: `Connection.checkLiveness` applies the limit.
    connectionInitWaitTimeout: 0,
    execute: (args) => answer(options, args as OperationArgs),
    subscribe(args) {
      const context = args.contextValue as Context;
      return context.connection!.untilEnd(subscribe(args as OperationArgs));
    },
    onConnect: (socket) => connect(options, socket),
    onSubscribe(socket, id, payload) {
      const { connection } = socket.extra;
      if (!connection.beginOperation(id))
        return [
          new GraphQLError('The id cannot be used.', { extensions: { code: 'BAD_REQUEST' } }),
        ];
      const context = contextOf(options, services, connection);
      spans?.begin(context, payload, connection.traceParent);
      const prepared = prepare(options, socket, id, payload, context);
      // graphql-ws calls `execute` or `subscribe` for it next, in any case.
      if ('schema' in prepared) connection.operationsUnderWay++;
      else {
        connection.endOperation(id);
        spans?.refuse(context, prepared);
      }
      return prepared;
    },
    onComplete(socket, id) {
      socket.extra.connection.endOperation(id);
    },
    onNext(_socket, _id, _payload, args, result) {
      if (!result.errors) return;
      const context = args.contextValue as Context;
      return { ...result, errors: formatErrors(result.errors, scopeOf(options, context)) };
    },
    onError(socket, _id, payload, errors) {
      const context = contextOf(options, services, socket.extra.connection);
      context.span = spans?.of(payload) ?? null;
      return formatErrors(errors, scopeOf(options, context));
    },
  });
}

/** Executes a query or a mutation. */
function answer(options: WebSocketOptions, args: OperationArgs): Promise<ExecutionResult> {
  const { connection } = args.contextValue as Context;
  return connection!.untilEnd(connection!.answering(answerOperation(options, args)));
}

/**
 * Checks an operation and makes what it is executed with; or the errors for which it is refused.
 */
function prepare(
  options: WebSocketOptions,
  socket: Socket,
  id: string,
  payload: SubscribePayload,
  contextValue: Context,
): OperationArgs | readonly GraphQLError[] {
  const { documents, admission, operationLimit, persistedQueries, limits } = options;
  const { connection } = socket.extra;
  const { variables } = payload;
  // Some clients send an empty name for an operation that has none.
  const operationName = payload.operationName || undefined;
  try {
    operationLimit.checkSocket(connection.operationsUnderWay, connection.userId === null);
    const found = persistedQueries.find(payload, true);
    const checked = documents.check(found.text);
    const { source, errors } = checked;
    // graphql-ws keeps the payload as long as the subscription lasts. `source` is one string,
    // shared by all subscriptions with the same document.
    (payload as { query: string }).query = source;
    if (errors) return errors;
    const requested = { operationName, variables };
    const admitted = admission.admit(checked, requested, contextValue, ({ operation }) => {
      if (operation === 'subscription')
        checkSubscriptionLimit(socket, limits.subscriptionsPerSocket);
    });
    persistedQueries.keep(found);
    return { ...admitted, sink: connection.sinkFor(id) };
  } catch (error) {
    return [toGraphQLError(error as Error)];
  }
}

/**
 * Authenticates a connection. A refusal closes the socket with a code that tells the client what to
 * do.
 *
 * @returns the payload of `connection_ack`, or false when the connection was refused
 */
async function connect(
  options: WebSocketOptions,
  socket: Socket,
): Promise<Record<string, unknown> | false> {
  const { connection } = socket.extra;
  const params = socket.connectionParams ?? {};
  // The credentials are not needed again, and should not stay in memory as long as the socket.
  (socket as { connectionParams?: unknown }).connectionParams = undefined;
  if (options.tracer) connection.traceParent = parentIn(params);
  const session = await connection.authenticate(options.authenticator, params);
  if (session) options.frameTraces.follow(connection);
  if (!session || !(await options.connections.countIn(connection))) return false;
  // A deactivation closes the connections that are known to be the user's. One that came during
  // the authentication missed this connection, so the session is checked again.
  if (!(await connection.confirm(session))) return false;
  const { caller, expiresAt } = session;
  connection.log.info({ expiresAt }, 'authenticated');
  return {
    userId: caller.kind === 'user' ? caller.userId : null,
    connectionId: connection.id,
    expiresAt: expiresAt === null ? null : new Date(expiresAt * 1_000).toISOString(),
    logEpoch: options.services.delivery.epoch.current,
  };
}

function contextOf(
  { logger }: WebSocketOptions,
  services: Services,
  connection: Connection,
): Context {
  const requestId = connection.nextRequestId();
  return new Context(services, connection.session, requestId, logger, connection);
}

function checkSubscriptionLimit(socket: Socket, limit: number): void {
  // `subscriptions` already contains the new one.
  if (Object.keys(socket.subscriptions).length > limit)
    throw new RateLimitedError(`At most ${limit} subscriptions on one socket.`, 0);
}

function scopeOf({ production, traffic }: WebSocketOptions, context: Context): ErrorScope {
  const { requestId, log, span } = context;
  return { requestId, log, hideSuggestions: production, refusals: traffic.refusals, span };
}
