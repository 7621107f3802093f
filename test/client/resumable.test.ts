import { createHash } from 'node:crypto';
import { ApolloClient, gql, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { type Resync, resumable } from '@parley/client';
import {
  createRequest,
  fetchExchange,
  subscriptionExchange,
  Client as UrqlClient,
} from '@urql/core';
import type { Client } from 'graphql-ws';
import { Client as PostgresClient } from 'pg';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { tunnelled } from './tunnelled';

const MESSAGES = `subscription Messages($id: ID!, $from: Int) {
  added: messageAdded(conversationId: $id, after: $from) { ...Parts }
}
fragment Parts on Message { place: sequence content }`;

interface Added {
  added: { place: number; content: string };
}

describe('a resumable client', () => {
  let cluster: Cluster;
  const clients: Client[] = [];

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.dispose();
  });
  afterAll(() => cluster.stop());

  const connect = (person: Person) => tunnelled(person, clients);

  async function talk() {
    const [alice, bob] = await cluster.persons('alice', 'bob');
    const { id } = await conversationOf([alice!, bob!]);
    const say = async (...words: string[]) => {
      for (const content of words) await sendBy(alice!, id, { content });
    };
    return { bob: bob!, id, say };
  }

  /** Follows by whatever means, is cut off in the middle, and must have everything once and in order. */
  async function expectWhole(
    follow: (client: Client, id: string, take: (event: Added) => void) => void,
  ) {
    const { bob, id, say } = await talk();
    const { client, away } = connect(bob);
    const received: Added['added'][] = [];
    await say('one');
    follow(resumable(client), id, (event) => received.push(event.added));
    await say('two');
    await eventually(() => expect(received).toHaveLength(2));
    await away(() => say('three', 'four'));
    await say('five');
    await eventually(() => expect(received.length).toBeGreaterThanOrEqual(5));
    await away(() => say('six'));
    await eventually(() => expect(received.length).toBeGreaterThanOrEqual(6));
    expect(received.map((message) => message.content)).toEqual([
      'one',
      'two',
      'three',
      'four',
      'five',
      'six',
    ]);
    expect(received.map((message) => message.place)).toEqual([1, 2, 3, 4, 5, 6]);
  }

  test('goes on where it stopped, by subscribe', () =>
    expectWhole((client, id, take) => {
      client.subscribe<Added>(
        { query: MESSAGES, variables: { id, from: 0 } },
        { next: ({ data }) => take(data!), error: () => {}, complete: () => {} },
      );
    }));

  test('goes on where it stopped, by iterate', () =>
    expectWhole((client, id, take) => {
      void (async () => {
        for await (const { data } of client.iterate<Added>({
          query: MESSAGES,
          variables: { id, from: 0 },
        }))
          take(data!);
      })();
    }));

  test("goes on where it stopped, in Apollo Client's GraphQLWsLink", () =>
    expectWhole((client, id, take) => {
      const apollo = new ApolloClient({
        link: new GraphQLWsLink(client),
        cache: new InMemoryCache(),
      });
      apollo
        .subscribe<Added>({ query: gql(MESSAGES), variables: { id, from: 0 } })
        .subscribe(({ data }) => take(data as Added));
    }));

  test("goes on where it stopped, in urql's subscriptionExchange", () =>
    expectWhole((client, id, take) => {
      const urql = new UrqlClient({
        url: 'http://127.0.0.1:1',
        preferGetMethod: false,
        exchanges: [
          subscriptionExchange({
            forwardSubscription: ({ query, variables }) => ({
              subscribe: (sink) => ({
                unsubscribe: client.subscribe(
                  { query: query!, variables: variables as Record<string, unknown> },
                  sink as never,
                ),
              }),
            }),
          }),
          fetchExchange,
        ],
      });
      urql
        .executeSubscription<Added>(createRequest(MESSAGES, { id, from: 0 }))
        .subscribe(({ data }) => data && take(data));
    }));

  test('does not touch the variables that it was given', async () => {
    const { bob, id, say } = await talk();
    const variables = Object.freeze({ id, from: 0 });
    const stream = resumable(connect(bob).client).iterate<Added>({ query: MESSAGES, variables });
    await say('one');
    await stream.next();
    expect(variables).toEqual({ id, from: 0 });
    await stream.return!();
  });

  test('demands a position to begin from, and one to go on from', async () => {
    const { bob, id } = await talk();
    const client = resumable(connect(bob).client);
    const sink = { next: () => {}, error: () => {}, complete: () => {} };
    expect(() => client.subscribe({ query: MESSAGES, variables: { id } }, sink)).toThrow(
      '$from needs a value',
    );
    const blind =
      'subscription ($id: ID!, $after: Int) { messageAdded(conversationId: $id, after: $after) { content } }';
    expect(() => client.iterate({ query: blind, variables: { id, after: 0 } })).toThrow(
      'does not select sequence',
    );
  });

  test('passes a subscription to all conversations through, which has no position', async () => {
    const { bob, say } = await talk();
    const query = MESSAGES.replace('ID!', 'ID');
    const stream = resumable(connect(bob).client).iterate<Added>({ query });
    let isHere = false;
    const first = stream.next().finally(() => {
      isHere = true;
    });
    // It is live, and nothing tells when it has begun.
    await eventually(async () => {
      await say('hello');
      expect(isHere).toBe(true);
    });
    expect((await first).value).toMatchObject({ data: { added: { content: 'hello' } } });
    await stream.return!();
  });

  test('passes everything else through', async () => {
    const { bob } = await talk();
    const client = resumable(connect(bob).client);
    expect((await client.iterate({ query: '{ me { id } }' }).next()).value).toEqual({
      data: { me: { id: 'bob' } },
    });
  });

  test('passes an operation through that is named by its hash', async () => {
    const { bob } = await talk();
    const query = '{ me { id username } }';
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const client = resumable(connect(bob).client);
    await client.iterate({ query, extensions }).next();
    const { value } = await client.iterate({ query: '', extensions }).next();
    expect(value!.data).toEqual({ me: { id: 'bob', username: 'bob' } });
  });

  test('tells of a position beyond the end, and ends the subscription with the error', async () => {
    const { bob, id, say } = await talk();
    await say('one');
    const resyncs: Resync[] = [];
    const client = resumable(connect(bob).client, { onResync: (resync) => resyncs.push(resync) });
    const payload = { query: MESSAGES, variables: { id, from: 100 } };
    await expect(client.iterate(payload).next()).rejects.toMatchObject([
      { extensions: { code: 'RESYNC_REQUIRED' } },
    ]);
    expect(resyncs).toEqual([{ reason: 'RESYNC_REQUIRED', payload, lastSequence: 1 }]);
  });

  test('tells of a log that was set back, and asks for nothing from before', async () => {
    const own = await Cluster.start();
    const [alice, bob] = await own.persons('alice', 'bob');
    const { id } = await conversationOf([alice!, bob!]);
    const { client, away } = connect(bob!);
    const resyncs: Resync[] = [];
    const stream = resumable(client, { onResync: (resync) => resyncs.push(resync) }).iterate<Added>(
      {
        query: MESSAGES,
        variables: { id, from: 0 },
      },
    );
    await sendBy(alice!, id);
    await stream.next();
    const next = stream.next();
    await away(async () => {
      const database = new PostgresClient(own.databaseUrl);
      await database.connect();
      await database.query('update installation set log_epoch = gen_random_uuid()');
      await database.end();
      await own.restart();
    });
    await expect(next).rejects.toMatchObject([{ extensions: { code: 'RESYNC_REQUIRED' } }]);
    expect(resyncs).toMatchObject([
      { reason: 'LOG_EPOCH_CHANGED', payload: { variables: { id, from: 0 } } },
    ]);
    await client.dispose();
    await own.stop();
  });
});
