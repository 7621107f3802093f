import { Client } from 'pg';
import { people } from '../api/people';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import { scrape } from '../support/scrape';

const SESSIONS = 2;

test('the metrics show a pool without a free session, and statements that failed', async () => {
  const cluster = await Cluster.start({
    redis: true,
    env: { DATABASE_POOL_SIZE: String(SESSIONS) },
  });
  const blocker = new Client({ connectionString: cluster.databaseUrl });
  await blocker.connect();
  const [alice, ...others] = await people(cluster, 'alice', 'bob', 'carol', 'dave', 'erin');
  const conversations = await Promise.all(others.map((one) => conversationOf([alice, one])));
  const before = await scrape(cluster.node);
  expect(before.value('parley_database_sessions_limit')).toBe(SESSIONS);
  expect(before.value('parley_database_waiting')).toBe(0);

  await blocker.query('begin; lock table messages in access exclusive mode');
  const sends = Promise.allSettled(conversations.map(({ id }) => sendBy(alice, id)));
  await eventually(async () => {
    const { value } = await scrape(cluster.node);
    expect(value('parley_database_sessions', { state: 'lent' })).toBe(SESSIONS);
    expect(value('parley_database_waiting')).toBeGreaterThanOrEqual(1);
  });
  // Nobody lets go of the table, so the sends fail once they have waited for it long enough.
  await sends;
  await blocker.query('rollback');

  const after = await scrape(cluster.node);
  const moved = (name: string, labels = {}) =>
    after.value(name, labels) - before.value(name, labels);
  expect(moved('parley_database_statement_failures_total')).toBeGreaterThanOrEqual(1);
  expect(moved('parley_refusals_total', { code: 'UNAVAILABLE' })).toBeGreaterThanOrEqual(1);
  expect(moved('parley_database_statement_duration_seconds_sum')).toBeGreaterThan(1);
  await eventually(async () =>
    expect((await scrape(cluster.node)).value('parley_database_waiting')).toBe(0),
  );
  await blocker.end();
  await cluster.stop();
});
