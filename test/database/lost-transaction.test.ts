import { Client as Postgres } from 'pg';
import type { DataSource } from 'typeorm';
import { connectDatabase } from '../../src/database/data-source';
import { type Transaction, Transactions } from '../../src/database/transaction';
import { UnavailableError } from '../../src/errors';
import { createLogger } from '../../src/logger';
import { createDatabase, dropDatabase } from '../support/services';

const LAST_WORDS = `create table notes (text text);
  create function wait_for_lock() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock_shared(1); return null; end $$;
  create constraint trigger waits after insert on notes deferrable initially deferred
    for each row when (new.text = 'waits') execute function wait_for_lock()`;

describe('a transaction whose connection is lost', () => {
  let databaseUrl: string;
  let dataSource: DataSource;
  let transactions: Transactions;
  let operator: Postgres;

  beforeAll(async () => {
    databaseUrl = await createDatabase(process.env.PARLEY_TEST_POSTGRES_URL!);
    operator = new Postgres(databaseUrl);
    await operator.connect();
    await operator.query(LAST_WORDS);
    dataSource = await connectDatabase({
      url: databaseUrl,
      poolSize: 3,
      entities: [],
      logger: createLogger('silent'),
    });
    transactions = new Transactions(dataSource, createLogger('silent'));
  });
  afterAll(async () => {
    await operator.end();
    await dataSource.destroy();
    await dropDatabase(databaseUrl);
  });
  afterEach(() => operator.query('truncate notes'));

  const terminate = async (transaction: Transaction) => {
    const [row] = await transaction.query<{ pid: number }>('select pg_backend_pid() as pid');
    await operator.query('select pg_terminate_backend($1, 5000)', [row!.pid]);
  };
  const insert = (transaction: Transaction, text: string) =>
    transaction.query('insert into notes values ($1)', [text]);
  const texts = async () => (await operator.query('select text from notes')).rows;

  test.each([
    ['before a statement', (transaction: Transaction) => insert(transaction, 'later')],
    [
      'which its work did not mind',
      (transaction: Transaction) => insert(transaction, 'later').catch(() => undefined),
    ],
    ['before the commit', async () => {}],
  ])('runs again: %s', async (_when, then) => {
    let attempts = 0;
    const committed = jest.fn();
    await transactions.run(async (transaction) => {
      const attempt = ++attempts;
      transaction.afterCommit(() => committed(attempt));
      await insert(transaction, `attempt ${attempt}`);
      if (attempt < 3) {
        await terminate(transaction);
        await then(transaction);
      }
    });
    expect(await texts()).toEqual([{ text: 'attempt 3' }]);
    expect(committed.mock.calls).toEqual([[3]]);
  });

  test('runs four times at most', async () => {
    let attempts = 0;
    const lost = transactions.run(async (transaction) => {
      attempts++;
      await terminate(transaction);
      await insert(transaction, 'lost');
    });
    await expect(lost).rejects.toThrow(UnavailableError);
    expect(attempts).toBeLessThanOrEqual(4);
    expect(await texts()).toEqual([]);
  });

  test('does not run again when it may have been committed', async () => {
    await operator.query('select pg_advisory_lock(1)');
    let attempts = 0;
    const committing = transactions.run(async (transaction) => {
      attempts++;
      await insert(transaction, 'waits');
    });
    const failed = committing.catch((error: unknown) => error);
    for (let ended = 0; ended === 0; ) {
      const { rowCount } = await operator.query(
        `select pg_terminate_backend(pid, 5000) from pg_stat_activity
          where datname = current_database() and wait_event = 'advisory'`,
      );
      ended = rowCount!;
    }
    await operator.query('select pg_advisory_unlock(1)');
    expect(await failed).toMatchObject({ extensions: { outcome: 'UNKNOWN' } });
    expect(attempts).toBe(1);
  });
});
