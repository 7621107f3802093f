import type { Participant } from '../conversation/participant.entity';
import { ForbiddenError } from '../errors';
import type { Offer } from '../offer/offer.entity';
import type { OfferScope } from '../offer/offer.reader';
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

/** Returns true when the caller is one of the offer's two parties. */
export function isParty({ caller }: Context, { initiatorId, responderId }: Offer): boolean {
  const userId = userIdOf(caller);
  return userId === initiatorId || userId === responderId;
}

/**
 * Returns true when the caller is present in the offer's conversation and may see the offer there:
 * as a party, or because the offer was made after the caller joined. The platform sees every offer.
 */
export async function seesOffer(context: Context, offer: Offer): Promise<boolean> {
  const from = await seenFrom(context, offer.conversationId);
  if (from === null) return false;
  if (from === 0) return true;
  // The caller is read only here, where they joined late, as `founders` of `@DependsOn` promises.
  if (isParty(context, offer)) return true;
  return (await context.loaders.offerCreatedSequence.load(offer.id)) > from;
}

/**
 * Returns the scope in which the caller sees the offers of a conversation.
 *
 * @throws {ForbiddenError} when the caller is a user who is not present in the conversation
 */
export async function offerScope(context: Context, conversationId: string): Promise<OfferScope> {
  const from = await joinedSequence(context, conversationId);
  const userId = from === 0 ? null : userIdOf(context.caller);
  return { conversationId, joinedSequence: from, userId };
}
