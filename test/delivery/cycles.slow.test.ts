import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createClient } from 'graphql-ws';
import Redis from 'ioredis';
import { Client as Postgres } from 'pg';
import WebSocket from 'ws';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf } from '../support/factories';
import type { Person } from '../support/person';

/** A long form by the environment. */
const SUBSCRIPTIONS = Number(process.env.PARLEY_CYCLES ?? 1_000);
const CONNECTIONS = Math.ceil(SUBSCRIPTIONS / 5);
const AT_ONCE = 20;
/** What thousands of cycles may leave, MiB: caches that fill, not growth. */
const ROOM_MIB = 10;
/** Of a client that is still connected, and of connections to the database. */
const ROOM_TIMERS = 25;

const QUERIES = [
  'subscription ($id: ID!) { messageAdded(conversationId: $id) { id } }',
  'subscription ($id: ID!) { conversationEvents(conversationId: $id, after: 0) { sequence } }',
  'subscription ($id: ID!) { typing(conversationId: $id) { isTyping } }',
  'subscription { userPresence { online } }',
  'subscription { messageAdded { id } }',
];

/** What is really held: garbage is collected first. */
function heapMiB(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

describe('coming and going', () => {
  let cluster: Cluster;
  let redis: Redis;
  let bob: Person;
  let id: string;
  /** What there is while nobody is connected. */
  let idle: Awaited<ReturnType<typeof remains>>;
  /** Those of this installation: the server is shared with other tests. */
  let channels: string;

  beforeAll(async () => {
    cluster = await Cluster.start({ redis: true });
    redis = new Redis(process.env.PARLEY_TEST_REDIS_URL!);
    const database = new Postgres(cluster.databaseUrl);
    await database.connect();
    channels = `parley:${(await database.query('select id from installation')).rows[0].id}:*`;
    await database.end();
    const [alice, other] = await cluster.persons('alice', 'bob');
    bob = other!;
    id = (await conversationOf([alice!, bob])).id;
    idle = await remains();
  });
  afterAll(async () => {
    redis.disconnect();
    await cluster.stop();
  });

  /** Everything that a subscription or a connection may leave behind. */
  async function remains() {
    const open = (await redis.pubsub('CHANNELS', channels)) as string[];
    const timers = process
      .getActiveResourcesInfo()
      .filter((resource) => resource === 'Timeout').length;
    return { ...cluster.node.services.delivery.hub.size, channels: open.length, timers };
  }

  function connect() {
    return createClient({
      url: `${cluster.node.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { token: bob.token! },
    });
  }

  async function expectNothingLeft(work: () => Promise<void>): Promise<void> {
    await work();
    await eventually(async () => {
      const after = await remains();
      expect({ ...after, timers: 0 }).toEqual({ ...idle, timers: 0 });
      expect(after.timers).toBeLessThanOrEqual(idle.timers + ROOM_TIMERS);
    }, 20_000);
  }

  /** Does something so many times, some at once. */
  async function repeat(times: number, work: (index: number) => Promise<void>): Promise<void> {
    let next = 0;
    const worker = async () => {
      for (let index = next++; index < times; index = next++) await work(index);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  test(`${SUBSCRIPTIONS} subscriptions that end leave no seat, no topic, no timer and no memory`, async () => {
    const client = connect();
    const cycle = (index: number) =>
      new Promise<void>((resolve, reject) => {
        const query = QUERIES[index % QUERIES.length]!;
        const variables = query.includes('$id') ? { id } : undefined;
        const release = client.subscribe(
          { query, variables },
          { next: () => {}, error: reject, complete: resolve },
        );
        // Some end before they have begun.
        if (index % 3 === 0) release();
        else setTimeout(release, index % 7);
      });
    await expectNothingLeft(() => repeat(SUBSCRIPTIONS / 10, cycle));
    const before = heapMiB();
    await expectNothingLeft(() => repeat(SUBSCRIPTIONS, cycle));
    const more = heapMiB() - before;
    process.stdout.write(`${SUBSCRIPTIONS} subscriptions: ${more.toFixed(1)} MiB more\n`);
    expect(more).toBeLessThan(ROOM_MIB);
    await client.dispose();
  }, 300_000);

  test(`${CONNECTIONS} connections that are killed leave nothing either`, async () => {
    await expectNothingLeft(() =>
      repeat(CONNECTIONS, async (index) => {
        const client = connect();
        const opened = new Promise<WebSocket>((resolve) =>
          client.on('opened', (socket) => resolve(socket as WebSocket)),
        );
        const over = new Promise<void>((resolve) => {
          const sink = { next: () => {}, error: () => resolve(), complete: () => resolve() };
          client.subscribe({ query: QUERIES[index % 3]!, variables: { id } }, sink);
        });
        const socket = await opened;
        setTimeout(() => socket.terminate(), index % 9);
        await over;
        await client.dispose();
      }),
    );
  }, 300_000);
});
