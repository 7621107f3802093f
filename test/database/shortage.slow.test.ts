import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { connectDatabase, queryableOf } from '../../src/database/data-source';
import { createLogger } from '../../src/logger';
import { type PgBouncer, startPgBouncer, whyNoPgBouncer } from '../support/pgbouncer';
import { createDatabase, dropDatabase } from '../support/services';

const ROLE = `scarce_${process.pid}`;
const SLOTS = 3;
const POOL_SIZE = 8;
const READERS = 24;

const logger = createLogger('silent');
const missing = whyNoPgBouncer();

describe('a pool that may have more sessions than there are', () => {
  let databaseUrl: string;
  let admin: Client;
  let bouncer: PgBouncer | null = null;
  let dataSource: DataSource | null = null;

  beforeEach(async () => {
    databaseUrl = await createDatabase(process.env.PARLEY_TEST_POSTGRES_URL!);
    admin = new Client(process.env.PARLEY_TEST_POSTGRES_URL!);
    await admin.connect();
    await admin.query(`create role ${ROLE} login connection limit ${SLOTS} password 'scarce'`);
  });
  afterEach(async () => {
    await dataSource?.destroy();
    await bouncer?.stop();
    bouncer = null;
    await dropDatabase(databaseUrl);
    await admin.query(`drop role ${ROLE}`);
    await admin.end();
  });

  const scarceUrl = () => {
    const url = new URL(databaseUrl);
    [url.username, url.password] = [ROLE, 'scarce'];
    return url.href;
  };

  const open = async (url: string) => {
    dataSource = await connectDatabase({ url, poolSize: POOL_SIZE, entities: [], logger });
    return queryableOf(dataSource);
  };

  /** Reads without a pause, for longer than a request waits for a session. */
  const readAll = async (url: string) => {
    const database = await open(url);
    const read = () => database.query<{ one: number }>('select 1 as one from pg_sleep(0.05)');
    const reader = async () => {
      for (let round = 0; round < 12; round++) expect(await read()).toEqual([{ one: 1 }]);
    };
    await Promise.all(Array.from({ length: READERS }, reader));
  };

  test('works with those that the server allows', () => readAll(scarceUrl()));

  const behindPgBouncer = missing === null ? test : test.skip;
  behindPgBouncer(
    `works with those that a pooler has${missing ? `, not run: ${missing}` : ''}`,
    async () => {
      const settings = { default_pool_size: String(SLOTS) };
      bouncer = await startPgBouncer(process.env.PARLEY_TEST_POSTGRES_URL!, settings);
      await readAll(bouncer.urlOf(databaseUrl));
    },
  );

  test('grows as soon as there are more', async () => {
    const database = await open(scarceUrl());
    const sleep = () => database.query('select pg_sleep(0.1)');
    await Promise.all(Array.from({ length: READERS }, sleep));
    await admin.query(`alter role ${ROLE} connection limit -1`);
    const count = async () => {
      await Promise.all(Array.from({ length: READERS }, sleep));
      const { rows } = await admin.query(
        'select count(*)::int as count from pg_stat_activity where usename = $1',
        [ROLE],
      );
      return rows[0].count;
    };
    while ((await count()) < POOL_SIZE);
  });
});
