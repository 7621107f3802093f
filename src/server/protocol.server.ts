/**
 * The protocol graphql-transport-ws, which graphql-ws speaks, and what becomes of its messages:
 * `connection_init` authenticates the connection, `subscribe` is checked and admitted and then
 * executed or subscribed to.
 */
import { type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import {
  makeServer,
  type Context as ProtocolContext,
  type Server as ProtocolServer,
  type SubscribePayload,
} from 'graphql-ws';
import type { Authenticator } from '../auth/authenticator';
import { RateLimitedError } from '../errors';
import type { Admission } from '../execution/admission';
import type { OperationArgs } from '../execution/execution';
import { type Documents, requestedName } from '../execution/operation';
import { answerOperation } from '../execution/operation.answer';
import type { OperationLimit } from '../execution/operation.limit';
import type { PersistedQueries } from '../execution/persisted-queries';
import { SharedExecution } from '../execution/shared-execution';
import { createSubscribe } from '../execution/subscription';
import type { Traffic } from '../execution/traffic';
import type { FrameTraces } from '../frame-trace/frame.traces';
import { Context } from '../graphql/context';
import { errorScope, formatError, formatErrors, toGraphQLError } from '../graphql/errors';
import type { Services } from '../graphql/services';
import type { Logger } from '../logger';
import type { Tracer } from '../runtime/span';
import type { Connection } from './connection';
import type { Connections } from './connections';
import type { InitPayload } from './init.payload';
import { parentIn, SocketSpans } from './socket.spans';

export interface ProtocolOptions {
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
  logger: Logger;
  limits: { subscriptionsPerSocket: number };
  production: boolean;
}

/** The part of a socket of graphql-ws that is this server's. */
export interface OwnSocket {
  connection: Connection;
}
type Socket = ProtocolContext<InitPayload, OwnSocket>;

/** Creates the protocol's side of all sockets. Each is handed to it by `opened`. */
export function createProtocol(options: ProtocolOptions): ProtocolServer<OwnSocket> {
  const { services, operationLimit, traffic, tracer } = options;
  const spans = tracer && new SocketSpans(tracer);
  const format = (context: Context, error: unknown) =>
    formatError(error, errorScope(options, context));
  const shared = new SharedExecution(services, options.logger, format, traffic);
  const subscribe = createSubscribe(shared, operationLimit, traffic);

  return makeServer<InitPayload, OwnSocket>({
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
      const context = contextOf(options, connection);
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
      return { ...result, errors: formatErrors(result.errors, errorScope(options, context)) };
    },
    onError(socket, _id, payload, errors) {
      const context = contextOf(options, socket.extra.connection);
      context.span = spans?.of(payload) ?? null;
      return formatErrors(errors, errorScope(options, context));
    },
  });
}

/** Executes a query or a mutation. */
function answer(options: ProtocolOptions, args: OperationArgs): Promise<ExecutionResult> {
  const { connection } = args.contextValue as Context;
  return connection!.untilEnd(connection!.answering(answerOperation(options, args)));
}

/**
 * Checks an operation and makes what it is executed with; or the errors for which it is refused.
 */
function prepare(
  options: ProtocolOptions,
  socket: Socket,
  id: string,
  payload: SubscribePayload,
  contextValue: Context,
): OperationArgs | readonly GraphQLError[] {
  const { documents, admission, operationLimit, persistedQueries, limits } = options;
  const { connection } = socket.extra;
  const { variables } = payload;
  try {
    operationLimit.checkSocket(connection.operationsUnderWay, connection.userId === null);
    const found = persistedQueries.find(payload, true);
    const checked = documents.check(found.text);
    const { source, errors } = checked;
    // graphql-ws keeps the payload as long as the subscription lasts. `source` is one string,
    // shared by all subscriptions with the same document.
    (payload as { query: string }).query = source;
    if (errors) return errors;
    const requested = { operationName: requestedName(payload), variables };
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
  options: ProtocolOptions,
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

function contextOf({ services, logger }: ProtocolOptions, connection: Connection): Context {
  const requestId = connection.nextRequestId();
  return new Context(services, connection.session, requestId, logger, connection);
}

function checkSubscriptionLimit(socket: Socket, limit: number): void {
  // `subscriptions` already contains the new one.
  if (Object.keys(socket.subscriptions).length > limit)
    throw new RateLimitedError(`At most ${limit} subscriptions on one socket.`, 0);
}
