import type { DataSource } from 'typeorm';
import { connectDatabase, isWritable, queryableOf } from '../../src/database/data-source';
import { Transactions } from '../../src/database/transaction';
import { UnavailableError } from '../../src/errors';
import { createLogger } from '../../src/logger';
import { eventually } from '../support/eventually';
import { type ServerPair, startServerPair } from '../support/standby';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';

const POOL = 4;
const TIMEOUT_MS = 60_000;

describe('a database that fails over', () => {
  let pair: ServerPair;
  let network: TcpProxy;
  let dataSource: DataSource;

  beforeAll(async () => {
    pair = await startServerPair('create table notes (text text)');
    network = await startTcpProxy(pair.primary.port);
    const url = new URL(pair.primary.url);
    url.port = new URL(network.url).port;
    dataSource = await connectDatabase({
      url: url.href,
      // Room for old sessions beside the new ones.
      poolSize: 2 * POOL,
      entities: [],
      logger: createLogger('silent'),
    });
  }, TIMEOUT_MS);
  afterAll(async () => {
    await dataSource.destroy();
    await network.stop();
    await pair.stop();
  }, TIMEOUT_MS);

  /** Several at once, each on a session of its own. */
  const atOnce = <T>(work: () => Promise<T>, length = POOL) =>
    Promise.all(Array.from({ length }, work));

  test(
    'is written to again with the first write after it, and read from there',
    async () => {
      const transactions = new Transactions(dataSource, createLogger('silent'));
      const note = (text: string) =>
        transactions.statement('insert into notes values ($1)', [text]);
      const noteInTransaction = () =>
        transactions.run((transaction) =>
          transaction.query('insert into notes values ($1)', ['in a transaction']),
        );
      const ports = async (count = POOL) => {
        const rows = await atOnce(
          () =>
            queryableOf(dataSource).query<{ port: string }>(
              `select current_setting('port') as port from pg_sleep(0.1)`,
            ),
          count,
        );
        return rows.map(([row]) => Number(row!.port));
      };
      expect(await ports()).toEqual(Array(POOL).fill(pair.primary.port));
      expect(await isWritable(dataSource)).toBe(true);

      // The primary refuses to write, and the standby is not promoted yet.
      await pair.primary.execute('alter system set default_transaction_read_only = on');
      await pair.primary.execute('select pg_reload_conf()');
      await eventually(async () => {
        const sql = 'select current_setting($1) as value from pg_sleep(0.01)';
        const setting = () => queryableOf(dataSource).query(sql, ['transaction_read_only']);
        expect(await atOnce(setting)).toEqual(Array(POOL).fill([{ value: 'on' }]));
      });
      network.targetPort = pair.standby.port;
      const connections = network.connections;
      const refused = await Promise.allSettled([note('refused'), noteInTransaction()]);
      for (const one of refused) {
        const { reason } = one as PromiseRejectedResult;
        expect(reason).toBeInstanceOf(UnavailableError);
        expect(reason.extensions).not.toHaveProperty('outcome');
      }
      expect(await isWritable(dataSource)).toBe(false);
      // Reads keep the sessions that no write had to replace.
      expect(await ports()).toContain(pair.primary.port);
      expect(network.connections).toBeGreaterThan(connections);

      await pair.standby.execute('select pg_promote()');
      await atOnce(() => note('written'));
      await atOnce(noteInTransaction);
      expect(await isWritable(dataSource)).toBe(true);
      expect(await ports(2 * POOL)).toEqual(Array(2 * POOL).fill(pair.standby.port));
      expect(await pair.standby.execute('select from notes')).toHaveLength(2 * POOL);
      expect(await pair.primary.execute('select from notes')).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
