import { randomUUID } from 'node:crypto';
import {
  type ConversationPartsFragment,
  CreateOfferDocument,
  type CreateOfferInput,
  type MessagePartsFragment,
  type OfferPartsFragment,
  SendMessageDocument,
  type SendMessageInput,
  StartConversationDocument,
  type StartConversationInput,
} from '../generated/graphql';
import type { Person } from './person';

/** A conversation that the first person starts with the others. */
export async function conversationOf(
  [starter, ...others]: readonly Person[],
  overrides: Partial<StartConversationInput> = {},
): Promise<ConversationPartsFragment> {
  const input = {
    participantIds: others.map((other) => other.id),
    listingId: randomUUID(),
    ...overrides,
  };
  return (await starter!.ask(StartConversationDocument, { input })).startConversation.conversation;
}

export async function sendBy(
  sender: Person,
  conversationId: string,
  overrides: Partial<SendMessageInput> = {},
): Promise<MessagePartsFragment> {
  const input = { conversationId, content: `hello ${randomUUID()}`, ...overrides };
  return (await sender.ask(SendMessageDocument, { input })).sendMessage.message;
}

/** An offer of money by the first person to the second. */
export async function offerBy(
  proposer: Person,
  conversationId: string,
  overrides: Partial<CreateOfferInput> = {},
): Promise<OfferPartsFragment> {
  const items = [{ giverId: proposer.id, kind: 'MONEY' as const, amount: 2_500, currency: 'EUR' }];
  const input = { conversationId, items, ...overrides };
  return (await proposer.ask(CreateOfferDocument, { input })).createOffer.offer;
}
