import { randomUUID } from 'node:crypto';
import {
  AcceptOfferDocument,
  ConversationOffersDocument,
  DeclineOfferDocument,
  type OfferPartsFragment,
  type OfferStatus,
  OffersDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy } from '../support/factories';
import type { Person } from '../support/person';
import { people } from './people';

describe('lists of offers', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    // Pages of 100 by the documents for clients are over the limit of cost.
    cluster = await Cluster.start({ env: { LIMIT_COST: '6000' } });
  });
  afterAll(() => cluster.stop());

  /** Alice's with Bob, oldest first, and one of Bob and Carol that is none of hers. */
  async function manyOffers() {
    const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
    const [group, pair] = [
      await conversationOf([alice, bob, carol]),
      await conversationOf([alice, bob]),
    ];
    const offers: OfferPartsFragment[] = [];
    for (let index = 0; index < 6; index++) {
      const [from, to] = index % 2 ? [bob, alice] : [alice, bob];
      offers.push(await offerBy(from, index < 4 ? group.id : pair.id, { recipientId: to.id }));
    }
    const foreign = await offerBy(bob, group.id, { recipientId: carol.id });
    await bob.ask(AcceptOfferDocument, { input: { offerId: offers[0]!.id, version: 1 } });
    await bob.ask(DeclineOfferDocument, { input: { offerId: offers[2]!.id, version: 1 } });
    return { alice, bob, carol, group, pair, ids: offers.map(({ id }) => id), foreign: foreign.id };
  }
  const mine = async (person: Person, status?: OfferStatus[]) =>
    (await person.ask(OffersDocument, { status: status ?? null })).offers.nodes.map(({ id }) => id);

  test('hold one’s own, made or received, in all conversations, newest first', async () => {
    const { alice, bob, carol, ids, foreign } = await manyOffers();
    expect(await mine(alice)).toEqual([...ids].reverse());
    expect(await mine(bob)).toEqual([...ids, foreign].reverse());
    expect(await mine(carol)).toEqual([foreign]);
  });

  test('hold a conversation’s, newest first, for whoever is in it', async () => {
    const { carol, group, ids, foreign } = await manyOffers();
    const { conversation } = await carol.ask(ConversationOffersDocument, { id: group.id });
    expect(conversation!.offers.nodes.map(({ id }) => id)).toEqual([
      foreign,
      ...ids.slice(0, 4).reverse(),
    ]);
  });

  test('are narrowed by status', async () => {
    const { alice, group, ids, foreign } = await manyOffers();
    expect(await mine(alice, ['ACCEPTED'])).toEqual([ids[0]]);
    expect(await mine(alice, ['DECLINED', 'ACCEPTED'])).toEqual([ids[2], ids[0]]);
    expect(await mine(alice, ['COMPLETED'])).toEqual([]);
    const { conversation } = await alice.ask(ConversationOffersDocument, {
      id: group.id,
      status: ['PENDING'],
    });
    expect(conversation!.offers.nodes.map(({ id }) => id)).toEqual([foreign, ids[3], ids[1]]);
  });

  test('are paged without repeating or missing one, narrowed or not', async () => {
    const { alice, group, ids, foreign } = await manyOffers();
    const ofGroup = { id: group.id, first: 2, status: ['PENDING' as const] };
    const walk = async (
      next: (after: string | null) => Promise<{
        nodes: { id: string }[];
        pageInfo: { hasNextPage: boolean; endCursor?: string | null };
      }>,
    ) => {
      const walked: string[] = [];
      for (let after: string | null = null; ; ) {
        const page = await next(after);
        walked.push(...page.nodes.map(({ id }) => id));
        if (!page.pageInfo.hasNextPage) return walked;
        after = page.pageInfo.endCursor!;
      }
    };
    const all = await walk(
      async (after) => (await alice.ask(OffersDocument, { first: 4, after })).offers,
    );
    expect(all).toEqual([...ids].reverse());
    const pending = await walk(
      async (after) =>
        (await alice.ask(ConversationOffersDocument, { ...ofGroup, after })).conversation!.offers,
    );
    expect(pending).toEqual([foreign, ids[3], ids[1]]);
  });

  test.each([
    ['no item', { first: 0 }],
    ['too many items', { first: 101 }],
    ['a cursor that is none', { after: 'nonsense' }],
    [
      'a cursor with a time before all',
      {
        after: Buffer.from(`offers|0000-01-01T00:00:00.000Z|${randomUUID()}`).toString('base64url'),
      },
    ],
  ])('refuse a page with %s', async (_name, page) => {
    const { alice, group } = await manyOffers();
    expect(await alice.refusal(OffersDocument, page)).toBe('BAD_USER_INPUT');
    expect(await alice.refusal(ConversationOffersDocument, { id: group.id, ...page })).toBe(
      'BAD_USER_INPUT',
    );
  });
});
