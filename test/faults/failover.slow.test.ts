import { Client } from 'pg';
import {
  ConversationEventsDocument,
  InboxUpdatedDocument,
  MeDocument,
  NotificationAddedDocument,
  TypingDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import { FailoverPostgres } from '../support/failover';
import type { Person } from '../support/person';

const TIMEOUT_MS = 120_000;

/** What a new connection is told. */
async function epochOf(cluster: Cluster, person: Person, node = cluster.node): Promise<unknown> {
  const device = cluster.device(person, node);
  await device.askSocket(MeDocument, {});
  return device.acknowledged!.logEpoch;
}

const resync = (lastSequence: number) => ({
  errors: [{ extensions: { code: 'RESYNC_REQUIRED', lastSequence } }],
});

describe('a database that fails over', () => {
  let database: FailoverPostgres;
  let cluster: Cluster;

  beforeEach(async () => {
    database = await FailoverPostgres.start();
  }, TIMEOUT_MS);
  afterEach(async () => {
    await cluster.stop();
    await database.stop();
  }, TIMEOUT_MS);

  async function start(env: Record<string, string> = {}, nodes = 2): Promise<void> {
    cluster = await Cluster.start({ nodes, env: { DATABASE_URL: database.url, ...env } });
  }

  const sent = (person: Person, id: string) =>
    eventually(() => sendBy(cluster.device(person), id), TIMEOUT_MS);

  test(
    'without its last commits ends every position of before, on every node',
    async () => {
      await start();
      const [alice, bob] = await cluster.persons('alice', 'bob');
      const { id } = await conversationOf([alice!, bob!]);
      await sendBy(alice!, id);
      await database.remember();
      for (let count = 0; count < 3; count++) await sent(alice!, id);
      const former = await epochOf(cluster, alice!);
      const [, second] = cluster.nodes;
      const streams = [cluster.device(bob!), cluster.device(bob!, second)].map((device) =>
        device.subscribe(ConversationEventsDocument, { conversationId: id, after: 0 }),
      );
      for (const stream of streams) await stream.take(4);
      const inbox = cluster.device(bob!, second).subscribe(NotificationAddedDocument, { after: 0 });
      await inbox.next();

      await database.failOver();
      for (let count = 0; count < 5; count++) await sent(alice!, id);
      // A node may look before all of them are sent.
      for (const stream of streams)
        expect(await stream.ended()).toMatchObject(resync(expect.any(Number)));
      expect(await inbox.refusal()).toBe('RESYNC_REQUIRED');
      const epochs = await Promise.all(cluster.nodes.map((node) => epochOf(cluster, alice!, node)));
      expect(epochs[0]).not.toBe(former);
      expect(epochs[1]).toBe(epochs[0]);
      // From what the log is now it goes on.
      const again = cluster
        .device(bob!, second)
        .subscribe(ConversationEventsDocument, { conversationId: id, after: 6 });
      await sent(alice!, id);
      expect((await again.next()).conversationEvents.sequence).toBe(7);
    },
    TIMEOUT_MS,
  );

  test(
    'makes a position worthless that was refused meanwhile and comes again on the same socket',
    async () => {
      await start({}, 1);
      const [alice, bob] = await cluster.persons('alice', 'bob');
      const { id } = await conversationOf([alice!, bob!]);
      await sendBy(alice!, id);
      await database.remember();
      for (let count = 0; count < 3; count++) await sent(alice!, id);
      const former = await epochOf(cluster, alice!);
      const resume = () =>
        bob!.subscribe(ConversationEventsDocument, { conversationId: id, after: 4 });
      // A hint keeps the socket, whose client knows the former epoch.
      bob!.subscribe(InboxUpdatedDocument, {});
      await bob!.askSocket(MeDocument, {});
      await database.failOver(async () => {
        expect(await resume().refusal()).toBe('UNAVAILABLE');
      });
      for (let count = 0; count < 5; count++) await sent(alice!, id);
      await eventually(async () => expect(await epochOf(cluster, alice!)).not.toBe(former));
      expect(await resume().ended()).toMatchObject({ closed: { code: 1013 } });
      // Who has fetched again goes on, on a socket that knows the present epoch.
      const again = resume();
      expect((await again.next()).conversationEvents.sequence).toBe(5);
      expect(bob!.acknowledged!.logEpoch).not.toBe(former);
    },
    TIMEOUT_MS,
  );

  test(
    'while no node runs has another epoch at the next start, one for all nodes',
    async () => {
      await start();
      const [alice] = await cluster.persons('alice');
      const former = await epochOf(cluster, alice!);
      await Promise.all(cluster.nodes.map((node) => node.stop()));
      await database.switchOver();
      await cluster.restart();
      const epochs = await Promise.all(cluster.nodes.map((node) => epochOf(cluster, alice!, node)));
      expect(epochs[0]).not.toBe(former);
      expect(epochs[1]).toBe(epochs[0]);
    },
    TIMEOUT_MS,
  );

  test(
    'without losing anything, as the setting says, ends nothing',
    async () => {
      await start({ DATABASE_FAILOVER: 'lossless' });
      const [alice, bob] = await cluster.persons('alice', 'bob');
      const { id } = await conversationOf([alice!, bob!]);
      const former = await epochOf(cluster, alice!);
      const stream = bob!.subscribe(ConversationEventsDocument, { conversationId: id, after: 0 });
      await sendBy(alice!, id);
      await stream.next();
      await database.switchOver();
      const noted = () => database.query('select timeline from installation');
      await eventually(async () => expect(await noted()).toEqual([{ timeline: 2 }]));
      await sent(alice!, id);
      expect((await stream.next()).conversationEvents.sequence).toBe(2);
      expect(await epochOf(cluster, alice!)).toBe(former);
    },
    TIMEOUT_MS,
  );
});

describe('a log that goes back', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  async function execute(sql: string): Promise<void> {
    const client = new Client({ connectionString: cluster.databaseUrl });
    await client.connect();
    await client.query(sql);
    await client.end();
  }

  test('on the same timeline ends the subscriptions of that log alone', async () => {
    const [alice, bob] = await cluster.persons('alice', 'bob');
    const [back, other] = await Promise.all([
      conversationOf([alice!, bob!], { listingId: 'back' }),
      conversationOf([alice!, bob!], { listingId: 'other' }),
    ]);
    const former = await epochOf(cluster, alice!);
    const streams = [back, other].map(({ id }) =>
      bob!.subscribe(ConversationEventsDocument, { conversationId: id, after: 0 }),
    );
    const typing = bob!.subscribe(TypingDocument, { conversationId: back.id });
    for (let count = 0; count < 3; count++)
      for (const { id } of [back, other]) await sendBy(alice!, id);
    for (const stream of streams) await stream.take(3);
    await execute(
      `with gone as (delete from conversation_events
         where conversation_id = '${back.id}' and sequence > 1)
       update conversations set last_sequence = 1 where id = '${back.id}'`,
    );
    expect(await streams[0]!.ended()).toMatchObject(resync(1));
    // Its access may have been lost as well, so it is asked for again.
    expect(await typing.refusal()).toBe('RESYNC_REQUIRED');
    await sendBy(alice!, other.id);
    expect((await streams[1]!.next()).conversationEvents.sequence).toBe(4);
    expect(await epochOf(cluster, alice!)).toBe(former);
  });

  test('cannot be seen by a node that starts where nothing can be written, and it starts', async () => {
    const [alice] = await cluster.persons('alice');
    const { pathname } = new URL(cluster.databaseUrl);
    const readOnly = (value: 'on' | 'off') =>
      execute(
        `set transaction read write; alter database "${pathname.slice(1)}" set default_transaction_read_only = ${value}`,
      );
    await readOnly('on');
    try {
      await cluster.restart();
      expect(await epochOf(cluster, alice!)).toEqual(expect.any(String));
    } finally {
      await readOnly('off');
      await cluster.restart();
    }
  });

  test('as an operator says ends all positions, of a node that runs', async () => {
    const [carol, dave] = await cluster.persons('carol', 'dave');
    const { id } = await conversationOf([carol!, dave!]);
    const former = await epochOf(cluster, carol!);
    const stream = dave!.subscribe(ConversationEventsDocument, { conversationId: id, after: 0 });
    await sendBy(carol!, id);
    await stream.next();
    await execute('update installation set log_epoch = gen_random_uuid()');
    expect(await stream.ended()).toMatchObject(resync(1));
    expect(await epochOf(cluster, carol!)).not.toBe(former);
    await carol!.disconnect();
    // Also where nobody follows a log.
    const present = await epochOf(cluster, carol!);
    await execute('update installation set log_epoch = gen_random_uuid()');
    await eventually(async () => expect(await epochOf(cluster, carol!)).not.toBe(present));
  });
});
