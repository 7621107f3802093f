import { randomUUID } from 'node:crypto';
import {
  AcceptOfferDocument,
  AddParticipantDocument,
  ArchiveConversationDocument,
  CancelOfferDocument,
  ConversationDocument,
  ConversationsDocument,
  DeactivateUserDocument,
  EditMessageDocument,
  LeaveConversationDocument,
  MessageAddedDocument,
  MessagesDocument,
  OfferDocument,
  ParticipantsDocument,
  RemoveParticipantDocument,
  SendMessageDocument,
  StartConversationDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { people } from './people';

describe('who is in a conversation', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  const add = (actor: Person, conversationId: string, userId: string) =>
    actor.request(AddParticipantDocument, { input: { conversationId, userId } });
  const leave = (actor: Person, conversationId: string) =>
    actor.request(LeaveConversationDocument, { input: { conversationId } });
  const remove = (actor: Person, conversationId: string, userId: string) =>
    actor.request(RemoveParticipantDocument, { input: { conversationId, userId } });
  const codeOf = ({ errors }: { errors?: readonly { extensions?: Record<string, unknown> }[] }) =>
    errors?.[0]?.extensions?.code;
  const read = async (viewer: Person, id: string) =>
    (await viewer.ask(ConversationDocument, { id })).conversation!;
  const messagesOf = async (
    viewer: Person,
    id: string,
    page: { first?: number; after?: string; last?: number; before?: string } = {},
  ) => (await viewer.ask(MessagesDocument, { id, ...page })).conversation!.messages;
  const part = async (viewer: Person, id: string, userId: string) =>
    (await viewer.ask(ParticipantsDocument, { id })).conversation!.participants.find(
      ({ user }) => user.id === userId,
    );

  async function group() {
    const [alice, bob, carol, dave] = await people(cluster, 'alice', 'bob', 'carol', 'dave');
    const { id } = await conversationOf([alice, bob, carol]);
    return { alice, bob, carol, dave, id };
  }

  describe('adding to a group', () => {
    test('is for any participant, and for nobody else', async () => {
      const { bob, dave, id } = await group();
      const [stranger] = await people(cluster, 'stranger');
      expect(codeOf(await add(dave, id, dave.id))).toBe('FORBIDDEN');
      expect(codeOf(await add(cluster.service(), id, dave.id))).toBe('FORBIDDEN');
      const { data } = await add(bob, id, dave.id);
      expect(data?.addParticipant.conversation.participants).toHaveLength(4);
      expect(codeOf(await add(dave, id, stranger.id))).toBeUndefined();
      expect((await read(stranger, id)).participants).toHaveLength(5);
    });

    test('wants somebody who is there: NOT_FOUND', async () => {
      const { alice, dave, id } = await group();
      await cluster.service().ask(DeactivateUserDocument, { input: { userId: dave.id } });
      for (const userId of [randomUUID(), dave.id, ''])
        expect(codeOf(await add(alice, id, userId))).toBe('NOT_FOUND');
      expect((await read(alice, id)).lastSequence).toBe(0);
    });

    test('of somebody with an id that the database cannot hold is NOT_FOUND', async () => {
      const { alice, id } = await group();
      expect(codeOf(await add(alice, id, 'nul\0nul'))).toBe('NOT_FOUND');
    });

    test('goes on while two are left in it: a group stays a group', async () => {
      const { alice, carol, dave, id } = await group();
      await leave(carol, id);
      expect(codeOf(await add(alice, id, dave.id))).toBeUndefined();
    });
  });

  describe('somebody who was added', () => {
    async function latecomer() {
      const { alice, bob, dave, id } = await group();
      const hidden = await sendBy(alice, id, { content: 'before' });
      const hiddenCursor = (await messagesOf(alice, id)).pageInfo.endCursor!;
      await add(bob, id, dave.id);
      return { alice, bob, dave, id, hidden, hiddenCursor };
    }

    test('sees what has a greater sequence than their joinedSequence, and nothing before', async () => {
      const { alice, dave, id, hidden } = await latecomer();
      expect(await read(dave, id)).toMatchObject({
        lastMessage: null,
        unreadCount: 0,
        lastSequence: 2,
      });
      expect(await part(alice, id, dave.id)).toMatchObject({
        joinedSequence: 2,
        lastReadSequence: 2,
        lastReadAt: null,
      });
      expect((await messagesOf(dave, id)).nodes).toEqual([]);
      const reply = await sendBy(alice, id, { content: 'after', replyToId: hidden.id });
      expect(reply.replyTo).toEqual({ id: hidden.id });
      const seen = { ...reply, replyTo: null };
      expect((await messagesOf(dave, id)).nodes).toEqual([seen]);
      expect(await read(dave, id)).toMatchObject({ lastMessage: seen, unreadCount: 1 });
      expect((await messagesOf(alice, id)).nodes).toEqual([hidden, reply]);
    });

    test('gets no further with somebody else’s cursor', async () => {
      const { alice, dave, id, hiddenCursor } = await latecomer();
      const visible = await sendBy(alice, id);
      expect((await messagesOf(dave, id, { before: hiddenCursor, last: 5 })).edges).toEqual([]);
      expect((await messagesOf(dave, id, { after: hiddenCursor, first: 5 })).nodes).toEqual([
        visible,
      ]);
      const page = await messagesOf(dave, id, { last: 1 });
      expect(page).toMatchObject({
        nodes: [visible],
        pageInfo: { hasPreviousPage: false, hasNextPage: false },
      });
    });

    test('cannot reply to what they do not see', async () => {
      const { alice, dave, id, hidden } = await latecomer();
      const input = { conversationId: id, content: 're', replyToId: hidden.id };
      expect(await dave.refusal(SendMessageDocument, { input })).toBe('NOT_FOUND');
      expect(await alice.refusal(SendMessageDocument, { input })).toBeNull();
    });

    test('is told nothing of before by a subscription, whatever its position', async () => {
      const { alice, dave, id } = await latecomer();
      const stream = dave.subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
      const visible = await sendBy(alice, id);
      expect((await stream.next()).messageAdded).toEqual(visible);
      expect(stream.received).toHaveLength(1);
    });
  });

  describe('leaving', () => {
    test('ends all access, and the others go on', async () => {
      const { alice, bob, id } = await group();
      await sendBy(bob, id);
      const { data } = await leave(bob, id);
      expect(data?.leaveConversation).toEqual({ conversationId: id });
      expect(await bob.refusal(ConversationDocument, { id })).toBe('FORBIDDEN');
      expect(
        await bob.refusal(SendMessageDocument, { input: { conversationId: id, content: 'hi' } }),
      ).toBe('FORBIDDEN');
      expect(codeOf(await leave(bob, id))).toBe('FORBIDDEN');
      expect((await bob.ask(ConversationsDocument, {})).conversations.nodes).toEqual([]);
      const { participants, lastSequence } = await read(alice, id);
      expect(participants.map(({ user }) => user.id)).not.toContain(bob.id);
      expect(lastSequence).toBe(2);
      expect((await messagesOf(alice, id)).nodes[0]?.sender?.id).toBe(bob.id);
    });

    test('and being added again is joining anew', async () => {
      const { alice, bob, id } = await group();
      const own = await sendBy(bob, id);
      await bob.ask(ArchiveConversationDocument, { input: { conversationId: id, archived: true } });
      await leave(bob, id);
      await sendBy(alice, id, { content: 'meanwhile' });
      await add(alice, id, bob.id);
      expect(await part(alice, id, bob.id)).toMatchObject({
        joinedSequence: 4,
        lastReadSequence: 4,
        lastReadAt: null,
      });
      expect(await read(bob, id)).toMatchObject({
        lastMessage: null,
        unreadCount: 0,
        archived: false,
      });
      expect((await messagesOf(bob, id)).nodes).toEqual([]);
      const edit = { messageId: own.id, content: 'from before' };
      expect(await bob.refusal(EditMessageDocument, { input: edit })).toBe('FORBIDDEN');
      const after = await sendBy(alice, id);
      expect((await messagesOf(bob, id)).nodes).toEqual([after]);
    });

    test('a pair makes room: starting it again makes a new conversation', async () => {
      const [alice, bob] = await people(cluster, 'alice', 'bob');
      const listingId = randomUUID();
      const first = await conversationOf([alice, bob], { listingId });
      await sendBy(alice, first.id);
      await leave(bob, first.id);
      const restarted = (
        await bob.ask(StartConversationDocument, {
          input: { participantIds: [alice.id], listingId },
        })
      ).startConversation;
      expect(restarted).toMatchObject({ created: true, conversation: { lastSequence: 0 } });
      expect(restarted.conversation.id).not.toBe(first.id);
      const again = await alice.ask(StartConversationDocument, {
        input: { participantIds: [bob.id], listingId },
      });
      expect(again.startConversation).toEqual({ ...restarted, created: false });
      expect((await messagesOf(alice, first.id)).nodes).toHaveLength(1);
      expect(await bob.refusal(ConversationDocument, { id: first.id })).toBe('FORBIDDEN');
      expect(codeOf(await add(alice, first.id, bob.id))).toBe('BAD_USER_INPUT');
    });

    test('with an accepted offer is CONFLICT, for either party, until it is settled', async () => {
      const { alice, bob, carol, id } = await group();
      const offer = await offerBy(alice, id, { recipientId: bob.id });
      await bob.ask(AcceptOfferDocument, { input: { offerId: offer.id, version: 1 } });
      expect(codeOf(await leave(alice, id))).toBe('CONFLICT');
      expect(codeOf(await leave(bob, id))).toBe('CONFLICT');
      expect(codeOf(await leave(carol, id))).toBeUndefined();
      await alice.ask(CancelOfferDocument, { input: { offerId: offer.id, version: 2 } });
      expect(codeOf(await leave(alice, id))).toBeUndefined();
      expect(codeOf(await leave(bob, id))).toBeUndefined();
    });

    test('ends one’s own pending offers: declined or withdrawn', async () => {
      const { alice, bob, carol, id } = await group();
      const made = await offerBy(bob, id, { recipientId: alice.id });
      const received = await offerBy(alice, id, { recipientId: bob.id });
      const others = await offerBy(alice, id, { recipientId: carol.id });
      await leave(bob, id);
      const stateOf = async ({ id }: { id: string }) =>
        (await alice.ask(OfferDocument, { id })).offer;
      expect(await stateOf(made)).toMatchObject({
        status: 'WITHDRAWN',
        version: 2,
        history: [{}, { actor: { id: bob.id } }],
      });
      expect(await stateOf(received)).toMatchObject({
        status: 'DECLINED',
        version: 2,
        history: [{}, { actor: { id: bob.id } }],
      });
      expect(await stateOf(others)).toMatchObject({ status: 'PENDING', version: 1 });
    });
  });

  describe('being removed', () => {
    test('is up to the platform, from a group or a pair, with or without an accepted offer', async () => {
      const { alice, bob, id } = await group();
      const offer = await offerBy(alice, id, { recipientId: bob.id });
      await bob.ask(AcceptOfferDocument, { input: { offerId: offer.id, version: 1 } });
      expect(codeOf(await remove(alice, id, bob.id))).toBe('FORBIDDEN');
      expect(codeOf(await remove(cluster.service(), randomUUID(), bob.id))).toBe('FORBIDDEN');
      const { data } = await remove(cluster.service(), id, bob.id);
      expect(data?.removeParticipant.conversation.participants).toHaveLength(2);
      expect(await bob.refusal(ConversationDocument, { id })).toBe('FORBIDDEN');
      expect((await alice.ask(OfferDocument, { id: offer.id })).offer).toMatchObject({
        status: 'ACCEPTED',
        version: 2,
      });
      const pair = await conversationOf([alice, bob]);
      expect(codeOf(await remove(cluster.service(), pair.id, bob.id))).toBeUndefined();
      expect(await bob.refusal(ConversationDocument, { id: pair.id })).toBe('FORBIDDEN');
    });

    test('ends the subscriptions of that conversation with FORBIDDEN, and no other', async () => {
      const { alice, bob, carol, id } = await group();
      const other = await conversationOf([alice, bob]);
      const ended = bob.subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
      const goesOn = bob.subscribe(MessageAddedDocument, { conversationId: other.id, after: 0 });
      const ofCarol = carol.subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
      await sendBy(alice, id, { content: 'first' });
      await ended.next();
      await remove(cluster.service(), id, bob.id);
      await sendBy(alice, id, { content: 'second' });
      expect(await ended.refusal()).toBe('FORBIDDEN');
      expect(ended.received).toHaveLength(1);
      expect((await ofCarol.take(2)).map(({ messageAdded }) => messageAdded.content)).toEqual([
        'first',
        'second',
      ]);
      await sendBy(alice, other.id, { content: 'elsewhere' });
      expect((await goesOn.next()).messageAdded.content).toBe('elsewhere');
      expect(
        await bob.subscribe(MessageAddedDocument, { conversationId: id, after: 0 }).refusal(),
      ).toBe('FORBIDDEN');
    });
  });
});
