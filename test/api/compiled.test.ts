import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, sendBy } from '../support/factories';

// biome-ignore lint/suspicious/noExplicitAny: documents that are made here have no generated types
type AnyDocument = TypedDocumentNode<any, any>;
const documentOf = (text: string) => parse(text) as AnyDocument;

/** More than are needed before an operation is compiled. */
const TIMES = 40;

const LIST = documentOf(`query Compiled($first: Int! = 5, $after: String, $withRole: Boolean! = false) {
  conversations(first: $first, after: $after) {
    nodes { ...Parts participants { user { id displayName } lastReadSequence } }
    pageInfo { hasNextPage endCursor }
  }
}
fragment Parts on Conversation {
  id unreadCount archived @include(if: $withRole)
  lastMessage { __typename content createdAt attachments { url } sender { id } replyTo { id } }
  messages(last: 2) { nodes { sequence } }
}`);

const EVENTS = documentOf(`subscription ($id: ID!, $viewing: Boolean! = false, $after: Int = 0) {
  messageAdded(conversationId: $id, viewing: $viewing, after: $after) {
    sequence content replyTo { sequence } conversation { unreadCount }
  }
}`);

const SEND = documentOf('mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { sequence } } }');

describe('an operation that comes again and again', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  it('is answered the same once it is compiled', async () => {
    const [alice, bob] = await cluster.persons('alice', 'bob');
    const { id } = await conversationOf([alice!, bob!]);
    const first = await sendBy(alice!, id);
    await sendBy(alice!, id, { replyToId: first.id, attachments: [{ url: 'https://example.com/a' }] });
    const ask = async (variables: object) => {
      const { data, errors } = await bob!.askSocket(LIST, variables);
      expect(errors).toBeUndefined();
      return data;
    };
    const before = await ask({});
    expect(before.conversations.nodes[0]).toMatchObject({ unreadCount: 2, lastMessage: { replyTo: { id: first.id } } });
    expect(before.conversations.nodes[0]).not.toHaveProperty('archived');
    for (let time = 0; time < TIMES; time++) expect(await ask({})).toEqual(before);
    expect((await ask({ withRole: true })).conversations.nodes[0]).toHaveProperty('archived', false);
    expect((await ask({ first: 1, after: null })).conversations.pageInfo.hasNextPage).toBe(false);
  });

  it('is refused the same once it is compiled', async () => {
    const [alice, bob, mallory] = await cluster.persons('anna', 'bert', 'mallory');
    const { id } = await conversationOf([alice!, bob!]);
    const refusalOf = async (input: object) => {
      const { data, errors } = await mallory!.askSocket(SEND, { input });
      expect(data ?? null).toBeNull();
      expect(errors).toHaveLength(1);
      return errors![0];
    };
    const inputs = [
      { conversationId: id, content: 'x' },
      { conversationId: id, content: '' },
      { conversationId: id, content: 7 },
      { conversationId: id },
    ];
    const before = await Promise.all(inputs.map(refusalOf));
    for (let time = 0; time < TIMES; time++) expect(await Promise.all(inputs.map(refusalOf))).toEqual(before);
  });

  it('is left as it is when its fragments would make it huge', async () => {
    const [alice, bob] = await cluster.persons('amy', 'ben');
    const { id } = await conversationOf([alice!, bob!]);
    const doubled = (level: number) =>
      `fragment F${level} on Message { a: replyTo { ...F${level + 1} } b: replyTo { ...F${level + 1} } }`;
    const levels = Array.from({ length: 40 }, (_, level) => doubled(level));
    const document = documentOf(
      `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { ...F0 } } }
      ${levels.join(' ')} fragment F40 on Message { id }`,
    );
    for (let time = 0; time < TIMES; time++) {
      const { data } = await alice!.askSocket(document, { input: { conversationId: id, content: 'x' } });
      expect(data).toEqual({ sendMessage: { message: { a: null, b: null } } });
    }
  });

  it('brings the same events once it is compiled, each viewer their own', async () => {
    const [alice, bob] = await cluster.persons('ada', 'bela');
    const { id } = await conversationOf([alice!, bob!]);
    const [hers, his] = [alice!, bob!].map((person) => person.subscribe(EVENTS, { id }));
    const sent: { id: string }[] = [];
    for (let time = 0; time < TIMES; time++) {
      sent.push(await sendBy(alice!, id, { content: `no. ${time}`, replyToId: sent.at(-1)?.id ?? null }));
      await Promise.all([hers!.next(), his!.next()]);
    }
    const seenBy = (stream: { received: readonly unknown[] }) =>
      (stream.received as { messageAdded: { sequence: number; conversation: { unreadCount: number } } }[]).map(
        ({ messageAdded }) => messageAdded,
      );
    for (const [index, message] of seenBy(his!).entries())
      expect(message).toEqual({
        sequence: index + 1,
        content: `no. ${index}`,
        replyTo: index === 0 ? null : { sequence: index },
        conversation: { unreadCount: index + 1 },
      });
    expect(seenBy(his!)).toHaveLength(TIMES);
    expect(new Set(seenBy(hers!).map(({ conversation }) => conversation.unreadCount))).toEqual(new Set([0]));
  });
});
