import { randomUUID } from 'node:crypto';
import type { Services } from '../graphql/services';
import { OfferItemKind } from '../offer/offer.entity';
import type { Caller } from '../people/caller';
import { DEMO_USERS } from './demo.users';

const as = (userId: string): Caller => ({ kind: 'user', userId });

/**
 * Fills a new installation with demo data: four users, a conversation about a bicycle, and in it an
 * offer of each of the two, so that both have one to answer. A repeated call changes nothing.
 */
export async function seedDemo(services: Services): Promise<void> {
  const { people, conversations, messages } = services;
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
  await seedOffers(services, conversation.id);
}

async function seedOffers({ offers }: Services, conversationId: string): Promise<void> {
  const { SERVICE, GOODS, MONEY } = OfferItemKind;
  await offers.service.create(as('alice'), {
    conversationId,
    items: [
      { giverId: 'alice', kind: SERVICE, description: 'Two hours of website repair' },
      { giverId: 'bob', kind: GOODS, description: 'City bicycle', reference: 'listing-1' },
      { giverId: 'alice', kind: MONEY, amount: 2_500, currency: 'EUR' },
    ],
    note: 'And 25 euros on top.',
  });
  await offers.service.create(as('bob'), {
    conversationId,
    items: [
      { giverId: 'bob', kind: GOODS, description: 'Two bicycle lamps' },
      { giverId: 'alice', kind: MONEY, amount: 1_200, currency: 'EUR' },
    ],
    note: 'They fit the bicycle.',
  });
}
