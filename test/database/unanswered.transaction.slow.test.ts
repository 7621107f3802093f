import { Socket } from 'node:net';
import type { DataSource } from 'typeorm';
import { connectDatabase, queryableOf } from '../../src/database/data-source';
import { type Transaction, Transactions } from '../../src/database/transaction';
import { ForbiddenError, UnavailableError } from '../../src/errors';
import { createLogger } from '../../src/logger';
import { createDatabase, dropDatabase } from '../support/services';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';

/** A statement that is not answered is given up within 12 s. */
const TIMEOUT_MS = 40_000;
const POOL = 4;

describe('a transaction whose connection went without a word', () => {
  let databaseUrl: string;
  let proxy: TcpProxy;
  let dataSource: DataSource;
  let transactions: Transactions;
  const keepAlive = jest.spyOn(Socket.prototype, 'setKeepAlive');

  beforeAll(async () => {
    databaseUrl = await createDatabase(process.env.PARLEY_TEST_POSTGRES_URL!);
    proxy = await startTcpProxy(Number(new URL(databaseUrl).port));
    const url = new URL(databaseUrl);
    url.host = new URL(proxy.url).host;
    dataSource = await connectDatabase({
      url: url.href,
      poolSize: POOL,
      entities: [],
      logger: createLogger('silent'),
    });
    transactions = new Transactions(dataSource, createLogger('silent'));
  });
  afterAll(async () => {
    keepAlive.mockRestore();
    await dataSource.destroy();
    await proxy.stop();
    await dropDatabase(databaseUrl);
  });

  /** Begins a transaction, whose further course is the result of `end`. */
  const begun = async (end: (transaction: Transaction) => Promise<unknown>) => {
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let hasBegun = () => {};
    const beginning = new Promise<void>((resolve) => {
      hasBegun = resolve;
    });
    const result = transactions.run(async (transaction) => {
      await transaction.query('select 1');
      hasBegun();
      await held;
      return end(transaction);
    });
    const settled = Promise.allSettled([result]);
    await beginning;
    return { goOn, settled };
  };

  test(
    'ends, wherever it was, and its connection is not used again',
    async () => {
      const committing = await begun(async () => 'done');
      const rollingBack = await begun(async () => {
        throw new ForbiddenError();
      });
      const working = await begun((transaction) =>
        transaction.query('select 2').catch(() => transaction.query('select 3')),
      );
      await queryableOf(dataSource).query('select 1');
      proxy.stall();
      const beginning = Promise.allSettled([transactions.run(async () => 'done')]);
      for (const { goOn } of [committing, rollingBack, working]) goOn();
      const settled = [committing.settled, rollingBack.settled, working.settled, beginning];
      const reasons = (await Promise.all(settled)).map(
        ([one]) => (one as PromiseRejectedResult).reason,
      );
      expect(reasons).toEqual([
        expect.any(UnavailableError),
        expect.any(ForbiddenError),
        expect.any(UnavailableError),
        expect.any(UnavailableError),
      ]);
      expect(reasons.map(({ extensions }) => extensions?.outcome)).toEqual([
        'UNKNOWN',
        undefined,
        undefined,
        undefined,
      ]);
      const again = () => transactions.run((transaction) => transaction.query('select 1 as one'));
      expect(await Promise.all(Array.from({ length: POOL }, again))).toEqual(
        Array(POOL).fill([{ one: 1 }]),
      );
    },
    TIMEOUT_MS,
  );

  test('leaves no statement behind that its work did not wait for', async () => {
    let late = (): Promise<unknown> => Promise.resolve();
    await transactions.run(async (transaction) => {
      late = () => transaction.query('select 1');
    });
    await expect(late()).rejects.toThrow('before the statement was sent');
  });

  test('is noticed by the system where nothing is sent', () => {
    // The driver's own sockets, and none of the proxy's.
    expect(keepAlive.mock.calls).toContainEqual([true, 10_000]);
  });
});
