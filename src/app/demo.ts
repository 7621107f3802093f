import { randomUUID } from 'node:crypto';
import type { Services } from '../graphql/services';
import { OfferItemKind } from '../offer/offer.entity';
import type { Caller } from '../people/caller';
import { DEMO_USERS } from './demo.users';

const as = (userId: string): Caller => ({ kind: 'user', userId });

/**
 * Fills a new installation with demo data: four users, a conversation about a bicycle, and an
 * offer. A repeated call changes nothing.
 */
export async function seedDemo({
  people,
  conversations,
  messages,
  offers,
}: Services): Promise<void> {
  const upserted = await people.users.upsert(DEMO_USERS, (index) => `users.${index}`);
  const { conversation, created } = await conversations.service.start(as('alice'), {
    participantIds: ['bob'],
    subject: 'City bicycle',
    listingId: 'listing-1',
  });
  if (!created || !upserted.some((one) => one.created)) return;
  const say = (userId: string, content: string) =>
    messages.service.send(as(userId), {
      conversationId: conversation.id,
      content,
      clientMessageId: randomUUID(),
    });
  await say('alice', 'Hi Bob, is the bicycle still there?');
  await say('bob', 'It is. Would you fix my website for it?');
  await offers.service.create(as('alice'), {
    conversationId: conversation.id,
    items: [
      { giverId: 'alice', kind: OfferItemKind.SERVICE, description: 'Two hours of website repair' },
      {
        giverId: 'bob',
        kind: OfferItemKind.GOODS,
        description: 'City bicycle',
        reference: 'listing-1',
      },
      { giverId: 'alice', kind: OfferItemKind.MONEY, amount: 2_500, currency: 'EUR' },
    ],
    note: 'And 25 euros on top.',
  });
}
