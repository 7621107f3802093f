import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { connectDatabase, queryableOf } from '../../src/database/data-source';
import { Transactions } from '../../src/database/transaction';
import { createLogger } from '../../src/logger';
import { eventually } from '../support/eventually';
import { NodeProcess } from '../support/node-process';
import { type PgBouncer, startPgBouncer, whyNoPgBouncer } from '../support/pgbouncer';
import { createDatabase, dropDatabase } from '../support/services';

const REFUSED =
  /^parley: DATABASE_URL: leads to a pooler that shares sessions between clients; .+\n$/;

/** Statements of another application, as fast as they are answered, each a transaction. */
const OTHERS = 4;

const logger = createLogger('silent');
const missing = whyNoPgBouncer();

if (missing === null) describe('behind PgBouncer', behindPgBouncer);
else test.skip(`behind PgBouncer, not run: ${missing}`, () => {});

function behindPgBouncer(): void {
  let databaseUrl: string;
  let admin: Client;
  let bouncer: PgBouncer;
  let dataSource: DataSource | null = null;
  const nodes: NodeProcess[] = [];

  beforeEach(async () => {
    databaseUrl = await createDatabase(process.env.PARLEY_TEST_POSTGRES_URL!);
    admin = new Client(databaseUrl);
    await admin.connect();
  });
  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.interrupt();
    await dataSource?.destroy();
    dataSource = null;
    await bouncer.stop();
    await admin.end();
    await dropDatabase(databaseUrl);
  });

  const begin = async (settings: Record<string, string>) => {
    bouncer = await startPgBouncer(process.env.PARLEY_TEST_POSTGRES_URL!, settings);
  };
  const start = (env: Record<string, string> = {}) => {
    const node = new NodeProcess({ PORT: '0', DATABASE_URL: bouncer.urlOf(databaseUrl), ...env });
    nodes.push(node);
    return node;
  };
  const open = async (poolSize: number) => {
    const url = bouncer.urlOf(databaseUrl);
    dataSource = await connectDatabase({ url, poolSize, entities: [], logger });
    return dataSource;
  };
  const tables = async () =>
    (await admin.query(`select from pg_tables where schemaname = 'public'`)).rowCount;

  const locks = async () => {
    const { rows } = await admin.query(
      `select pid from pg_locks where locktype = 'advisory' and granted and database =
        (select oid from pg_database where datname = current_database())`,
    );
    return rows;
  };

  test.each([
    [{ pool_mode: 'transaction' }],
    [{ pool_mode: 'transaction', default_pool_size: '1' }],
    [{ pool_mode: 'transaction', min_pool_size: '5', server_round_robin: '1' }],
    [{ pool_mode: 'statement' }],
    [{ pool_mode: 'statement', min_pool_size: '5', server_round_robin: '1' }],
  ])('shared sessions are refused in a line, before anything is migrated: %j', async (settings) => {
    await begin(settings);
    const node = start();
    expect(await node.exit()).toBe(1);
    expect(node.errors).toMatch(REFUSED);
    expect(await tables()).toBe(0);
    expect(await locks()).toEqual([]);
  });

  test.each(['transaction', 'statement'])(
    'sessions that others use at the same time are found out too: %s pooling',
    async (pool_mode) => {
      await begin({ pool_mode });
      const others = await traffic(bouncer.urlOf(databaseUrl), OTHERS);
      try {
        for (let attempt = 0; attempt < 20; attempt++)
          await expect(open(2)).rejects.toThrow(/^DATABASE_URL: .*pooling/);
      } finally {
        await others.stop();
      }
    },
  );

  test('session pooling is accepted while others come and go, and nodes work', async () => {
    await begin({ pool_mode: 'session' });
    const others = await traffic(bouncer.urlOf(databaseUrl), OTHERS);
    // PgBouncer would refuse connections that name limits, which have no effect.
    const DATABASE_URL = `${bouncer.urlOf(databaseUrl)}?lock_timeout=1&statement_timeout=1`;
    const { url } = await start({ DATABASE_URL }).ready();
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const second = start();
    expect(await second.exit()).toBe(1);
    expect(second.errors).toMatch(/^parley: REDIS_URL: is not set, and another node/);
    await others.stop();
  });

  test('a session that another client left as it was is used like a new one', async () => {
    await begin({ pool_mode: 'session', server_reset_query: '', default_pool_size: '2' });
    for (let round = 0; round < 3; round++) {
      const source = await open(2);
      const database = queryableOf(source);
      expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
      const locks = `select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()`;
      expect(await database.query(locks)).toEqual([]);
      await source.query('select pg_try_advisory_lock(1)');
      await source.destroy();
      dataSource = null;
    }
  });

  test('the lock of a node that was killed is free, and a living node keeps its own', async () => {
    await begin({ pool_mode: 'session' });
    const first = start();
    await first.ready();
    first.kill();
    await first.exit();
    const { url } = await start().ready();
    await bouncer.kill();
    const notReady = async () => expect((await fetch(`${url}/readyz`)).status).toBe(503);
    await eventually(notReady);
    await bouncer.start();
    await eventually(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200));
    await eventually(async () => expect(await locks()).toHaveLength(1));
    const third = start();
    expect(await third.exit()).toBe(1);
    expect(third.errors).toMatch(/^parley: REDIS_URL: is not set, and another node/);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });

  test('writes find the database writable again, although the pooler keeps its sessions', async () => {
    await begin({ pool_mode: 'session', server_idle_timeout: '600' });
    const source = await open(3);
    const transactions = new Transactions(source, logger);
    const write = () => transactions.statement('create table if not exists notes ()', []);
    const setReadOnly = (value: string) =>
      admin.query(`alter database ${new URL(databaseUrl).pathname.slice(1)}
        set default_transaction_read_only = ${value}`);
    await admin.query('set default_transaction_read_only = off');
    await setReadOnly('on');
    await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`);
    const isRefused = () => expect(write()).rejects.toMatchObject({ cause: { code: '25006' } });
    await eventually(isRefused);
    for (let round = 0; round < 5; round++) await isRefused();
    await setReadOnly('off');
    await write();
  });

  test('while it is away the database is, and both come back together', async () => {
    await begin({ pool_mode: 'session' });
    const source = await open(3);
    const transactions = new Transactions(source, logger);
    await transactions.statement('create table notes (text text)', []);
    const write = () => transactions.statement(`insert into notes values ('x')`, []);
    const read = () => queryableOf(source).query('select 1 as one');
    await write();
    await bouncer.kill();
    await expect(write()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(read()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await bouncer.start();
    await write();
    expect(await read()).toEqual([{ one: 1 }]);
  });
}

/** Clients that run a statement after the other, until they are stopped. */
async function traffic(url: string, count: number): Promise<{ stop(): Promise<void> }> {
  let isStopped = false;
  const clients = Array.from({ length: count }, () => new Client(url));
  await Promise.all(clients.map((client) => client.connect()));
  const loops = clients.map(async (client) => {
    client.on('error', () => undefined);
    while (!isStopped) await client.query('select pg_sleep(0.0005 * random())');
    await client.end();
  });
  return {
    async stop() {
      isStopped = true;
      await Promise.all(loops);
    },
  };
}
