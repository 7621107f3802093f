import { randomUUID } from 'node:crypto';
import {
  AddParticipantDocument,
  ArchiveConversationDocument,
  ConversationDocument,
  type ConversationPartsFragment,
  ConversationsDocument,
  DeactivateUserDocument,
  StartConversationDocument,
  type StartConversationInput,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { people } from './people';

/** As many code points, each of two UTF-16 units. */
const emoji = (count: number) => '😀'.repeat(count);
const idsOf = ({ participants }: ConversationPartsFragment) =>
  participants.map(({ user }) => user.id).sort();
const idsIn = (persons: Person[]) => persons.map(({ id }) => id).sort();

describe('conversations', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    // Pages of 100 by the documents for clients are over the limit of cost.
    cluster = await Cluster.start({ env: { LIMIT_COST: '6000' } });
  });
  afterAll(() => cluster.stop());

  const start = async (starter: Person, input: StartConversationInput) =>
    (await starter.ask(StartConversationDocument, { input })).startConversation;
  const refusal = async (starter: Person, input: StartConversationInput) => {
    const { errors } = await starter.request(StartConversationDocument, { input });
    return errors?.[0]?.extensions;
  };

  describe('starting one of two people', () => {
    test('makes it once, whoever starts it and however often', async () => {
      const [alice, bob] = await people(cluster, 'alice', 'bob');
      const listingId = randomUUID();
      const first = await start(alice, { participantIds: [bob.id], listingId, subject: 'Bike' });
      expect(first).toMatchObject({
        created: true,
        conversation: {
          subject: 'Bike',
          listingId,
          lastSequence: 0,
          unreadCount: 0,
          archived: false,
        },
      });
      expect(idsOf(first.conversation)).toEqual(idsIn([alice, bob]));
      expect(first.conversation.participants.map(({ joinedSequence }) => joinedSequence)).toEqual([
        0, 0,
      ]);
      for (const [starter, other] of [
        [alice, bob],
        [bob, alice],
      ] as const)
        expect(
          await start(starter, { participantIds: [other.id], listingId, subject: 'Other' }),
        ).toEqual({
          created: false,
          conversation: first.conversation,
        });
    });

    test('at once from both sides, 20 times, makes one', async () => {
      const [alice, bob] = await people(cluster, 'alice', 'bob');
      const listingId = randomUUID();
      const started = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          index % 2
            ? start(alice, { participantIds: [bob.id], listingId })
            : start(bob, { participantIds: [alice.id], listingId }),
        ),
      );
      expect(new Set(started.map(({ conversation }) => conversation.id)).size).toBe(1);
      expect(started.filter(({ created }) => created)).toHaveLength(1);
      expect(idsOf(started[0]!.conversation)).toEqual(idsIn([alice, bob]));
    });

    test('makes one for each listing, none counting as one', async () => {
      const [alice, bob] = await people(cluster, 'alice', 'bob');
      const listings = [randomUUID(), randomUUID(), null];
      const made = await Promise.all(
        listings.map((listingId) => start(alice, { participantIds: [bob.id], listingId })),
      );
      expect(made.every(({ created }) => created)).toBe(true);
      expect(new Set(made.map(({ conversation }) => conversation.id)).size).toBe(3);
      const without = await start(bob, { participantIds: [alice.id] });
      expect(without).toEqual({ created: false, conversation: made[2]!.conversation });
    });

    test('counts the starter and whoever is named twice once', async () => {
      const [alice, bob] = await people(cluster, 'alice', 'bob');
      const made = await start(alice, { participantIds: [bob.id, alice.id, bob.id] });
      expect(idsOf(made.conversation)).toEqual(idsIn([alice, bob]));
      expect(await start(bob, { participantIds: [alice.id] })).toEqual({
        created: false,
        conversation: made.conversation,
      });
    });

    test('keeps it a pair: nobody can be added', async () => {
      const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
      const { id } = await conversationOf([alice, bob]);
      const input = { conversationId: id, userId: carol.id };
      expect(await alice.refusal(AddParticipantDocument, { input })).toBe('BAD_USER_INPUT');
      const { conversation } = await alice.ask(ConversationDocument, { id });
      expect(idsOf(conversation!)).toEqual(idsIn([alice, bob]));
      expect(conversation?.lastSequence).toBe(0);
    });
  });

  describe('starting a group', () => {
    test('makes a new one each time, with everybody in it', async () => {
      const group = await people(cluster, 'alice', 'bob', 'carol');
      const [alice, bob, carol] = group;
      const input = { participantIds: [bob.id, carol.id], listingId: randomUUID() };
      const first = await start(alice, input);
      const second = await start(alice, input);
      expect([first.created, second.created]).toEqual([true, true]);
      expect(second.conversation.id).not.toBe(first.conversation.id);
      expect(idsOf(first.conversation)).toEqual(idsIn(group));
    });

    test('with a clientConversationId makes it once, also when asked 20 times at once', async () => {
      const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
      const input = { participantIds: [bob.id, carol.id], clientConversationId: 'group-1' };
      const started = await Promise.all(Array.from({ length: 20 }, () => start(alice, input)));
      expect(new Set(started.map(({ conversation }) => conversation.id)).size).toBe(1);
      expect(started.filter(({ created }) => created)).toHaveLength(1);
      await sendBy(bob, started[0]!.conversation.id);
      expect(await start(alice, input)).toMatchObject({
        created: false,
        conversation: { id: started[0]!.conversation.id, lastSequence: 1 },
      });
    });

    test('with a clientConversationId used for something else is IDEMPOTENCY_MISMATCH', async () => {
      const [alice, bob, carol, dave] = await people(cluster, 'alice', 'bob', 'carol', 'dave');
      const input = { participantIds: [bob.id, carol.id], clientConversationId: 'group-1' };
      const { conversation } = await start(alice, input);
      for (const other of [
        { participantIds: [bob.id, dave.id] },
        { subject: 'Other' },
        { listingId: 'other' },
      ])
        expect(await refusal(alice, { ...input, ...other })).toEqual({
          code: 'IDEMPOTENCY_MISMATCH',
        });
      const ofBob = await start(bob, { ...input, participantIds: [alice.id, carol.id] });
      expect(ofBob.created).toBe(true);
      expect(ofBob.conversation.id).not.toBe(conversation.id);
    });

    test('repeated with its clientConversationId is answered, also when somebody in it was deactivated since', async () => {
      const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
      const input = { participantIds: [bob.id, carol.id], clientConversationId: 'group-1' };
      const { conversation } = await start(alice, input);
      await cluster.service().ask(DeactivateUserDocument, { input: { userId: carol.id } });
      expect(await refusal(alice, input)).toBeUndefined();
      expect(await start(alice, input)).toMatchObject({
        created: false,
        conversation: { id: conversation.id },
      });
    });

    test('has 50 participants at most', async () => {
      const [alice] = await people(cluster, 'alice');
      const others = await cluster.persons(...Array.from({ length: 50 }, () => randomUUID()));
      const participantIds = others.map(({ id }) => id);
      const tooMany = await refusal(alice, { participantIds });
      expect(tooMany).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.participantIds' });
      const { conversation } = await start(alice, { participantIds: participantIds.slice(1) });
      expect(conversation.participants).toHaveLength(50);
      const input = { conversationId: conversation.id, userId: participantIds[0]! };
      expect(await alice.refusal(AddParticipantDocument, { input })).toBe('BAD_USER_INPUT');
    });
  });

  describe('what cannot be started', () => {
    test('a conversation with nobody else', async () => {
      const [alice] = await people(cluster, 'alice');
      const expected = { code: 'BAD_USER_INPUT', field: 'input.participantIds' };
      expect(await refusal(alice, { participantIds: [] })).toMatchObject(expected);
      expect(await refusal(alice, { participantIds: [alice.id] })).toMatchObject(expected);
    });

    test.each(['unknown', 'deactivated', 'no possible id'] as const)(
      'one with somebody who is %s: NOT_FOUND',
      async (kind) => {
        const [alice, bob, gone] = await people(cluster, 'alice', 'bob', 'gone');
        await cluster.service().ask(DeactivateUserDocument, { input: { userId: gone.id } });
        const id = { unknown: randomUUID(), deactivated: gone.id, 'no possible id': 'nul\0nul' }[
          kind
        ];
        expect(await refusal(alice, { participantIds: [id] })).toEqual({ code: 'NOT_FOUND' });
        expect(await refusal(alice, { participantIds: [bob.id, id] })).toEqual({
          code: 'NOT_FOUND',
        });
        expect((await alice.ask(ConversationsDocument, {})).conversations.nodes).toEqual([]);
      },
    );

    test('one with a text that is too long, in code points, or cannot be kept', async () => {
      const [alice, bob] = await people(cluster, 'alice', 'bob');
      const participantIds = [bob.id];
      const bad = (field: string) => ({
        code: 'BAD_USER_INPUT',
        field: `input.${field}`,
        reason: expect.any(String),
      });
      expect(await refusal(alice, { participantIds, subject: emoji(201) })).toEqual(bad('subject'));
      expect(await refusal(alice, { participantIds, subject: 'nul \0' })).toEqual(bad('subject'));
      expect(await refusal(alice, { participantIds, listingId: 'nul \0' })).toEqual(
        bad('listingId'),
      );
      const tooLong = { participantIds, clientConversationId: 'x'.repeat(65) };
      expect(await refusal(alice, tooLong)).toEqual(bad('clientConversationId'));
      const { conversation } = await start(alice, { participantIds, subject: emoji(200) });
      expect(conversation.subject).toBe(emoji(200));
    });
  });

  describe('the list', () => {
    const list = async (
      person: Person,
      variables: { archived?: boolean; first?: number; after?: string | null } = {},
    ) => (await person.ask(ConversationsDocument, variables)).conversations;
    const ids = (page: { nodes: { id: string }[] }) => page.nodes.map(({ id }) => id);

    test('has the newest activity first, of whatever kind it is', async () => {
      const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
      const first = await conversationOf([alice, bob]);
      const second = await conversationOf([bob, alice]);
      const third = await conversationOf([alice, bob, carol]);
      expect(ids(await list(alice))).toEqual([third.id, second.id, first.id]);
      await sendBy(bob, first.id);
      expect(ids(await list(alice))).toEqual([first.id, third.id, second.id]);
      await offerBy(alice, second.id);
      expect(ids(await list(alice))).toEqual([second.id, first.id, third.id]);
      expect(ids(await list(carol))).toEqual([third.id]);
    });

    test('is paged without repeating or missing one', async () => {
      const [alice, bob] = await people(cluster, 'alice', 'bob');
      const made: string[] = [];
      for (let index = 0; index < 7; index++) made.push((await conversationOf([alice, bob])).id);
      const walked: string[] = [];
      let after: string | null = null;
      for (
        let page = await list(alice, { first: 3 });
        ;
        page = await list(alice, { first: 3, after })
      ) {
        expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
        walked.push(...ids(page));
        after = page.pageInfo.endCursor ?? null;
        if (!page.pageInfo.hasNextPage) break;
      }
      expect(walked).toEqual(made.reverse());
      const beyond = await list(alice, { first: 3, after });
      expect(beyond).toMatchObject({
        nodes: [],
        pageInfo: { hasNextPage: false, startCursor: null, endCursor: null },
      });
    });

    test('has 20 on a page by default and 100 at most', async () => {
      const [alice, bob] = await people(cluster, 'alice', 'bob');
      await Promise.all(Array.from({ length: 21 }, () => conversationOf([alice, bob])));
      expect((await list(alice)).nodes).toHaveLength(20);
      expect((await list(alice, { first: 100 })).nodes).toHaveLength(21);
      for (const first of [0, -1, 101])
        expect(await alice.refusal(ConversationsDocument, { first })).toBe('BAD_USER_INPUT');
    });

    test.each([
      ['nonsense', 'nonsense'],
      ['another list', Buffer.from('messages|1').toString('base64url')],
      ['no time', Buffer.from(`conversations|yesterday|${randomUUID()}`).toString('base64url')],
      [
        'no id',
        Buffer.from('conversations|2026-11-22T20:15:30.123Z|nonsense').toString('base64url'),
      ],
      [
        'a time before all',
        Buffer.from(`conversations|0000-01-01T00:00:00.000Z|${randomUUID()}`).toString('base64url'),
      ],
      [
        'a time after all',
        Buffer.from(`conversations|+275760-09-13T00:00:00.000Z|${randomUUID()}`).toString(
          'base64url',
        ),
      ],
    ])('refuses a cursor that is none of its own: %s', async (_name, after) => {
      const [alice] = await people(cluster, 'alice');
      const { errors } = await alice.request(ConversationsDocument, { after });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' });
    });

    test('keeps what one archived apart, for oneself alone, until a new message', async () => {
      const [alice, bob] = await people(cluster, 'alice', 'bob');
      const { id } = await conversationOf([alice, bob]);
      const archive = async (person: Person, archived: boolean) =>
        (await person.ask(ArchiveConversationDocument, { input: { conversationId: id, archived } }))
          .archiveConversation;
      expect((await archive(alice, true)).conversation).toEqual({ id, archived: true });
      expect([ids(await list(alice)), ids(await list(alice, { archived: true }))]).toEqual([
        [],
        [id],
      ]);
      expect([ids(await list(bob)), ids(await list(bob, { archived: true }))]).toEqual([[id], []]);
      await archive(alice, false);
      expect([ids(await list(alice)), ids(await list(alice, { archived: true }))]).toEqual([
        [id],
        [],
      ]);
      await Promise.all([archive(alice, true), archive(bob, true)]);
      await sendBy(alice, id);
      expect([ids(await list(alice)), ids(await list(bob))]).toEqual([[id], [id]]);
    });
  });
});
