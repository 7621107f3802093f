import {
  ConversationDocument,
  ConversationUpdatedDocument,
  LeaveConversationDocument,
  MarkReadDocument,
  MessagesReadDocument,
  NotificationAddedDocument,
  SendMessageDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { people } from './people';

describe('attacks on streams', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => cluster.stop());

  /** Receipts of all their conversations, once they are in force. */
  async function receiptsOf(person: Person, other: Person, conversationId: string) {
    const {
      delivery: { hub },
    } = cluster.node.services;
    const { seats } = hub.size;
    const stream = person.subscribe(MessagesReadDocument, {});
    await eventually(() => expect(hub.size.seats).toBe(seats + 1));
    await sendBy(other, conversationId);
    await stream.next();
    return stream;
  }

  test('a notification that cannot be shown is an error in its place, and the stream goes on', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const {
      notifications,
      delivery: { hub },
    } = cluster.node.services;
    const before = hub.size;
    const stream = bob.subscribe(NotificationAddedDocument, { after: 0 });
    await eventually(() => expect(hub.size.seats).toBe(before.seats + 1));
    jest.spyOn(notifications, 'byIds').mockRejectedValueOnce(new Error('unforeseen'));
    await sendBy(alice, id);
    await eventually(() => expect(stream.eventErrors).toHaveLength(1));
    expect(stream.eventErrors[0]).toMatchObject({ extensions: { code: 'INTERNAL_SERVER_ERROR' } });
    await sendBy(alice, id);
    expect((await stream.next()).notificationAdded).toMatchObject({
      kind: 'NEW_MESSAGE',
      count: 2,
    });
    stream.stop();
    await eventually(() => expect(hub.size).toEqual(before));
  });

  test('whoever leaves while a receipt is on its way hears no more of the conversation', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const [left, kept] = [await conversationOf([alice, bob]), await conversationOf([alice, bob])];
    for (const { id } of [left, kept]) await sendBy(bob, id);
    const stream = await receiptsOf(bob, alice, kept.id);
    const {
      people: { blocks },
    } = cluster.node.services;
    jest.spyOn(blocks, 'isBetween').mockImplementationOnce(async () => {
      await bob.ask(LeaveConversationDocument, { input: { conversationId: left.id } });
      return false;
    });
    await alice.ask(MarkReadDocument, { input: { conversationId: left.id, sequence: 1 } });
    await eventually(async () =>
      expect(await bob.refusal(ConversationDocument, { id: left.id })).toBe('FORBIDDEN'),
    );
    await sendBy(alice, kept.id);
    expect((await stream.next()).messagesRead.conversationId).toBe(kept.id);
    expect(stream.eventErrors).toEqual([]);
  });

  test('whoever leaves while a change of the list is on its way is not shown the conversation', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const {
      delivery: { hub },
      conversations: { reader: conversationReader },
    } = cluster.node.services;
    const { seats } = hub.size;
    const stream = bob.subscribe(ConversationUpdatedDocument, {});
    await eventually(() => expect(hub.size.seats).toBe(seats + 1));
    const participantsOf = conversationReader.participantsOf.bind(conversationReader);
    await alice.ask(SendMessageDocument, { input: { conversationId: id, content: 'hello' } });
    jest.spyOn(conversationReader, 'participantsOf').mockImplementationOnce(async (ids) => {
      const present = await participantsOf(ids);
      await bob.ask(LeaveConversationDocument, { input: { conversationId: id } });
      return present;
    });
    expect((await stream.next()).conversationUpdated).toMatchObject({
      change: 'UPDATED',
      conversation: null,
    });
    expect((await stream.next()).conversationUpdated).toMatchObject({
      change: 'REMOVED',
      conversation: null,
    });
    expect(stream.eventErrors).toEqual([]);
  });
});
