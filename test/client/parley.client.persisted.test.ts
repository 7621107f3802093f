import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ApolloClient, ApolloLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { createOutbox, createParleyClient, follow, type ParleyClient } from '@parley/client';
import { parleyLink, parleyTypePolicies } from '@parley/client/apollo';
import {
  ConversationEventsDocument,
  MeDocument,
  MessageAddedDocument,
  MessagesDocument,
  SendMessageDocument,
  StartConversationDocument,
} from '@parley/client/documents';
import { parleyCache, parleyExchange } from '@parley/client/urql';
import { Client } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { persistedExchange } from '@urql/exchange-persisted';
import WebSocket from 'ws';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';

const MANIFEST = join(__dirname, '../../client/manifest.json');

describe('a client of a server that runs persisted operations alone', () => {
  let cluster: Cluster;
  let conversationId: string;
  const clients: ParleyClient[] = [];
  /** Everything that clients sent, over both transports. */
  const sent: string[] = [];

  class Observed extends WebSocket {
    override send(data: string): void {
      sent.push(data);
      super.send(data);
    }
  }

  beforeAll(async () => {
    const env = { PERSISTED_OPERATIONS: MANIFEST, PERSISTED_ONLY: 'true' };
    cluster = await Cluster.start({ env });
    await cluster.persons('alice', 'bob');
    const input = { participantIds: ['bob'] };
    const { startConversation } = await (await clientOf('alice')).request(
      StartConversationDocument,
      { input },
    );
    conversationId = startConversation.conversation.id;
  });
  beforeEach(() => {
    sent.length = 0;
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.dispose();
    // No text of an operation left.
    for (const text of sent) expect(text).not.toMatch(/(query|mutation|subscription) \w+[ ({]/);
  });
  afterAll(() => cluster.stop());

  async function clientOf(id: string, persistedOperations = true): Promise<ParleyClient> {
    const { token } = await cluster.person(id);
    const client = createParleyClient({
      url: `${cluster.node.url}/graphql`,
      token: token!,
      webSocketImpl: Observed,
      persistedOperations,
      fetch: (target, options) => {
        if (persistedOperations) sent.push(String(options!.body));
        return fetch(target, options);
      },
    });
    clients.push(client);
    return client;
  }

  const say = async (client: ParleyClient, content: string) => {
    const input = { conversationId, content };
    return (await client.request(SendMessageDocument, { input })).sendMessage.message;
  };

  test('asks, and goes on where it stopped after an outage', async () => {
    const [alice, bob] = [await clientOf('alice'), await clientOf('bob')];
    expect((await alice.request(MeDocument)).me.id).toBe('alice');
    const { sequence: after } = await say(alice, 'before');
    const contents: string[] = [];
    bob.subscribe(
      MessageAddedDocument,
      { conversationId, after },
      { next: ({ messageAdded }) => contents.push(messageAdded.content) },
    );
    await say(alice, 'one');
    await eventually(() => expect(contents).toEqual(['one']));
    bob.socket.terminate();
    await say(alice, 'two');
    await eventually(() => expect(contents).toEqual(['one', 'two']));
    expect(sent.length).toBeGreaterThan(4);
  });

  test('begins a subscription at the end of its log', async () => {
    const [alice, bob] = [await clientOf('alice'), await clientOf('bob')];
    const { sequence } = await say(alice, 'before');
    const contents: string[] = [];
    bob.subscribe(
      MessageAddedDocument,
      { conversationId },
      { next: ({ messageAdded }) => contents.push(messageAdded.content) },
    );
    await eventually(() => expect(sent.at(-1)).toContain(`"after":${sequence}`));
    await say(alice, 'now');
    await eventually(() => expect(contents).toEqual(['now']));
  });

  test('follows a conversation, and sends from an outbox', async () => {
    const [alice, bob] = [await clientOf('alice'), await clientOf('bob')];
    const room = follow(bob, conversationId);
    await eventually(() => expect(room.state.status).toBe('live'));
    const sending = createOutbox(alice).send({ conversationId, content: 'by the outbox' });
    await eventually(() => expect(sending.state).toBe('sent'));
    await eventually(() => expect(room.state.messages.at(-1)?.content).toBe('by the outbox'));
    room.close();
  });

  test('is refused when it sends texts', async () => {
    const client = await clientOf('alice', false);
    await expect(client.request(MeDocument)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { field: 'query' },
    });
  });

  test("serves Apollo Client behind Apollo's own link", async () => {
    const [alice, bob] = [await clientOf('alice'), await clientOf('bob')];
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const apollo = new ApolloClient({
      link: ApolloLink.from([new PersistedQueryLink({ sha256 }), parleyLink(bob)]),
      cache: new InMemoryCache({ typePolicies: parleyTypePolicies() }),
    });
    const page = { query: MessagesDocument, variables: { id: conversationId, last: 20 } };
    const { data } = await apollo.query(page);
    const variables = { conversationId, after: data!.conversation!.lastSequence };
    const events = apollo.subscribe({ query: ConversationEventsDocument, variables }).subscribe({});
    await say(alice, 'for Apollo');
    const newest = () => apollo.readQuery(page)?.conversation?.messages.nodes.at(-1)?.content;
    await eventually(() => expect(newest()).toBe('for Apollo'));
    bob.socket.terminate();
    await say(alice, 'again');
    await eventually(() => expect(newest()).toBe('again'));
    const input = { conversationId, content: 'of Apollo' };
    await apollo.mutate({ mutation: SendMessageDocument, variables: { input } });
    expect(newest()).toBe('of Apollo');
    events.unsubscribe();
    apollo.stop();
  });

  test("serves urql behind urql's own exchange", async () => {
    const [alice, bob] = [await clientOf('alice'), await clientOf('bob')];
    const urql = new Client({
      url: bob.url,
      preferGetMethod: false,
      exchanges: [
        cacheExchange(parleyCache()),
        persistedExchange({
          enforcePersistedQueries: true,
          enableForMutation: true,
          enableForSubscriptions: true,
          preferGetForPersistedQueries: false,
        }),
        parleyExchange(bob),
      ],
    });
    const variables = { id: conversationId, last: 20 };
    const { data } = await urql.query(MessagesDocument, variables).toPromise();
    const after = data!.conversation!.lastSequence;
    const { unsubscribe } = urql
      .subscription(ConversationEventsDocument, { conversationId, after })
      .subscribe(() => {});
    await say(alice, 'for urql');
    const newest = () =>
      urql.readQuery(MessagesDocument, variables)?.data?.conversation?.messages.nodes.at(-1)
        ?.content;
    await eventually(() => expect(newest()).toBe('for urql'));
    const input = { conversationId, content: 'of urql' };
    const { error } = await urql.mutation(SendMessageDocument, { input }).toPromise();
    expect(error).toBeUndefined();
    await eventually(() => expect(newest()).toBe('of urql'));
    unsubscribe();
  });
});
