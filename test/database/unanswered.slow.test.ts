import type { DataSource } from 'typeorm';
import { connectDatabase, queryableOf } from '../../src/database/data-source';
import { Transactions } from '../../src/database/transaction';
import { UnavailableError } from '../../src/errors';
import { createLogger } from '../../src/logger';
import { createDatabase, dropDatabase } from '../support/services';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';

/** A server that went without a word is given up within 12 s. */
const TIMEOUT_MS = 40_000;

describe('a database that went without a word', () => {
  let databaseUrl: string;
  let proxy: TcpProxy;
  let dataSource: DataSource;

  beforeAll(async () => {
    databaseUrl = await createDatabase(process.env.PARLEY_TEST_POSTGRES_URL!);
    proxy = await startTcpProxy(Number(new URL(databaseUrl).port));
    const url = new URL(databaseUrl);
    url.host = new URL(proxy.url).host;
    dataSource = await connectDatabase({
      url: url.href,
      poolSize: 3,
      entities: [],
      logger: createLogger('silent'),
    });
  });
  afterAll(async () => {
    await dataSource.destroy();
    await proxy.stop();
    await dropDatabase(databaseUrl);
  });

  test(
    'is UNAVAILABLE to a transaction that it does not answer, and to no read',
    async () => {
      const database = queryableOf(dataSource);
      const transactions = new Transactions(dataSource, createLogger('silent'));
      const one = () => database.query('select 1 as one');
      expect(await one()).toEqual([{ one: 1 }]);
      proxy.stall();
      const lost = await Promise.allSettled([
        one(),
        transactions.run(async (transaction) => {
          proxy.stall();
          return transaction.query('select 2 as two');
        }),
      ]);
      // A read is sent on another connection, too. A transaction may have written something.
      expect(lost).toMatchObject([
        { status: 'fulfilled', value: [{ one: 1 }] },
        { status: 'rejected', reason: expect.any(UnavailableError) },
      ]);
      expect(await Promise.all([one(), one()])).toEqual(Array(2).fill([{ one: 1 }]));
      expect(await transactions.run((transaction) => transaction.query('select 2 as two'))).toEqual(
        [{ two: 2 }],
      );
    },
    TIMEOUT_MS,
  );
});
