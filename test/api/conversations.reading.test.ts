import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import {
  AddParticipantDocument,
  ConversationDocument,
  DeleteMessageDocument,
  MarkReadDocument,
  MarkReadTwiceDocument,
  ParticipantsDocument,
  SendMessageTwiceDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { people } from './people';

describe('what somebody has read', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  const mark = async (reader: Person, conversationId: string, sequence: number) =>
    (await reader.ask(MarkReadDocument, { input: { conversationId, sequence } })).markRead;
  const unread = async (reader: Person, id: string) =>
    (await reader.ask(ConversationDocument, { id })).conversation!.unreadCount;
  const part = async (viewer: Person, id: string, userId: string) =>
    (await viewer.ask(ParticipantsDocument, { id })).conversation!.participants.find(
      ({ user }) => user.id === userId,
    )!;

  /** Alice has sent this many messages, of which Bob has read none. */
  async function sent(count: number) {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const messages = [];
    for (let index = 0; index < count; index++) messages.push(await sendBy(alice, id));
    return { alice, bob, id, messages };
  }

  test('moves forward only', async () => {
    const { alice, bob, id } = await sent(3);
    const first = await mark(bob, id, 2);
    expect(first).toMatchObject({
      conversation: { id, unreadCount: 1 },
      receipt: {
        conversationId: id,
        user: { id: bob.id },
        lastReadSequence: 2,
        participant: { id: `${id}:${bob.id}`, lastReadSequence: 2 },
      },
    });
    expect(first.receipt.readAt).toBe((await part(alice, id, bob.id)).lastReadAt);
    for (const sequence of [1, 0, 2]) expect(await mark(bob, id, sequence)).toEqual(first);
    expect((await mark(bob, id, 3)).conversation.unreadCount).toBe(0);
    expect((await part(bob, id, alice.id)).lastReadSequence).toBe(3);
  });

  test('does not go beyond the end of the log', async () => {
    const { alice, bob, id } = await sent(2);
    for (const sequence of [3, 2 ** 31 - 1])
      expect((await mark(bob, id, sequence)).receipt.lastReadSequence).toBe(2);
    await sendBy(alice, id);
    expect(await unread(bob, id)).toBe(1);
  });

  test('is nothing that can be negative', async () => {
    const { bob, id } = await sent(1);
    const { errors } = await bob.request(MarkReadDocument, {
      input: { conversationId: id, sequence: -1 },
    });
    expect(errors![0]!.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.sequence',
    });
    expect(await unread(bob, id)).toBe(1);
  });

  test('was read at the time of joining while nothing was', async () => {
    const { bob, id } = await sent(1);
    const { receipt } = await mark(bob, id, 0);
    const own = await part(bob, id, bob.id);
    expect(own.lastReadAt).toBeNull();
    expect(receipt).toMatchObject({ lastReadSequence: 0, readAt: own.joinedAt });
  });

  test('is counted in others’ undeleted messages, and nothing else', async () => {
    const { alice, bob, id, messages } = await sent(3);
    await offerBy(alice, id);
    expect(await unread(bob, id)).toBe(3);
    expect(await unread(alice, id)).toBe(0);
    await alice.ask(DeleteMessageDocument, { input: { messageId: messages[1]!.id } });
    expect(await unread(bob, id)).toBe(2);
    await mark(bob, id, messages[0]!.sequence);
    expect(await unread(bob, id)).toBe(1);
    await alice.ask(DeleteMessageDocument, { input: { messageId: messages[2]!.id } });
    expect(await unread(bob, id)).toBe(0);
  });

  test('includes everything before one’s own message', async () => {
    const { alice, bob, id } = await sent(2);
    const reply = await sendBy(bob, id, { clientMessageId: randomUUID(), content: 'read it' });
    expect(await part(alice, id, bob.id)).toMatchObject({ lastReadSequence: reply.sequence });
    expect((await part(alice, id, bob.id)).lastReadAt).not.toBeNull();
    expect(await unread(bob, id)).toBe(0);
    expect(await unread(alice, id)).toBe(1);
  });

  test('does not change by a repeated send, which writes nothing', async () => {
    const { alice, bob, id } = await sent(1);
    const once = { clientMessageId: randomUUID(), content: 'once' };
    const reply = await sendBy(bob, id, once);
    await sendBy(alice, id);
    expect(await sendBy(bob, id, once)).toEqual(reply);
    expect(await unread(bob, id)).toBe(1);
    expect((await part(alice, id, bob.id)).lastReadSequence).toBe(reply.sequence);
  });

  test('is counted from the joining on for whoever was added', async () => {
    const group = await people(cluster, 'alice', 'bob', 'carol', 'dave');
    const [alice, bob, carol, dave] = group;
    const { id } = await conversationOf([alice, bob, carol]);
    await sendBy(alice, id);
    await alice.ask(AddParticipantDocument, { input: { conversationId: id, userId: dave.id } });
    await sendBy(bob, id);
    expect(await Promise.all(group.map((person) => unread(person, id)))).toEqual([1, 0, 2, 1]);
  });

  test('is counted exactly to 999, then 1000', async () => {
    const { alice, bob, id } = await sent(1);
    const database = new Client(cluster.databaseUrl);
    await database.connect();
    try {
      const fill = (from: number, to: number) =>
        database.query(
          `with filled as (
             insert into messages (id, conversation_id, sequence, sender_id, content, created_at)
             select gen_random_uuid(), $1, sequence, $2, 'filled', clock_timestamp() from generate_series($3::integer, $4::integer) sequence
           ) update conversations set last_sequence = $4 where id = $1`,
          [id, alice.id, from, to],
        );
      await fill(2, 999);
      expect(await unread(bob, id)).toBe(999);
      await fill(1_000, 1_100);
      expect(await unread(bob, id)).toBe(1_000);
    } finally {
      await database.end();
    }
  });

  describe('several mutations in one request each answer with the state that they made', () => {
    test('reading twice', async () => {
      const { bob, id } = await sent(3);
      const input = (sequence: number) => ({ conversationId: id, sequence });
      const { first, second } = await bob.ask(MarkReadTwiceDocument, {
        first: input(1),
        second: input(3),
      });
      const own = (answer: typeof first) =>
        answer.conversation.participants.find(({ user }) => user.id === bob.id)!.lastReadSequence;
      expect([own(first), own(second)]).toEqual([1, 3]);
      expect([first.conversation.unreadCount, second.conversation.unreadCount]).toEqual([2, 0]);
    });

    test('sending twice', async () => {
      const { alice, id } = await sent(0);
      const input = (content: string) => ({ conversationId: id, content });
      const { first, second } = await alice.ask(SendMessageTwiceDocument, {
        first: input('one'),
        second: input('two'),
      });
      for (const [index, { message }] of [first, second].entries()) {
        expect(message.conversation.lastSequence).toBe(index + 1);
        expect(message.conversation.lastMessage?.id).toBe(message.id);
      }
    });
  });
});
