import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import {
  ConversationDocument,
  DeleteMessageDocument,
  EditMessageDocument,
  LeaveConversationDocument,
  MessagesDocument,
  SendMessageDocument,
  type SendMessageInput,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { people } from './people';

/** As many code points, each of two UTF-16 units. */
const emoji = (count: number) => '😀'.repeat(count);
const attachment = (name: string) => ({ url: `https://files.example.com/${name}` });
const FIRST_HALF_OF_A_PAIR = '\ud83d';

describe('messages', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  async function aliceAndBob() {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    return { alice, bob, id };
  }

  const messagesOf = async (viewer: Person, id: string) =>
    (await viewer.ask(MessagesDocument, { id })).conversation!.messages.nodes;
  const lastSequence = async (viewer: Person, id: string) =>
    (await viewer.ask(ConversationDocument, { id })).conversation!.lastSequence;

  /** What the error says, undefined when it was sent. */
  async function refusal(
    sender: Person,
    conversationId: string,
    overrides: Partial<SendMessageInput>,
  ) {
    const input = { conversationId, content: 'hello', ...overrides };
    return (await sender.request(SendMessageDocument, { input })).errors?.[0]?.extensions;
  }

  describe('words', () => {
    test.each([
      ['whitespace around and within', '  \t two\n\n lines \r\n '],
      ['nothing but whitespace', ' \n '],
      ['HTML', '<b onclick="alert(1)">bold</b> &amp; <script>x</script>'],
      ['emoji of several code points', '👩‍👩‍👧‍👦 🏳️‍🌈 🇦🇹'],
      ['combining marks, not composed', 'e\u0301 and \u00e9, n\u0303'],
      ['right to left, with marks', '\u202eשלום\u202c مرحبا'],
      ['control characters', 'bell \u0007 escape \u001b[31m delete \u007f'],
      [
        'what looks like SQL, JSON or a template',
        `'); drop table messages; -- {"a": "\\u0000"} \${x} {{y}}`,
      ],
      ['a byte order mark and noncharacters', '\ufeffstart \uffff'],
    ])('are kept as given: %s', async (_name, content) => {
      const { alice, bob, id } = await aliceAndBob();
      const sent = await sendBy(alice, id, { content });
      expect(sent).toMatchObject({
        content,
        sequence: 1,
        version: 1,
        sender: { id: alice.id },
        editedAt: null,
        deletedAt: null,
      });
      expect(await messagesOf(bob, id)).toEqual([sent]);
    });

    test('are counted in code points: 10,000 at most', async () => {
      const { alice, id } = await aliceAndBob();
      const tooMany = {
        code: 'BAD_USER_INPUT',
        field: 'input.content',
        reason: expect.any(String),
      };
      for (const unit of ['😀', 'x', 'é']) {
        expect(await refusal(alice, id, { content: unit.repeat(10_001) })).toEqual(tooMany);
        expect((await sendBy(alice, id, { content: unit.repeat(10_000) })).content).toBe(
          unit.repeat(10_000),
        );
      }
      const message = await sendBy(alice, id);
      const edit = (content: string) =>
        alice.refusal(EditMessageDocument, { input: { messageId: message.id, content } });
      expect(await edit(emoji(10_001))).toBe('BAD_USER_INPUT');
      expect(await edit(emoji(10_000))).toBeNull();
    });

    test.each([
      ['none', ''],
      ['a NUL', 'nul \0 nul'],
      ['half of a surrogate pair', `half ${FIRST_HALF_OF_A_PAIR} pair`],
    ])('that cannot be kept are refused: %s', async (_name, content) => {
      const { alice, id } = await aliceAndBob();
      const bad = { code: 'BAD_USER_INPUT', field: 'input.content', reason: expect.any(String) };
      expect(await refusal(alice, id, { content })).toEqual(bad);
      const message = await sendBy(alice, id, { content: 'good' });
      const edited = await alice.request(EditMessageDocument, {
        input: { messageId: message.id, content },
      });
      expect(edited.errors?.[0]?.extensions).toEqual(bad);
      expect(await messagesOf(alice, id)).toEqual([message]);
    });
  });

  describe('attachments', () => {
    test('come with words or without, as given', async () => {
      const { alice, bob, id } = await aliceAndBob();
      const full = {
        url: 'http://files.example.com/a%20b.pdf?x=1#p',
        name: 'ä b.pdf',
        contentType: 'application/pdf',
        sizeBytes: 2 ** 53 - 1,
      };
      const bare = attachment('bare.png');
      const sent = await sendBy(alice, id, { content: '', attachments: [full, bare] });
      const expected = [full, { ...bare, name: null, contentType: null, sizeBytes: null }];
      expect(sent).toMatchObject({ content: '', attachments: expected });
      const withWords = await sendBy(alice, id, { attachments: [bare] });
      expect(await messagesOf(bob, id)).toEqual([sent, withWords]);
    });

    test('are ten at most', async () => {
      const { alice, id } = await aliceAndBob();
      const attachments = Array.from({ length: 11 }, (_, index) => attachment(String(index)));
      const bad = { code: 'BAD_USER_INPUT', field: 'input.attachments' };
      expect(await refusal(alice, id, { attachments })).toMatchObject(bad);
      expect(
        (await sendBy(alice, id, { attachments: attachments.slice(1) })).attachments,
      ).toHaveLength(10);
      expect(await refusal(alice, id, { content: '', attachments: [] })).toMatchObject({
        code: 'BAD_USER_INPUT',
      });
    });

    test.each([
      'ftp://example.com/file',
      'javascript:alert(1)',
      'data:text/plain,hi',
      'file:///etc/passwd',
      '/relative',
      '//example.com/file',
      'nonsense',
      '',
    ])('are absolute http or https URLs: "%s" is none', async (url) => {
      const { alice, id } = await aliceAndBob();
      const field = 'input.attachments.1.url';
      const extensions = await refusal(alice, id, { attachments: [attachment('good'), { url }] });
      expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
      expect(await lastSequence(alice, id)).toBe(0);
    });

    test.each([
      ['a NUL in the URL', { url: 'https://example.com/\0' }, 'url'],
      [
        'half of a surrogate pair in the URL',
        { url: `https://example.com/${FIRST_HALF_OF_A_PAIR}` },
        'url',
      ],
      ['a NUL in the name', { ...attachment('a'), name: 'nul\0' }, 'name'],
      [
        'half of a surrogate pair in the name',
        { ...attachment('a'), name: FIRST_HALF_OF_A_PAIR },
        'name',
      ],
      ['a NUL in the type', { ...attachment('a'), contentType: 'text/\0' }, 'contentType'],
    ])('with what cannot be kept are refused: %s', async (_name, bad, field) => {
      const { alice, id } = await aliceAndBob();
      const extensions = await refusal(alice, id, { attachments: [bad] });
      expect(extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: `input.attachments.0.${field}`,
      });
    });
  });

  describe('a reply', () => {
    test('names a message of the same conversation', async () => {
      const { alice, bob, id } = await aliceAndBob();
      const asked = await sendBy(alice, id);
      const answered = await sendBy(bob, id, { replyToId: asked.id });
      expect(answered.replyTo).toEqual({ id: asked.id });
      expect(await messagesOf(alice, id)).toEqual([asked, answered]);
    });

    test('to what is not there, or elsewhere, is NOT_FOUND', async () => {
      const { alice, bob, id } = await aliceAndBob();
      const other = await conversationOf([alice, bob]);
      const elsewhere = await sendBy(alice, other.id);
      for (const replyToId of [uuidv7(), elsewhere.id, 'nonsense', ''])
        expect(await refusal(alice, id, { replyToId })).toEqual({ code: 'NOT_FOUND' });
      expect(await lastSequence(alice, id)).toBe(0);
    });

    test('stays one when its message is edited or deleted', async () => {
      const { alice, bob, id } = await aliceAndBob();
      const asked = await sendBy(alice, id);
      const answered = await sendBy(bob, id, { replyToId: asked.id });
      await alice.ask(DeleteMessageDocument, { input: { messageId: asked.id } });
      expect((await messagesOf(bob, id))[1]).toEqual(answered);
    });
  });

  describe('a message sent again with its clientMessageId', () => {
    const once = () => ({
      clientMessageId: randomUUID(),
      content: 'once',
      attachments: [attachment('a')],
    });

    test('is the first one, and nothing is written', async () => {
      const { alice, bob, id } = await aliceAndBob();
      const replied = await sendBy(bob, id);
      const input = { ...once(), replyToId: replied.id };
      const first = await sendBy(alice, id, input);
      await sendBy(bob, id);
      expect(await sendBy(alice, id, input)).toEqual(first);
      expect(first.clientMessageId).toBe(input.clientMessageId);
      expect(await lastSequence(alice, id)).toBe(3);
    });

    test('is the first one also after an edit and a deletion', async () => {
      const { alice, id } = await aliceAndBob();
      const input = once();
      const first = await sendBy(alice, id, input);
      const messageId = first.id;
      const { editMessage } = await alice.ask(EditMessageDocument, {
        input: { messageId, content: 'edited' },
      });
      expect(await sendBy(alice, id, input)).toEqual(editMessage.message);
      const { deleteMessage } = await alice.ask(DeleteMessageDocument, { input: { messageId } });
      expect(await sendBy(alice, id, input)).toEqual(deleteMessage.message);
      expect(await lastSequence(alice, id)).toBe(3);
    });

    test('and other input is IDEMPOTENCY_MISMATCH', async () => {
      const { alice, bob, id } = await aliceAndBob();
      const other = await conversationOf([alice, bob]);
      const replied = await sendBy(bob, id);
      const input = once();
      await sendBy(alice, id, input);
      const differences = [
        { content: 'twice' },
        { attachments: [attachment('b')] },
        { attachments: null },
        { replyToId: replied.id },
        { conversationId: other.id },
      ];
      for (const difference of differences)
        expect(await refusal(alice, id, { ...input, ...difference })).toEqual({
          code: 'IDEMPOTENCY_MISMATCH',
        });
      expect([await lastSequence(alice, id), await lastSequence(alice, other.id)]).toEqual([2, 0]);
    });

    test('by somebody else is another message', async () => {
      const { alice, bob, id } = await aliceAndBob();
      const input = once();
      const [ofAlice, ofBob] = [await sendBy(alice, id, input), await sendBy(bob, id, input)];
      expect(ofBob).toMatchObject({ sequence: 2, sender: { id: bob.id } });
      expect(ofBob.id).not.toBe(ofAlice.id);
    });

    test('is FORBIDDEN once the sender is gone', async () => {
      const { alice, id } = await aliceAndBob();
      const input = once();
      await sendBy(alice, id, input);
      await alice.ask(LeaveConversationDocument, { input: { conversationId: id } });
      for (const content of ['once', 'twice'])
        expect(await refusal(alice, id, { ...input, content })).toEqual({ code: 'FORBIDDEN' });
    });

    test('has 1 to 64 characters', async () => {
      const { alice, id } = await aliceAndBob();
      const field = 'input.clientMessageId';
      for (const clientMessageId of ['', 'x'.repeat(65), 'nul\0'])
        expect(await refusal(alice, id, { clientMessageId })).toMatchObject({
          code: 'BAD_USER_INPUT',
          field,
        });
      for (const clientMessageId of ['x', emoji(64)])
        expect((await sendBy(alice, id, { clientMessageId })).clientMessageId).toBe(
          clientMessageId,
        );
    });
  });
});
