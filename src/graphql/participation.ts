import type { Participant } from '../conversation/participant.entity';
import { ForbiddenError } from '../errors';
import { userIdOf } from '../people/caller';
import type { Context } from './context';

/**
 * The viewer's own part in a conversation; null for a service token.
 *
 * @throws {ForbiddenError} a person who is not, or not any more, present
 */
export async function ownParticipation(
  context: Context,
  conversationId: string,
): Promise<Participant | null> {
  const userId = userIdOf(context.caller);
  if (userId === null) return null;
  const participants = await context.loaders.participants.load(conversationId);
  const own = participants.find((participant) => participant.userId === userId);
  if (!own) throw new ForbiddenError();
  return own;
}

/** From which sequence on the viewer sees the conversation; null: not at all. */
export async function seenFrom(context: Context, conversationId: string): Promise<number | null> {
  if (context.boundConversation?.conversationId === conversationId)
    return context.boundConversation.joinedSequence;
  const userId = userIdOf(context.caller);
  if (userId === null) return 0;
  const participants = await context.loaders.participants.load(conversationId);
  return participants.find((participant) => participant.userId === userId)?.joinedSequence ?? null;
}

/**
 * From which sequence on the viewer sees the conversation.
 *
 * @throws {ForbiddenError} a person who is not, or not any more, present
 */
export async function joinedSequence(context: Context, conversationId: string): Promise<number> {
  const from = await seenFrom(context, conversationId);
  if (from === null) throw new ForbiddenError();
  return from;
}
