import { Client } from 'pg';
import {
  BlockUserDocument,
  ConversationDocument,
  OfferDocument,
  RemoveParticipantDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import { Obstacle } from '../support/locks';
import type { Person } from '../support/person';
import { type Named, namingMutations, type SchemaMutation } from '../support/schema-mutations';
import { people } from './people';

const MUTATIONS = namingMutations();

/** In a pair with a block these go on. Every other mutation of the list is refused. */
const ACROSS_A_BLOCK = [
  'addParticipant',
  'archiveConversation',
  'declineOffer',
  'deleteMessage',
  'emitEvent',
  'leaveConversation',
  'markRead',
  'muteConversation',
  'postSystemMessage',
  'removeParticipant',
  'setTyping',
  'withdrawOffer',
];

/** Everything that a mutation may lock, of a conversation and of those who are in it. */
const LOCKS = `with c as (select id from conversations where id = $1 for update),
  p as (select user_id from participants where conversation_id = $1 and left_at is null
    for update),
  o as (select id from offers where conversation_id = $1 for update),
  m as (select id from messages where conversation_id = $1 for update),
  i as (select i.user_id from inboxes i join participants p using (user_id)
    where p.conversation_id = $1 and p.left_at is null for update of i),
  u as (select u.id from users u join participants p on p.user_id = u.id
    where p.conversation_id = $1 and p.left_at is null for no key update of u)
  select (select count(*) from c), (select count(*) from p), (select count(*) from o),
    (select count(*) from m), (select count(*) from i), (select count(*) from u)`;

describe('who may not change a conversation', () => {
  let cluster: Cluster;
  let obstacle: Obstacle;

  beforeAll(async () => {
    cluster = await Cluster.start();
    obstacle = await Obstacle.open(cluster.databaseUrl);
  });
  afterAll(async () => {
    await obstacle.close();
    await cluster.stop();
  });

  const attempt = (by: Person, { document, inputFor }: SchemaMutation, named: Named, to: Person) =>
    by.refusal(document, { input: inputFor(named, to.id) });

  /** A message of the first and an offer between the first two. */
  async function contentOf(conversationId: string, [first, second]: Person[]): Promise<Named> {
    const message = await sendBy(first!, conversationId);
    const offer = await offerBy(first!, conversationId, { recipientId: second!.id });
    return { conversationId, messageId: message.id, offerId: offer.id };
  }

  test('is known from the schema', () => {
    expect(MUTATIONS.map(({ name }) => name)).toEqual(
      expect.arrayContaining([...ACROSS_A_BLOCK, 'sendMessage', 'acceptOffer', 'editMessage']),
    );
  });

  describe('waits for no lock of it', () => {
    let named: Named;
    let inside: Person;
    let outsiders: [kind: string, person: Person][];

    beforeAll(async () => {
      const [alice, bob, removed, stranger] = await people(
        cluster,
        'alice',
        'bob',
        'removed',
        'stranger',
      );
      const { id } = await conversationOf([removed, alice, bob]);
      // The message and the offer of somebody who has been there are the closest to being theirs.
      named = await contentOf(id, [removed, bob]);
      await cluster.service().ask(RemoveParticipantDocument, {
        input: { conversationId: id, userId: removed.id },
      });
      inside = alice;
      outsiders = [
        ['a stranger', stranger],
        ['somebody who was removed', removed],
      ];
      await obstacle.set(LOCKS, [id]);
    });
    afterAll(() => obstacle.clear());

    test.each(MUTATIONS)('$name', async (mutation) => {
      for (const [kind, person] of outsiders)
        expect([kind, await attempt(person, mutation, named, inside)]).toEqual([kind, 'FORBIDDEN']);
    });
  });

  describe('waits for no lock of a pair that a block parts', () => {
    let named: Named;
    let pair: Person[];

    beforeAll(async () => {
      const [alice, bob] = await people(cluster, 'alice', 'bob');
      pair = [alice, bob];
      const { id } = await conversationOf(pair);
      named = await contentOf(id, pair);
      await alice.ask(BlockUserDocument, { input: { userId: bob.id } });
      await obstacle.set(LOCKS, [id]);
    });
    afterAll(() => obstacle.clear());

    test.each(MUTATIONS.filter(({ name }) => !ACROSS_A_BLOCK.includes(name)))(
      '$name',
      async (mutation) => {
        const [alice, bob] = pair as [Person, Person];
        expect(await attempt(alice, mutation, named, bob)).toBe('FORBIDDEN');
        expect(await attempt(bob, mutation, named, alice)).toBe('FORBIDDEN');
      },
    );
  });

  describe('is answered after as many statements', () => {
    let named: Named;
    let stranger: Person;
    let inside: Person;
    const missing = '01890000-0000-7000-8000-000000000000';
    const nowhere = { conversationId: missing, offerId: missing, messageId: missing };

    beforeAll(async () => {
      const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
      const { id } = await conversationOf([alice, bob]);
      named = await contentOf(id, [alice, bob]);
      inside = alice;
      stranger = carol;
    });

    /** The least of several counts: the node's own work meanwhile only adds to it. */
    async function statementsOf(request: () => Promise<unknown>): Promise<number> {
      const counts: number[] = [];
      while (counts.length < 5) {
        const query = jest.spyOn(Client.prototype, 'query');
        await request();
        counts.push(query.mock.calls.length);
        query.mockRestore();
      }
      return Math.min(...counts);
    }

    test.each(MUTATIONS)('for what is there as for what is not: $name', async (mutation) => {
      const ask = (ids: Named) => () => attempt(stranger, mutation, ids, inside);
      expect(await statementsOf(ask(named))).toBe(await statementsOf(ask(nowhere)));
    });

    test('for what is there as for what is not: reading', async () => {
      const offer = (id: string) => () => stranger.refusal(OfferDocument, { id });
      expect(await statementsOf(offer(named.offerId))).toBe(await statementsOf(offer(missing)));
      const conversation = (id: string) => () => stranger.refusal(ConversationDocument, { id });
      expect(await statementsOf(conversation(named.conversationId))).toBe(
        await statementsOf(conversation(missing)),
      );
    });
  });
});
