import { Client as Postgres } from 'pg';
import { ConversationDocument, MeDocument, SendMessageDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';

/** More than the pool has connections. */
const REQUESTS = 40;
const POOL = 10;
const UNAVAILABLE = { code: 'UNAVAILABLE', retryAfterMs: expect.any(Number) };

describe('a database that does not answer', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  test('a pool that is exhausted is UNAVAILABLE for everybody who waits, and nothing is half done', async () => {
    const [alice, bob] = await cluster.persons('alice', 'bob');
    const ids: string[] = [];
    for (let index = 0; index < REQUESTS; index++) ids.push((await conversationOf([alice!, bob!])).id);
    const id = ids[0]!;
    const database = new Postgres(cluster.databaseUrl);
    await database.connect();
    const observer = new Postgres(cluster.databaseUrl);
    await observer.connect();
    await database.query('begin');
    await database.query('select from conversations where id = any($1) for update', [ids]);
    const sends = ids.map((conversationId, index) => {
      const input = { conversationId, content: 'waiting', clientMessageId: `w${index}` };
      return alice!.request(SendMessageDocument, { input });
    });
    // The first ones hold every connection now, and wait for the lock.
    await eventually(async () => {
      const { rows } = await observer.query(
        `select count(*)::integer as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      expect(rows[0].count).toBe(POOL);
    });
    const begun = performance.now();
    const { errors } = await bob!.request(MeDocument, {});
    const waitedMs = performance.now() - begun;
    expect(errors?.[0]?.extensions).toEqual(UNAVAILABLE);
    process.stdout.write(`exhausted pool: answered after ${waitedMs.toFixed(0)} ms\n`);
    for (const answer of await Promise.all(sends)) expect(answer.errors?.[0]?.extensions).toEqual(UNAVAILABLE);
    await database.query('rollback');
    await Promise.all([database.end(), observer.end()]);
    expect((await alice!.ask(ConversationDocument, { id })).conversation!.lastSequence).toBe(0);
    expect((await sendBy(alice!, id, { content: 'waiting', clientMessageId: 'w0' })).sequence).toBe(1);
  }, 60_000);
});
