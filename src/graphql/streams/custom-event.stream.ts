import { EventHints, type HintStream } from '../../delivery/hint.stream';
import type { CustomEmitted } from '../../events';
import { requireUser } from '../../people/caller';
import type { Context } from '../context';
import { scopedHintSeat } from './conversation.seat';
import { hintFailure, named } from './seat.options';

/**
 * Events that the host platform emits to the conversation; without an id, those to the caller and
 * to all their conversations.
 *
 * @throws {ForbiddenError} the conversation is not the caller's
 */
export async function customEventStream(
  context: Context,
  conversationId: string | null,
): Promise<HintStream<CustomEmitted>> {
  const userId = () => requireUser(context.caller).userId;
  const seat = await scopedHintSeat(context, conversationId, userId, named('custom.emitted'));
  return new EventHints(seat, hintFailure(context));
}
