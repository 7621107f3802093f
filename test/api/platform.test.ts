import { randomUUID } from 'node:crypto';
import {
  ActiveUsersDocument,
  ConversationDocument,
  ConversationEventsDocument,
  ConversationsDocument,
  DeleteMessageDocument,
  EditMessageDocument,
  MessageAddedDocument,
  MessagesDocument,
  NotificationsDocument,
  PostSystemMessageDocument,
  type PostSystemMessageInput,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { inForce } from './blocking';
import { people } from './people';

describe('the platform', () => {
  let cluster: Cluster;
  let service: Person;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
    service = cluster.service();
  });
  afterAll(() => cluster.stop());

  const onBehalfOf = ({ id }: Person) => ({ 'parley-on-behalf-of': id });

  describe('speaking in a conversation', () => {
    const post = async (input: PostSystemMessageInput) =>
      (await service.ask(PostSystemMessageDocument, { input })).postSystemMessage.message;
    const refusal = async (input: PostSystemMessageInput, sender = service, headers = {}) =>
      (await sender.request(PostSystemMessageDocument, { input }, headers)).errors?.[0]?.extensions;

    async function three() {
      const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
      const { id } = await conversationOf([alice, bob, carol]);
      return { alice, bob, carol, persons: [alice, bob, carol], id };
    }

    test('says what stays, in nobody’s name, and everybody reads it in its place', async () => {
      const { alice, persons, id } = await three();
      await sendBy(alice, id);
      const message = await post({ conversationId: id, content: ' <b>as given</b>\n' });
      expect(message).toMatchObject({
        conversationId: id,
        sequence: 2,
        version: 1,
        sender: null,
        content: ' <b>as given</b>\n',
        attachments: [],
        replyTo: null,
        clientMessageId: null,
      });
      for (const person of [...persons, service])
        expect(
          (await person.ask(MessagesDocument, { id, last: 1 })).conversation!.messages.nodes,
        ).toEqual([message]);
      const answer = await sendBy(alice, id, { replyToId: message.id });
      expect(answer.replyTo).toEqual({ id: message.id });
    });

    test('arrives at both nodes, in the log and wherever messages do', async () => {
      const { alice, bob, id } = await three();
      const away = cluster.device(bob, cluster.nodes[1]);
      const everywhere = away.subscribe(MessageAddedDocument, {});
      await inForce([everywhere], () => sendBy(alice, id));
      const { lastSequence: after } = (await bob.ask(ConversationDocument, { id })).conversation!;
      const here = alice.subscribe(MessageAddedDocument, {
        conversationId: id,
        after,
        viewing: false,
      });
      const there = away.subscribe(MessageAddedDocument, {
        conversationId: id,
        after,
        viewing: false,
      });
      const log = away.subscribe(ConversationEventsDocument, {
        conversationId: id,
        after,
        viewing: false,
      });
      const message = await post({ conversationId: id, content: 'hear, hear' });
      for (const stream of [here, there])
        expect((await stream.next()).messageAdded).toEqual(message);
      expect(
        (await everywhere.find(({ messageAdded }) => messageAdded.sender === null)).messageAdded,
      ).toEqual(message);
      expect((await log.next()).conversationEvents).toMatchObject({
        kind: 'MESSAGE_ADDED',
        actor: null,
        message,
      });
    });

    test('is unread for everybody, and notifies everybody', async () => {
      const { alice, persons, id } = await three();
      await sendBy(alice, id);
      const message = await post({ conversationId: id, content: 'to all' });
      for (const person of persons) {
        const unread = person === alice ? 1 : 2;
        expect((await person.ask(ConversationDocument, { id })).conversation).toMatchObject({
          unreadCount: unread,
          lastMessage: message,
        });
        const { notifications } = await person.ask(NotificationsDocument, {});
        expect(notifications.nodes).toMatchObject([
          {
            kind: 'NEW_MESSAGE',
            count: unread,
            actor: null,
            message: { id: message.id },
            readAt: null,
          },
        ]);
      }
    });

    test('is said once by one client id within a conversation, however often and at once', async () => {
      const { alice, bob, id } = await three();
      const other = await conversationOf([alice, bob]);
      const clientMessageId = randomUUID();
      const input = { conversationId: id, content: 'once', clientMessageId };
      const [first, ...repeats] = await Promise.all(Array.from({ length: 20 }, () => post(input)));
      for (const repeat of repeats) expect(repeat).toEqual(first);
      expect(first!.clientMessageId).toBe(clientMessageId);
      expect((await alice.ask(ConversationDocument, { id })).conversation!.lastSequence).toBe(1);
      expect(await refusal({ ...input, content: 'twice' })).toEqual({
        code: 'IDEMPOTENCY_MISMATCH',
      });
      // Elsewhere, and a person's, is another message's.
      const elsewhere = await post({ ...input, conversationId: other.id, content: 'elsewhere' });
      const own = await sendBy(alice, id, { clientMessageId, content: 'mine' });
      expect(new Set([first!.id, elsewhere.id, own.id]).size).toBe(3);
      expect((await post(input)).id).toBe(first!.id);
    });

    test('is FORBIDDEN to users, also on whose behalf the platform acts, and where there is no conversation', async () => {
      const { alice, id } = await three();
      const input = { conversationId: id, content: 'not me' };
      expect(await refusal(input, alice)).toEqual({ code: 'FORBIDDEN' });
      expect(await refusal(input, service, onBehalfOf(alice))).toEqual({ code: 'FORBIDDEN' });
      for (const conversationId of [randomUUID(), '', 'nonsense', 'nul\0nul'])
        expect(await refusal({ ...input, conversationId })).toEqual({ code: 'FORBIDDEN' });
      expect((await alice.ask(ConversationDocument, { id })).conversation!.lastSequence).toBe(0);
    });

    test.each([
      ['content', ''],
      ['content', '👋'.repeat(10_001)],
      ['content', 'nul\0nul'],
      ['clientMessageId', ''],
      ['clientMessageId', 'x'.repeat(65)],
    ])('is refused with a %s that breaks a rule', async (field, value) => {
      const { id } = await three();
      expect(await refusal({ conversationId: id, content: 'hi', [field]: value })).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: `input.${field}`,
      });
      expect(
        (await post({ conversationId: id, content: '👋'.repeat(10_000), clientMessageId: 'x' }))
          .sequence,
      ).toBe(1);
    });

    test('is not anybody’s to edit or to delete', async () => {
      const { alice, id } = await three();
      const { id: messageId } = await post({ conversationId: id, content: 'stays' });
      expect(
        await alice.refusal(EditMessageDocument, { input: { messageId, content: 'mine' } }),
      ).toBe('FORBIDDEN');
      expect(await alice.refusal(DeleteMessageDocument, { input: { messageId } })).toBe(
        'FORBIDDEN',
      );
      const { conversations } = await alice.ask(ConversationsDocument, {});
      expect(conversations.nodes[0]!.lastMessage).toMatchObject({ content: 'stays', sender: null });
    });
  });

  describe('asking who is there', () => {
    test('finds everybody who is connected to any node, each once, and nobody else', async () => {
      const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
      const mine = async () => {
        const { activeUsers } = await service.ask(ActiveUsersDocument, {});
        return activeUsers
          .map(({ id }) => id)
          .filter((id) => [alice.id, bob.id, carol.id].includes(id));
      };
      const devices = [
        alice,
        cluster.device(alice, cluster.nodes[1]),
        cluster.device(bob, cluster.nodes[1]),
      ];
      for (const device of devices) device.subscribe(MessageAddedDocument, {});
      await eventually(async () =>
        expect((await mine()).sort()).toEqual([alice.id, bob.id].sort()),
      );
      await alice.disconnect();
      await devices[2]!.disconnect();
      await eventually(async () => expect(await mine()).toEqual([alice.id]));
    });

    test('is FORBIDDEN to users, also on whose behalf the platform acts', async () => {
      const [alice] = await people(cluster, 'alice');
      expect(await alice.refusal(ActiveUsersDocument, {})).toBe('FORBIDDEN');
      const { errors } = await service.request(ActiveUsersDocument, {}, onBehalfOf(alice));
      expect(errors![0]!.extensions).toEqual({ code: 'FORBIDDEN' });
    });
  });
});
