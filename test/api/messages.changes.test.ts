import {
  AddParticipantDocument,
  ConversationDocument,
  DeleteMessageDocument,
  EditMessageDocument,
  LeaveConversationDocument,
  MessagesDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { people } from './people';

describe('a message that changes', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  async function conversation() {
    const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
    const { id } = await conversationOf([alice, bob, carol]);
    const message = await sendBy(alice, id, {
      attachments: [{ url: 'https://files.example.com/a' }],
    });
    return { alice, bob, carol, id, message };
  }

  const edit = (editor: Person, messageId: string, content: string) =>
    editor.request(EditMessageDocument, { input: { messageId, content } });
  const remove = (remover: Person, messageId: string) =>
    remover.request(DeleteMessageDocument, { input: { messageId } });
  const edited = async (editor: Person, messageId: string, content: string) =>
    (await editor.ask(EditMessageDocument, { input: { messageId, content } })).editMessage.message;
  const deleted = async (remover: Person, messageId: string) =>
    (await remover.ask(DeleteMessageDocument, { input: { messageId } })).deleteMessage.message;
  const messagesOf = async (viewer: Person, id: string) =>
    (await viewer.ask(MessagesDocument, { id })).conversation!;

  test('counts its versions, and each change is one event of the log', async () => {
    const { alice, bob, id, message } = await conversation();
    const first = await edited(alice, message.id, 'better words');
    expect(first).toEqual({
      ...message,
      version: 2,
      content: 'better words',
      editedAt: expect.any(String),
    });
    const second = await edited(alice, message.id, 'the best words');
    expect(second).toMatchObject({
      version: 3,
      sequence: message.sequence,
      createdAt: message.createdAt,
    });
    const last = await deleted(alice, message.id);
    expect(last).toMatchObject({ version: 4, sequence: message.sequence });
    expect(await messagesOf(bob, id)).toMatchObject({
      lastSequence: 4,
      messages: { nodes: [last] },
    });
  });

  test('is edited within the rules of a new one', async () => {
    const { alice, id, message } = await conversation();
    expect((await edited(alice, message.id, '')).attachments).toEqual(message.attachments);
    const plain = await sendBy(alice, id);
    const { errors } = await edit(alice, plain.id, '');
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.content',
    });
    expect((await messagesOf(alice, id)).messages.nodes[1]).toEqual(plain);
  });

  test('keeps its place once deleted, without words or attachments, in every list', async () => {
    const { alice, bob, id, message } = await conversation();
    const next = await sendBy(bob, id, { replyToId: message.id });
    const gone = await deleted(alice, message.id);
    expect(gone).toEqual({
      ...message,
      version: 2,
      content: '',
      attachments: [],
      deletedAt: expect.any(String),
    });
    expect((await messagesOf(bob, id)).messages.nodes).toEqual([gone, next]);
    const lastGone = await deleted(bob, next.id);
    expect((await alice.ask(ConversationDocument, { id })).conversation?.lastMessage).toEqual(
      lastGone,
    );
    expect(lastGone.replyTo).toEqual({ id: message.id });
  });

  test('is changed by its sender alone: FORBIDDEN to others, deleted or not', async () => {
    const { alice, bob, carol, id, message } = await conversation();
    for (const somebody of [bob, carol, cluster.service()]) {
      expect((await edit(somebody, message.id, 'mine')).errors?.[0]?.extensions).toEqual({
        code: 'FORBIDDEN',
      });
      expect((await remove(somebody, message.id)).errors?.[0]?.extensions).toEqual({
        code: 'FORBIDDEN',
      });
    }
    expect((await messagesOf(alice, id)).messages.nodes).toEqual([message]);
    await deleted(alice, message.id);
    expect((await edit(bob, message.id, 'mine')).errors?.[0]?.extensions).toEqual({
      code: 'FORBIDDEN',
    });
  });

  test('is not edited once deleted: CONFLICT, and it stays deleted', async () => {
    const { alice, id, message } = await conversation();
    const gone = await deleted(alice, message.id);
    const { errors } = await edit(alice, message.id, 'back again');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT', currentVersion: 2 });
    expect(await messagesOf(alice, id)).toMatchObject({
      lastSequence: 2,
      messages: { nodes: [gone] },
    });
  });

  test('is out of reach for a sender who left, and who came back', async () => {
    const { alice, bob, id, message } = await conversation();
    await alice.ask(LeaveConversationDocument, { input: { conversationId: id } });
    const refused = async () => [
      (await edit(alice, message.id, 'late')).errors?.[0]?.extensions?.code,
      (await remove(alice, message.id)).errors?.[0]?.extensions?.code,
    ];
    expect(await refused()).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    await bob.ask(AddParticipantDocument, { input: { conversationId: id, userId: alice.id } });
    expect(await refused()).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    expect((await messagesOf(bob, id)).messages.nodes).toEqual([message]);
  });

  test('keeps every change, in the order of the answers, when its devices race', async () => {
    const { alice, bob, id, message } = await conversation();
    const contents = Array.from({ length: 10 }, (_, index) => `try ${index}`);
    const answers = await Promise.all(
      contents.map((content) => edited(cluster.device(alice), message.id, content)),
    );
    expect(answers.map(({ version }) => version).sort((a, b) => a - b)).toEqual(
      contents.map((_, index) => index + 2),
    );
    const newest = answers.find(({ version }) => version === 11);
    expect(await messagesOf(bob, id)).toMatchObject({
      lastSequence: 11,
      messages: { nodes: [newest] },
    });
  });
});
