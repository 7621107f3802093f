import { createSourceEventStream, type ExecutionResult } from 'graphql';
import { Seat } from '../delivery/seat';
import { UnavailableError } from '../errors';
import type { Context } from '../graphql/context';
import { executeOperation, type OperationArgs } from './execution';
import type { SharedExecution } from './shared-execution';
import { SubscriptionPush } from './subscription.push';

type EventStream = AsyncIterableIterator<unknown>;

/**
 * Makes what starts a subscription: its source stream, each event of which is executed with a context of its own, so
 * that no event is answered with rows that an earlier one loaded. A seat's events are {@link SubscriptionPush fed} to the socket;
 * what is a stream made of a seat's events is asked for one after the other.
 *
 * A refusal is a stream too, one that fails at once: the protocol then sends `error`, as it does when
 * access is lost later, and clients have one place for both.
 */
export function createSubscribe(shared: SharedExecution) {
  return async (args: OperationArgs): Promise<AsyncGenerator<ExecutionResult>> => {
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source))
      return new ResultStream(refused(source), () => source, null);
    const context = args.contextValue as Context;
    const { connection, boundConversation } = context;
    const { sink } = args;
    // The protocol keeps the arguments as long as the subscription lasts.
    args.sink = null;
    context.log.info(
      { operation: args.operation.name?.value, conversationId: boundConversation?.conversationId },
      'subscribed',
    );
    context.dropLoaders();
    if (source instanceof Seat && connection && sink) {
      return new SubscriptionPush(source, shared.rendererFor(args, context), connection, sink);
    }
    return new ResultStream(
      source as EventStream,
      (event) => executeOperation({ ...args, rootValue: event, contextValue: context.forEvent() }),
      () => connection?.interrupt(),
    );
  };
}

function refused({ errors }: ExecutionResult): EventStream {
  return {
    next: () => Promise.reject(errors![0]),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/**
 * Maps a source stream without a generator around it: ending it reaches the source at once, even before
 * the first event or while one is awaited.
 */
class ResultStream implements AsyncGenerator<ExecutionResult> {
  constructor(
    private readonly source: EventStream,
    private readonly toResult: (event: unknown) => ExecutionResult | Promise<ExecutionResult>,
    /** An event cannot be delivered now: its client has to come back for it. Null: there is nothing to come back for. */
    private readonly interrupt: (() => void) | null,
  ) {}

  async next(): Promise<IteratorResult<ExecutionResult>> {
    try {
      const step = await this.source.next();
      if (step.done) return { value: undefined, done: true };
      const result = await this.toResult(step.value);
      // Sent with an error in its place, the event would count as delivered, and be lost.
      const lost = result.errors?.find(
        ({ originalError }) => originalError instanceof UnavailableError,
      );
      if (!lost || !this.interrupt) return { value: result, done: false };
    } catch (error) {
      // Whoever awaits this asks no more after an error, and does not say that it goes.
      if (!(error instanceof UnavailableError) || !this.interrupt) return this.throw(error);
    }
    this.interrupt();
    return this.return();
  }

  async return(): Promise<IteratorResult<ExecutionResult>> {
    await this.source.return?.();
    return { value: undefined, done: true };
  }

  async throw(error: unknown): Promise<never> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
