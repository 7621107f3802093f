import { createSourceEventStream, type ExecutionResult, GraphQLError } from 'graphql';
import { FollowedStream } from '../delivery/followed.stream';
import type { HintStream } from '../delivery/hint.stream';
import type { Source } from '../delivery/source';
import type { Context } from '../graphql/context';
import type { OperationArgs } from './execution';
import type { OperationLimit } from './operation.limit';
import { runOperation } from './operation.span';
import type { MapToRoot, SharedExecution } from './shared-execution';
import { SubscriptionPush } from './subscription.push';
import { selectsField } from './subscription.rule';
import type { Traffic } from './traffic';

/**
 * Makes the function that starts a subscription. It runs the field's `subscribe`, whose stream is
 * pushed to the socket from then on.
 *
 * A refusal is a stream as well, one that fails at once: graphql-ws then sends `error`, as it does
 * when access is lost later, so clients handle both in one place.
 */
export function createSubscribe(shared: SharedExecution, limit: OperationLimit, traffic: Traffic) {
  return async (args: OperationArgs): Promise<AsyncGenerator<ExecutionResult>> => {
    const context = args.contextValue as Context;
    const begin = () => start(args, context, limit);
    const stream = await runOperation(traffic, args, begin);
    if (!(Symbol.asyncIterator in stream)) return refusal(stream);
    const { connection, boundConversation } = context;
    const { sink } = args;
    // graphql-ws keeps the arguments and their context as long as the subscription lasts.
    args.sink = null;
    context.log.info(
      {
        operation: args.operation.name?.value,
        conversationId: boundConversation?.conversationId,
      },
      'subscribed',
    );
    // The span is that of the start. What follows is told event by event.
    context.span = null;
    context.dropLoaders();
    const isFollowed = stream instanceof FollowedStream;
    const source: Source<unknown> = isFollowed ? stream.seat : (stream as HintStream<unknown>);
    const map = isFollowed ? (stream.map as MapToRoot | null) : null;
    const renderer = shared.rendererFor(args, context, map);
    return new SubscriptionPush(source, renderer, connection!, sink!, isFollowed);
  };
}

async function start(args: OperationArgs, context: Context, limit: OperationLimit) {
  try {
    if (!selectsField(args)) throw noField();
    return await limit.run(context, () => createSourceEventStream(args), { tidy: close });
  } catch (error) {
    return { errors: [error as Error] };
  }
}

/** Gives up a stream that nobody reads. */
function close(stream: AsyncIterable<unknown> | ExecutionResult): void {
  if (Symbol.asyncIterator in stream) void stream[Symbol.asyncIterator]().return?.();
}

function noField(): GraphQLError {
  return new GraphQLError('The subscription selects no field.', {
    extensions: { code: 'BAD_REQUEST' },
  });
}

async function* refusal({ errors }: { errors?: readonly Error[] }): AsyncGenerator<never> {
  yield await Promise.reject(errors![0]);
}
