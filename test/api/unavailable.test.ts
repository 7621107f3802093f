import { Client as Postgres } from 'pg';
import { ConversationDocument, MeDocument, SendMessageDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';

/** More than the pool has connections. */
const REQUESTS = 100;
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
    for (let index = 0; index < REQUESTS; index++)
      ids.push((await conversationOf([alice!, bob!])).id);
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
    // Who comes now waits, too: some may still get a connection between two that are given up.
    const answers: Promise<{ code: unknown; waitedMs: number }>[] = [];
    const isRefused = async () =>
      (await Promise.all(answers)).some(({ code }) => code === 'UNAVAILABLE');
    do {
      answers.push(askedBy(bob!), askedBy(bob!));
      await Promise.race(answers.slice(-2));
    } while (!(await isRefused()));
    const longestMs = Math.max(...(await Promise.all(answers)).map(({ waitedMs }) => waitedMs));
    process.stdout.write(`exhausted pool: answered after at most ${longestMs.toFixed(0)} ms\n`);
    for (const answer of await Promise.all(sends))
      expect(answer.errors?.[0]?.extensions).toEqual(UNAVAILABLE);
    await database.query('rollback');
    await Promise.all([database.end(), observer.end()]);
    expect((await alice!.ask(ConversationDocument, { id })).conversation!.lastSequence).toBe(0);
    expect((await sendBy(alice!, id, { content: 'waiting', clientMessageId: 'w0' })).sequence).toBe(
      1,
    );
  }, 60_000);
});

/** What a short question gets. */
async function askedBy(person: Person): Promise<{ code: unknown; waitedMs: number }> {
  const begunMs = performance.now();
  const { errors } = await person.request(MeDocument, {});
  if (errors) expect(errors[0]!.extensions).toEqual(UNAVAILABLE);
  return { code: errors?.[0]?.extensions?.code, waitedMs: performance.now() - begunMs };
}
