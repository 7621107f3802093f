import { ApolloClient, gql, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { type Resync, resumable } from '@parley/client';
import type { Client } from 'graphql-ws';
import { Client as PostgresClient } from 'pg';
import WebSocket from 'ws';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import { type Added, MESSAGES } from './outage';
import { tunnelled } from './tunnelled';

describe('a position that was stored', () => {
  let cluster: Cluster;
  const clients: Client[] = [];

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.dispose();
  });
  afterAll(() => cluster.stop());

  async function visit() {
    const [alice, bob] = await cluster.persons('alice', 'bob');
    const { id } = await conversationOf([alice!, bob!]);
    for (let count = 0; count < 3; count++) await sendBy(alice!, id);
    /** A client as after a reload: nothing is known but what was stored. */
    const come = () => {
      const resyncs: Resync[] = [];
      const { client: bare } = tunnelled(bob!, clients);
      const asked: string[] = [];
      bare.on('message', ({ type }) => asked.push(type));
      const client = resumable(bare, { onResync: (resync) => resyncs.push(resync) });
      const follow = (after: number, logEpoch?: unknown) =>
        client.iterate<Added>({
          query: MESSAGES,
          variables: { id, after },
          ...(logEpoch !== undefined && { extensions: { logEpoch } }),
        });
      return { client, follow, resyncs, asked };
    };
    return { alice: alice!, id, come };
  }

  async function beginEpoch(): Promise<void> {
    const database = new PostgresClient(cluster.databaseUrl);
    await database.connect();
    await database.query('update installation set log_epoch = gen_random_uuid()');
    await database.end();
    await cluster.restart();
  }

  async function sequenceOf(stream: AsyncIterator<{ data?: Added | null }>) {
    return (await stream.next()).value!.data!.messageAdded.sequence;
  }

  test('goes on where it was, in the same epoch', async () => {
    const { come } = await visit();
    const { client, follow } = come();
    expect(client.logEpoch).toBeNull();
    expect(await sequenceOf(follow(0))).toBe(1);
    const logEpoch = client.logEpoch;
    expect(logEpoch).toEqual(expect.any(String));
    const later = come();
    expect(await sequenceOf(later.follow(2, logEpoch))).toBe(3);
    // On a connection that is there already.
    expect(await sequenceOf(later.follow(1, logEpoch))).toBe(2);
    expect(later.resyncs).toEqual([]);
  });

  test('is worthless in another epoch, and is not asked for', async () => {
    const { come } = await visit();
    const { client, follow } = come();
    await follow(0).next();
    const logEpoch = client.logEpoch;
    await client.dispose();
    await beginEpoch();
    const later = come();
    await expect(later.follow(2, logEpoch).next()).rejects.toMatchObject([
      { extensions: { code: 'RESYNC_REQUIRED' } },
    ]);
    expect(later.resyncs).toMatchObject([
      {
        reason: 'LOG_EPOCH_CHANGED',
        payload: { variables: { after: 2 }, extensions: { logEpoch } },
      },
    ]);
    expect(later.asked).toEqual(['connection_ack']);
    // One of each epoch on a connection that is there: only the old one ends.
    const fresh = later.follow(2, later.client.logEpoch);
    expect(await sequenceOf(fresh)).toBe(3);
    await expect(later.follow(2, logEpoch).next()).rejects.toMatchObject([
      { extensions: { code: 'RESYNC_REQUIRED' } },
    ]);
    expect(await sequenceOf(later.follow(0))).toBe(1);
    expect(later.resyncs).toHaveLength(2);
  });

  test('has no epoch that is no text, and may be beyond the end', async () => {
    const { come } = await visit();
    const { follow, resyncs } = come();
    expect(() => follow(2, 7)).toThrow('extensions.logEpoch');
    await expect(follow(2_147_483_647).next()).rejects.toMatchObject([
      { extensions: { code: 'RESYNC_REQUIRED', lastSequence: 3 } },
    ]);
    expect(resyncs).toHaveLength(1);
    await expect(follow(Number.MAX_SAFE_INTEGER).next()).rejects.toMatchObject([
      { message: expect.stringContaining('Int') },
    ]);
  });

  test("is handed in by Apollo Client's link as well", async () => {
    // Node 20 has no WebSocket of its own, which the link wants to know errors by.
    globalThis.WebSocket ??= WebSocket as never;
    const { come, id } = await visit();
    const { client, follow, resyncs } = come();
    await follow(0).next();
    const apollo = new ApolloClient({
      link: new GraphQLWsLink(client),
      cache: new InMemoryCache(),
    });
    const ask = (after: number, logEpoch: string, came: unknown[]) =>
      apollo
        .subscribe({
          query: gql(MESSAGES),
          variables: { id, after },
          extensions: { logEpoch },
        })
        .subscribe(({ data, error }) => came.push(data ?? error));
    const came: unknown[] = [];
    ask(2, client.logEpoch!, came);
    await eventually(() => expect(came).toMatchObject([{ messageAdded: { sequence: 3 } }]));
    const ended: unknown[] = [];
    ask(1, 'another', ended);
    await eventually(() => expect(ended).toHaveLength(1));
    expect(resyncs).toMatchObject([{ reason: 'LOG_EPOCH_CHANGED' }]);
  });
});
