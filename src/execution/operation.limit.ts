import { type ExecutionResult } from 'graphql';
import { RateLimitedError, UnavailableError } from '../errors';
import type { Context } from '../graphql/context';
import { toGraphQLError } from '../graphql/errors';
import { Lanes } from '../runtime/lanes';

/** Time for which an operation waits for earlier ones of its caller. */
const MAX_WAIT_MS = 10_000;
/** The time after which a refused client may try again. */
const RETRY_AFTER_MS = 1_000;
/** Operations of the platform that may wait. Its backend sends many at a time. */
const MAX_WAITING_OF_PLATFORM = 1_000;

export interface OperationLimitOptions {
  /** Operations of one user that may be under way on this node. */
  operationsPerUser: number;
  /** Operations of one user that may wait on this node. */
  waitingPerUser: number;
  /** Operations of the platform in its own name that may be under way on this node. */
  operationsOfPlatform: number;
}

/**
 * Limits how many operations of one caller are under way on this node at a time, over all of the
 * caller's sockets and requests. Otherwise one user with hundreds of operations at once would take
 * every connection to the database, and all other users would wait.
 *
 * Queries, mutations and the starts of subscriptions count. A subscription that has started does
 * not. A service token that acts on behalf of a user counts as that user. Further operations wait
 * in the order in which they came.
 */
export class OperationLimit {
  private readonly users: Lanes;
  private readonly platform: Lanes;

  constructor({ operationsPerUser, waitingPerUser, operationsOfPlatform }: OperationLimitOptions) {
    this.users = lanesOf(operationsPerUser, waitingPerUser);
    this.platform = lanesOf(operationsOfPlatform, MAX_WAITING_OF_PLATFORM);
  }

  /** Executes a query or a mutation as {@link run} does. A refusal is the result's only error. */
  execute(context: Context, execution: () => Promise<ExecutionResult>): Promise<ExecutionResult> {
    return this.run(context, execution).catch((error: Error) => ({
      errors: [toGraphQLError(error)],
    }));
  }

  /**
   * Runs an operation of the context's caller once the limit allows it. Without a caller, only
   * introspection gets here, which needs no limit.
   *
   * @throws {RateLimitedError} when too many operations of the caller wait already
   * @throws {UnavailableError} when earlier operations of the caller took more than 10 s
   */
  run<T>(context: Context, operation: () => Promise<T>): Promise<T> {
    if (!context.authenticated) return operation();
    const { caller } = context;
    return caller.kind === 'user'
      ? this.users.run(caller.userId, operation)
      : this.platform.run('', operation);
  }
}

function lanesOf(width: number, maxWaiting: number): Lanes {
  return new Lanes({
    width,
    maxWaiting,
    maxWaitMs: MAX_WAIT_MS,
    refusal: (reason) =>
      reason === 'full'
        ? new RateLimitedError(
            `At most ${width + maxWaiting} operations at the same time.`,
            RETRY_AFTER_MS,
          )
        : new UnavailableError(),
  });
}
