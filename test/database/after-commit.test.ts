import type { DataSource } from 'typeorm';
import { connectDatabase } from '../../src/database/data-source';
import { Transactions } from '../../src/database/transaction';
import { openLogbook } from '../support/logbook';
import { createDatabase, dropDatabase } from '../support/services';

describe('work after a commit', () => {
  const { logger, about } = openLogbook();
  let databaseUrl: string;
  let dataSource: DataSource;

  beforeAll(async () => {
    databaseUrl = await createDatabase(process.env.PARLEY_TEST_POSTGRES_URL!);
    dataSource = await connectDatabase({ url: databaseUrl, poolSize: 1, entities: [], logger });
  });
  afterAll(async () => {
    await dataSource.destroy();
    await dropDatabase(databaseUrl);
  });

  test('that throws keeps no other from running, and what was committed is a success', async () => {
    const done: string[] = [];
    const result = await new Transactions(dataSource, logger).run(async (transaction) => {
      transaction.afterCommit(() => done.push('first'));
      transaction.afterCommit(() => {
        throw new Error('not told');
      });
      transaction.afterCommit(() => done.push('last'));
      return 'committed';
    });
    expect(result).toBe('committed');
    expect(done).toEqual(['first', 'last']);
    expect(about('after the commit')).toMatchObject([{ err: { message: 'not told' } }]);
  });
});
