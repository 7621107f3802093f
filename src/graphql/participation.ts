import type { Participant } from '../conversation/participant.entity';
import { ForbiddenError } from '../errors';
import { userIdOf } from '../people/caller';
import type { Context } from './context';

/**
 * Returns the caller's own participation in a conversation, or null for a service token.
 *
 * @throws {ForbiddenError} when the caller is a user who is not present in the conversation
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

/**
 * Returns the caller's joined sequence: the caller sees the events with a greater sequence. It is 0
 * for a service token, which sees everything, and null for a user who is not present.
 */
export async function seenFrom(context: Context, conversationId: string): Promise<number | null> {
  if (context.boundConversation?.conversationId === conversationId)
    return context.boundConversation.joinedSequence;
  const userId = userIdOf(context.caller);
  if (userId === null) return 0;
  const participants = await context.loaders.participants.load(conversationId);
  return participants.find((participant) => participant.userId === userId)?.joinedSequence ?? null;
}

/**
 * Returns the caller's joined sequence, as {@link seenFrom} does.
 *
 * @throws {ForbiddenError} when the caller is a user who is not present in the conversation
 */
export async function joinedSequence(context: Context, conversationId: string): Promise<number> {
  const from = await seenFrom(context, conversationId);
  if (from === null) throw new ForbiddenError();
  return from;
}
