import { randomUUID } from 'node:crypto';
import {
  AddParticipantDocument,
  ConversationDocument,
  ConversationEventsDocument,
  ConversationsDocument,
  ConversationUpdatedDocument,
  DeleteMessageDocument,
  EditMessageDocument,
  EventsDocument,
  InboxDocument,
  LeaveConversationDocument,
  MessagesDocument,
  MessageUpdatedDocument,
  NotificationsDocument,
  RemoveParticipantDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { inForce } from './blocking';
import { people } from './people';

describe('a group that people come into and leave', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  const add = (actor: Person, conversationId: string, { id: userId }: Person) =>
    actor.ask(AddParticipantDocument, { input: { conversationId, userId } });
  const leave = (actor: Person, conversationId: string) =>
    actor.ask(LeaveConversationDocument, { input: { conversationId } });
  const remove = (conversationId: string, { id: userId }: Person) =>
    cluster.service().ask(RemoveParticipantDocument, { input: { conversationId, userId } });
  const edit = (sender: Person, messageId: string, content: string) =>
    sender.ask(EditMessageDocument, { input: { messageId, content } });
  const eventsOf = async (viewer: Person, id: string, after = 0) =>
    (await viewer.ask(EventsDocument, { id, after })).conversation!.events;

  async function group() {
    const [alice, bob, carol, dave] = await people(cluster, 'alice', 'bob', 'carol', 'dave');
    const { id } = await conversationOf([alice, bob, carol]);
    return { alice, bob, carol, dave, id };
  }

  /** Dave comes in at sequence 4, after two messages and an offer. */
  async function latecomer() {
    const { alice, bob, carol, dave, id } = await group();
    const [kept, old] = [
      await sendBy(alice, id, { content: 'kept' }),
      await sendBy(alice, id, { content: 'old' }),
    ];
    await offerBy(alice, id, { recipientId: bob.id });
    await add(bob, id, dave);
    return { alice, bob, carol, dave, id, kept, old };
  }

  describe('somebody who was added', () => {
    test('reads the log from behind their joining on, whatever position they name', async () => {
      const { alice, dave, id, old } = await latecomer();
      const reply = await sendBy(alice, id, { content: 'new', replyToId: old.id });
      const seen = [
        { sequence: 5, kind: 'MESSAGE_ADDED', message: { id: reply.id, replyTo: null } },
      ];
      for (const after of [0, 1, 4]) expect(await eventsOf(dave, id, after)).toMatchObject(seen);
      expect(await eventsOf(dave, id, 5)).toEqual([]);
      expect((await eventsOf(alice, id)).map(({ sequence, kind }) => [sequence, kind])).toEqual([
        [1, 'MESSAGE_ADDED'],
        [2, 'MESSAGE_ADDED'],
        [3, 'OFFER_UPDATED'],
        [4, 'PARTICIPANT_ADDED'],
        [5, 'MESSAGE_ADDED'],
      ]);
      expect((await eventsOf(alice, id))[4]).toMatchObject({
        message: { replyTo: { id: old.id } },
      });
      const stream = dave.subscribe(ConversationEventsDocument, { conversationId: id, after: 0 });
      expect((await stream.next()).conversationEvents).toMatchObject(seen[0]!);
    });

    test('is not shown by its later edit or deletion what was said before', async () => {
      const { alice, bob, dave, id, kept, old } = await latecomer();
      const fresh = await sendBy(alice, id, { content: 'new' });
      const log = dave.subscribe(ConversationEventsDocument, { conversationId: id, after: 5 });
      const updates = dave.subscribe(MessageUpdatedDocument, { conversationId: id, after: 0 });
      const everywhere = dave.subscribe(MessageUpdatedDocument, {});
      const seen = bob.subscribe(MessageUpdatedDocument, { conversationId: id, after: 0 });
      await edit(alice, old.id, 'a secret');
      await alice.ask(DeleteMessageDocument, { input: { messageId: old.id } });
      await edit(alice, kept.id, 'another secret');
      await inForce([everywhere], () => edit(alice, fresh.id, `for all ${randomUUID()}`));

      const first = (await updates.next()).messageUpdated;
      expect(first).toMatchObject({
        sequence: 9,
        kind: 'MESSAGE_EDITED',
        message: { id: fresh.id },
      });
      expect((await seen.take(4)).map(({ messageUpdated: { message } }) => message.id)).toEqual([
        old.id,
        old.id,
        kept.id,
        fresh.id,
      ]);
      expect(
        (await log.take(4)).map(({ conversationEvents: { sequence, message } }) => [
          sequence,
          message?.id,
        ]),
      ).toEqual([
        [6, undefined],
        [7, undefined],
        [8, undefined],
        [9, fresh.id],
      ]);
      const listed = await eventsOf(dave, id);
      expect(listed.slice(0, 5).map(({ message }) => message?.id)).toEqual([
        fresh.id,
        undefined,
        undefined,
        undefined,
        fresh.id,
      ]);
      const everything = [log.received, updates.received, everywhere.received, listed];
      expect(JSON.stringify(everything)).not.toContain('secret');
      expect([...log.eventErrors, ...updates.eventErrors, ...everywhere.eventErrors]).toEqual([]);
      expect((await eventsOf(bob, id, 7))[0]).toMatchObject({
        message: { id: kept.id, content: 'another secret' },
      });
    });

    test('finds nothing of before in their list, and nothing unread', async () => {
      const { alice, dave, id } = await latecomer();
      const listed = async () => (await dave.ask(ConversationsDocument, {})).conversations.nodes;
      expect(await listed()).toMatchObject([
        { id, lastMessage: null, unreadCount: 0, lastSequence: 4 },
      ]);
      expect((await dave.ask(InboxDocument, {})).inbox).toMatchObject({
        unreadConversationCount: 0,
        unreadNotificationCount: 0,
      });
      const fresh = await sendBy(alice, id);
      expect(await listed()).toMatchObject([{ id, lastMessage: { id: fresh.id }, unreadCount: 1 }]);
      expect((await dave.ask(InboxDocument, {})).inbox).toMatchObject({
        unreadConversationCount: 1,
        unreadNotificationCount: 1,
      });
    });

    test('after having left, is notified of nothing that they do not see any more', async () => {
      const { alice, bob, id } = await group();
      await sendBy(alice, id, { content: 'before' });
      await offerBy(alice, id, { recipientId: bob.id });
      const notified = async () => (await bob.ask(NotificationsDocument, {})).notifications.nodes;
      expect(await notified()).toMatchObject([
        { offer: { version: 1 } },
        { message: { content: 'before' } },
      ]);
      await leave(bob, id);
      const gone = { conversation: null, message: null, offer: null };
      expect(await notified()).toMatchObject([gone, gone]);
      await add(alice, id, bob);
      const back = { conversation: { id }, message: null };
      expect(await notified()).toMatchObject([back, back]);
    });
  });

  describe('in people’s lists', () => {
    /** Streams that are in force: each has heard that the conversation changed. */
    async function lists(persons: readonly Person[]) {
      const streams = persons.map((person) => person.subscribe(ConversationUpdatedDocument, {}));
      const [starter] = await people(cluster, 'starter');
      const others = persons.map((person) => person.id);
      await inForce(streams, () =>
        conversationOf([starter, ...persons], { participantIds: others }),
      );
      return streams;
    }
    type List = Awaited<ReturnType<typeof lists>>[number];
    const nextOf = async (list: List, id: string) =>
      (await list.find(({ conversationUpdated }) => conversationUpdated.conversationId === id))
        .conversationUpdated;

    test('appears for the added, changes for the others, goes for the removed and for who left', async () => {
      const { alice, bob, carol, dave, id } = await group();
      await sendBy(alice, id);
      const [ofAlice, ofBob, ofCarol, ofDave] = (await lists([alice, bob, carol, dave])) as [
        List,
        List,
        List,
        List,
      ];
      await add(alice, id, dave);
      expect(await nextOf(ofDave, id)).toMatchObject({
        change: 'ADDED',
        conversation: { id, lastMessage: null, unreadCount: 0 },
        inbox: { id: dave.id },
      });
      for (const list of [ofAlice, ofBob, ofCarol])
        expect(await nextOf(list, id)).toMatchObject({
          change: 'UPDATED',
          conversation: { id, lastSequence: 2 },
        });

      await remove(id, bob);
      expect(await nextOf(ofBob, id)).toMatchObject({
        change: 'REMOVED',
        conversation: null,
        inbox: { id: bob.id },
      });
      for (const list of [ofAlice, ofCarol, ofDave])
        expect(await nextOf(list, id)).toMatchObject({
          change: 'UPDATED',
          conversation: { id, lastSequence: 3 },
        });

      await leave(carol, id);
      expect(await nextOf(ofCarol, id)).toMatchObject({ change: 'REMOVED', conversation: null });
      for (const list of [ofAlice, ofDave])
        expect(await nextOf(list, id)).toMatchObject({
          change: 'UPDATED',
          conversation: { id, lastSequence: 4 },
        });

      await sendBy(alice, id);
      await add(alice, id, bob);
      const again = await nextOf(ofBob, id);
      expect(again).toMatchObject({
        change: 'ADDED',
        conversation: { id, lastMessage: null, unreadCount: 0 },
      });
      for (const list of [ofAlice, ofBob, ofCarol, ofDave]) expect(list.eventErrors).toEqual([]);
    });

    test('appears for everybody when it begins', async () => {
      const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
      const streams = await lists([alice, bob, carol]);
      const { id } = await conversationOf([alice, bob, carol]);
      for (const list of streams)
        expect(await nextOf(list, id)).toMatchObject({
          change: 'ADDED',
          conversation: { id, lastSequence: 0 },
        });
    });
  });

  test('shows everybody the same people and the same messages, whoever came when', async () => {
    const { alice, bob, carol, dave, id } = await latecomer();
    await leave(carol, id);
    await sendBy(dave, id);
    await sendBy(bob, id);
    const present = async (viewer: Person) =>
      (await viewer.ask(ConversationDocument, { id })).conversation!.participants.map(
        ({ user, joinedSequence }) => [user.id, joinedSequence],
      );
    const messages = async (viewer: Person) =>
      (await viewer.ask(MessagesDocument, { id })).conversation!.messages.nodes.map(
        ({ sequence }) => sequence,
      );
    const everybody = [
      [alice.id, 0],
      [bob.id, 0],
      [dave.id, 4],
    ];
    for (const viewer of [alice, bob, dave, cluster.service()])
      expect(await present(viewer)).toEqual(everybody);
    expect(await messages(alice)).toEqual([1, 2, 6, 7]);
    expect(await messages(dave)).toEqual([6, 7]);
    expect(await messages(cluster.service())).toEqual([1, 2, 6, 7]);
  });
});
