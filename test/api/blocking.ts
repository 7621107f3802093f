import { BlockUserDocument, UnblockUserDocument } from '../generated/graphql';
import type { EventStream } from '../support/event-stream';
import type { Person } from '../support/person';

/** Resolves when the block is in force. */
export async function block(blocker: Person, { id: userId }: Person): Promise<void> {
  await blocker.ask(BlockUserDocument, { input: { userId } });
}

export async function unblock(blocker: Person, { id: userId }: Person): Promise<void> {
  await blocker.ask(UnblockUserDocument, { input: { userId } });
}

/** Does something again and again until the streams have heard it: nothing else announces that a live one is in force. */
export async function inForce(
  streams: readonly EventStream<unknown>[],
  act: () => Promise<unknown>,
): Promise<void> {
  do {
    await act();
    await new Promise(setImmediate);
  } while (streams.some(({ received }) => received.length === 0));
}
