import { setImmediate } from 'node:timers/promises';
import type { ExecutionResult } from 'graphql';
import { RateLimitedError, UnavailableError } from '../errors';
import type { Context } from '../graphql/context';
import { toGraphQLError } from '../graphql/errors';
import { Lanes } from '../runtime/lanes';
import type { OperationArgs } from './execution';
import { LargePart } from './large.answer';

/** Time for which an operation waits for earlier ones of its caller. */
const MAX_WAIT_MS = 10_000;
/** The cost from which on an operation takes one more place of those that its caller has. */
const COST_OF_PLACE = 500;
/** Operations of the platform that may wait. Its backend sends many at a time. */
const MAX_WAITING_OF_PLATFORM = 1_000;
/** Introspections without a token that may wait. */
const MAX_WAITING_INTROSPECTIONS = 100;

export interface OperationLimitOptions {
  /** Operations of one socket that may be under way or wait. */
  operationsPerSocket: number;
  /** Operations of one user that may be under way on this node. */
  operationsPerUser: number;
  /** Operations of one user that may wait on this node. */
  waitingPerUser: number;
  /** Operations of the platform in its own name that may be under way on this node. */
  operationsOfPlatform: number;
  /** The time that an operation may take, once it has begun. */
  operationMs: number;
}

interface RunOptions<T> {
  isWrite?: boolean;
  /** See `execution/cost`. Default 0. */
  cost?: number;
  tidy?: (value: T) => void;
  /** Resolves once the client has read the value; until then the operation counts as under way. */
  read?: (value: T) => Promise<void> | null;
}

/**
 * Limits how many operations of one caller are under way on this node at a time, over all of the
 * caller's sockets and requests. Otherwise one user with hundreds of operations at once would take
 * every connection to the database, and all other users would wait.
 *
 * Queries, mutations and the starts of subscriptions count. A subscription that has started does
 * not. A service token that acts on behalf of a user counts as that user. Further operations wait
 * in the order in which they came.
 *
 * A dear operation takes the place of several. One that costs most of what is allowed is alone:
 * its rows and its answer may be tens of megabytes, and keep the event loop busy for as long as
 * hundreds of others.
 */
export class OperationLimit {
  private readonly users: Lanes;
  private readonly platform: Lanes;
  private readonly introspections = lanesOf(1, MAX_WAITING_INTROSPECTIONS);

  private readonly operationsPerSocket: number;
  private readonly operationMs: number;

  constructor(options: OperationLimitOptions) {
    const { operationsPerUser, waitingPerUser, operationsOfPlatform } = options;
    this.operationsPerSocket = options.operationsPerSocket;
    this.operationMs = options.operationMs;
    this.users = lanesOf(operationsPerUser, waitingPerUser);
    this.platform = lanesOf(operationsOfPlatform, MAX_WAITING_OF_PLATFORM);
  }

  /**
   * Checks whether one more operation may begin on a socket. Needs nothing of the operation, so it
   * is asked before the document is parsed.
   *
   * @param underWay operations of the socket that are under way or wait, starts of subscriptions
   *   included. One that the client has completed counts until it is answered
   * @throws {RateLimitedError} when that is too many
   */
  checkSocket(underWay: number, isPlatform: boolean): void {
    const most = isPlatform
      ? Math.max(this.operationsPerSocket, MAX_WAITING_OF_PLATFORM)
      : this.operationsPerSocket;
    if (underWay >= most)
      throw new RateLimitedError(`At most ${most} operations at once on a socket.`);
  }

  /** Executes a query or a mutation as {@link run} does. A refusal is the result's only error. */
  execute(
    context: Context,
    { operation, cost }: Pick<OperationArgs, 'operation' | 'cost'>,
    execution: () => Promise<ExecutionResult>,
  ): Promise<ExecutionResult> {
    const isWrite = operation.operation === 'mutation';
    const read = ({ data }: ExecutionResult) =>
      (data as unknown) instanceof LargePart ? context.whenRead() : null;
    return this.run(context, execution, { isWrite, cost, read }).catch((error: Error) => ({
      errors: [toGraphQLError(error)],
    }));
  }

  /**
   * Runs an operation of the context's caller once the limit allows it. Without a caller, only
   * introspection gets here. It is nothing but computing: all who have no token have it done one
   * after the other, and the event loop does other work in between.
   *
   * An operation that takes too long is refused while its work goes on, which cannot be stopped. It
   * counts as under way until that has ended.
   *
   * @param options.isWrite true when the work may have written something
   * It also counts as under way until its client has read the answer, if that is a large one:
   * answers that are not read stay in memory.
   *
   * A query does not begin once its client has gone, since its answer has no reader.
   *
   * @param options.tidy gets what the work returned after the refusal
   * @throws {RateLimitedError} when too many operations of the caller wait already
   * @throws {UnavailableError} when earlier operations of the caller took more than 10 s, or this
   *   one took too long
   */
  run<T>(context: Context, operation: () => Promise<T>, options: RunOptions<T> = {}): Promise<T> {
    if (!context.authenticated)
      return this.introspections.run('', () => setImmediate().then(operation));
    const { caller } = context;
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      let isLate = false;
      const work = async () => {
        if (context.isAbandoned && !options.isWrite) throw new UnavailableError();
        timer = setTimeout(() => {
          isLate = true;
          context.log.warn({}, 'operation took too long');
          reject(new UnavailableError(options.isWrite ? { outcome: 'UNKNOWN' } : {}));
        }, this.operationMs).unref();
        const value = await operation();
        clearTimeout(timer);
        if (isLate) options.tidy?.(value);
        else resolve(value);
        await options.read?.(value);
      };
      const places = 1 + Math.floor((options.cost ?? 0) / COST_OF_PLACE);
      const end =
        caller.kind === 'user'
          ? this.users.run(caller.userId, work, places)
          : this.platform.run('', work, places);
      end.catch((error: unknown) => {
        clearTimeout(timer);
        reject(error);
      });
    });
  }
}

function lanesOf(width: number, maxWaiting: number): Lanes {
  return new Lanes({
    width,
    maxWaiting,
    maxWaitMs: MAX_WAIT_MS,
    refusal: (reason) =>
      reason === 'full'
        ? new RateLimitedError(`At most ${width + maxWaiting} operations at the same time.`)
        : new UnavailableError(),
  });
}
