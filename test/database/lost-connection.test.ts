import { spawnSync } from 'node:child_process';
import { Client as Postgres } from 'pg';
import type { DataSource } from 'typeorm';
import { connectDatabase, queryableOf } from '../../src/database/data-source';
import type { Queryable } from '../../src/database/transaction';
import { UnavailableError } from '../../src/errors';
import { createLogger } from '../../src/logger';
import { eventually } from '../support/eventually';
import { createDatabase, dropDatabase } from '../support/services';

const POOL = 10;
/** A statement that waits for the lock of the test. */
const WAIT = 'select 1 as one from pg_advisory_xact_lock_shared(1)';
const TERMINATE_NOW = `select pid, pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and application_name = 'parley'`;
/** Waits until each has ended. */
const TERMINATE = TERMINATE_NOW.replace('(pid)', '(pid, 5000)');

describe('a read whose connection is lost', () => {
  let databaseUrl: string;
  let dataSource: DataSource;
  let database: Queryable;
  let operator: Postgres;

  beforeAll(async () => {
    databaseUrl = await createDatabase(process.env.PARLEY_TEST_POSTGRES_URL!);
    dataSource = await connectDatabase({
      url: databaseUrl,
      poolSize: POOL,
      entities: [],
      logger: createLogger('silent'),
    });
    database = queryableOf(dataSource);
    operator = new Postgres(databaseUrl);
    await operator.connect();
  });
  afterAll(async () => {
    await operator.end();
    await dataSource.destroy();
    await dropDatabase(databaseUrl);
  });
  afterEach(() => operator.query('select pg_advisory_unlock_all()'));

  /** Resolves when this many statements of the pool wait for the lock. */
  const waiting = (count: number) =>
    eventually(async () => expect(await countWaiting()).toBe(count));

  const countWaiting = async (): Promise<number> => {
    const { rows } = await operator.query(
      `select count(*)::integer as count from pg_stat_activity
        where datname = current_database() and wait_event = 'advisory'`,
    );
    return rows[0].count;
  };

  const heldReads = async (count: number) => {
    await operator.query('select pg_advisory_lock(1)');
    const reads = Promise.allSettled(Array.from({ length: count }, () => database.query(WAIT)));
    await waiting(count);
    return { reads };
  };

  test('is answered by another one', async () => {
    const { reads } = await heldReads(3);
    await operator.query(TERMINATE);
    await waiting(3);
    await operator.query('select pg_advisory_unlock(1)');
    expect(await reads).toEqual(Array(3).fill({ status: 'fulfilled', value: [{ one: 1 }] }));
  });

  test('is repeated three times at most, and then the database is UNAVAILABLE', async () => {
    const lost = new Set<number>();
    let isOver = false;
    const { reads } = await heldReads(1);
    void reads.then(() => {
      isOver = true;
    });
    while (!isOver) {
      const { rows } = await operator.query(`${TERMINATE_NOW} and wait_event = 'advisory'`);
      // A session that is about to end is found again.
      for (const { pid } of rows) lost.add(pid);
    }
    expect(await reads).toEqual([{ status: 'rejected', reason: expect.any(UnavailableError) }]);
    expect(lost.size).toBeLessThanOrEqual(4);
  });

  test.each(['asc', 'desc'])(
    'finds a living one after the server has ended all that were idle, in the order %s',
    async (order) => {
      const { reads } = await heldReads(POOL);
      await operator.query('select pg_advisory_unlock(1)');
      await reads;
      // The connections end while this process cannot notice it.
      runBeside(databaseUrl, `${TERMINATE} order by pid ${order}`);
      expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
    },
  );

  test('is not repeated after an answer that means something else', async () => {
    const { reads } = await heldReads(1);
    await operator.query(TERMINATE_NOW.replace('terminate', 'cancel'));
    expect(await reads).toEqual([{ status: 'rejected', reason: expect.any(UnavailableError) }]);
    await waiting(0);
  });

  test('is a read, since a write would happen twice', async () => {
    for (const write of [
      'insert into users (id) values (1)',
      'with a as (update users set id = 1 returning 1) select from a',
      'delete from users',
    ])
      await expect(database.query(write)).rejects.toThrow('is no read');
    for (const read of [
      '(select 1) union (select 1)',
      '-- a comment\n values (1)',
      'show timezone',
    ])
      expect(await database.query(read)).toHaveLength(1);
  });
});

/** Runs a statement before this process can read from any socket again. */
function runBeside(url: string, sql: string): void {
  const script = `
    const client = new (require('pg').Client)(process.argv[1]);
    client.connect().then(() => client.query(process.argv[2])).then(() => client.end());`;
  const { status } = spawnSync(process.execPath, ['-e', script, url, sql]);
  expect(status).toBe(0);
}
