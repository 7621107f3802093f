import type { Participant } from '../../conversation/participant.entity';
import { EventHints, type HintStream } from '../../delivery/hint.stream';
import type { BusEvent, LogEvent, MessagesRead } from '../../events';
import { requireUser, userIdOf } from '../../people/caller';
import type { Context } from '../context';
import { scopedHintSeat } from './conversation.seat';
import { hintFailure } from './seat.options';

/** A participant's reading mark moved on, because they read or sent a message. */
export interface ReadMark {
  conversationId: string;
  userId: string;
  lastReadSequence: number;
  readAt: string;
  participant: Participant;
}

/**
 * Reading marks as they move on, never back: of one conversation, or without an id of all the
 * caller's. The caller's own marks are included, for their other devices; those of users with a
 * block between them and the caller are left out.
 *
 * @throws {ForbiddenError} the conversation is not the caller's
 */
export async function readMarkStream(
  context: Context,
  conversationId: string | null,
): Promise<HintStream<ReadMark>> {
  const userId = () => requireUser(context.caller).userId;
  const seat = await scopedHintSeat(context, conversationId, userId, movesMark);
  const callerId = userIdOf(context.caller);
  const { marks } = context.services.conversations;

  async function tell(event: MessagesRead | LogEvent): Promise<ReadMark | null> {
    const mark = event.name === 'messages.read' ? event : markOfSend(event);
    if (!marks.note(mark)) return null;
    const participant = await findReader(context, callerId, mark);
    return participant && { ...mark, participant };
  }

  return new EventHints(seat, hintFailure(context), tell);
}

/** The reader as a participant; null when the caller must not be told of them. */
async function findReader(
  { services }: Context,
  callerId: string | null,
  { conversationId, userId }: { conversationId: string; userId: string },
): Promise<Participant | null> {
  const isOther = callerId !== null && callerId !== userId;
  if (isOther && (await services.people.blocks.isBetween(callerId, userId))) return null;
  const [present] = await services.conversations.reader.participantsOf([conversationId]);
  // The caller may have left since the event.
  if (callerId !== null && !present!.some((one) => one.userId === callerId)) return null;
  return present!.find((one) => one.userId === userId) ?? null;
}

function movesMark(event: BusEvent): boolean {
  if (event.name === 'messages.read') return true;
  return event.name === 'log.appended' && event.kind === 'MESSAGE_ADDED' && event.actorId !== null;
}

/** Sending marks the conversation read for its sender. */
function markOfSend({ conversationId, actorId, sequence, at }: LogEvent) {
  return { conversationId, userId: actorId!, lastReadSequence: sequence, readAt: at };
}
