import { Client as Postgres } from 'pg';
import type { DataSource } from 'typeorm';
import { connectDatabase, queryableOf } from '../../src/database/data-source';
import { SoleNodeLock } from '../../src/database/sole-node.lock';
import { Transactions } from '../../src/database/transaction';
import { createLogger } from '../../src/logger';
import { eventually } from '../support/eventually';
import { createDatabase, dropDatabase } from '../support/services';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';

/** A silent connection is given up after 12 s. */
const TIMEOUT_MS = 60_000;

describe('the lock of a node that is alone', () => {
  let databaseUrl: string;
  let network: TcpProxy;
  let operator: Postgres;
  let dataSource: DataSource;
  let lock: SoleNodeLock;
  let isLost: boolean;

  beforeEach(async () => {
    databaseUrl = await createDatabase(process.env.PARLEY_TEST_POSTGRES_URL!);
    network = await startTcpProxy(Number(new URL(databaseUrl).port));
    operator = new Postgres(databaseUrl);
    await operator.connect();
    const url = new URL(databaseUrl);
    url.host = new URL(network.url).host;
    dataSource = await open(url.href, 3);
    isLost = false;
    lock = (await SoleNodeLock.acquire(dataSource, createLogger('silent')))!;
    void lock.lost.then(() => {
      isLost = true;
    });
  });
  afterEach(async () => {
    await lock.release().catch(() => undefined);
    await dataSource.destroy();
    await operator.end();
    await network.stop();
    await dropDatabase(databaseUrl);
  });

  const open = (url: string, poolSize: number) =>
    connectDatabase({ url, poolSize, entities: [], logger: createLogger('silent') });

  /** The process ids of the sessions that have the lock: none or one. */
  const holders = async (): Promise<number[]> => {
    const { rows } = await operator.query(
      `select pid from pg_locks where locktype = 'advisory' and granted
        and database = (select oid from pg_database where datname = current_database())`,
    );
    return rows.map(({ pid }) => pid);
  };

  const isHeldAnew = (former: number) =>
    eventually(async () => {
      const [holder] = await holders();
      expect(holder).toBeGreaterThan(0);
      expect(holder).not.toBe(former);
    }, TIMEOUT_MS);

  test('is acquired again when its session was ended', async () => {
    const [former] = await holders();
    await operator.query('select pg_terminate_backend($1)', [former]);
    await isHeldAnew(former!);
    expect(isLost).toBe(false);
    await lock.release();
    expect(await holders()).toEqual([]);
  });

  test('is lost when another node was there first', async () => {
    const other = await open(databaseUrl, 1);
    expect(await SoleNodeLock.acquire(other, createLogger('silent'))).toBeNull();
    const [former] = await holders();
    await operator.query('select pg_terminate_backend($1, 5000)', [former]);
    const taken = await eventually(async () => {
      const taken = await SoleNodeLock.acquire(other, createLogger('silent'));
      // The node itself may have been faster.
      if (!taken) await operator.query('select pg_terminate_backend($1, 5000)', await holders());
      expect(taken).not.toBeNull();
      return taken!;
    });
    await eventually(() => expect(isLost).toBe(true));
    await taken.release();
    await other.destroy();
  });

  test(
    'is not lost to the node itself when its connection goes without a word',
    async () => {
      const [former] = await holders();
      // The server keeps the session, and with it the lock.
      network.stall();
      await isHeldAnew(former!);
      expect(isLost).toBe(false);
    },
    TIMEOUT_MS,
  );

  test(
    'takes no connection with it when it cannot be acquired',
    async () => {
      const url = new URL(databaseUrl);
      url.host = new URL(network.url).host;
      const single = await open(url.href, 1);
      await queryableOf(single).query('select 1');
      network.stall();
      await expect(SoleNodeLock.acquire(single, createLogger('silent'))).rejects.toThrow();
      expect(await queryableOf(single).query('select 1 as one')).toEqual([{ one: 1 }]);
      await single.destroy();
    },
    TIMEOUT_MS,
  );

  test('follows the writes to where they go after a failover', async () => {
    const transactions = new Transactions(dataSource, createLogger('silent'));
    const write = () => transactions.statement('create table if not exists notes ()', []);
    const { rows } = await operator.query('select current_database() as name');
    const setReadOnly = (value: string) =>
      operator.query(`alter database ${rows[0].name} set default_transaction_read_only = ${value}`);
    await operator.query('set default_transaction_read_only = off');
    await setReadOnly('on');
    const [before] = await holders();
    await operator.query('select pg_terminate_backend($1)', [before]);
    await isHeldAnew(before!);
    // The lock is at a session that is read-only now.
    const [former] = await holders();
    await eventually(() => expect(write()).rejects.toThrow());
    await setReadOnly('off');
    await write();
    await isHeldAnew(former!);
    expect(isLost).toBe(false);
  });
});
