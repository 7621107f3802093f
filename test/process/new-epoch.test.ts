import { Client } from 'pg';
import { createDatabase, createMigratedDatabase, dropDatabase } from '../support/services';
import { beginEpoch, UUID } from './new-epoch';

async function epochOf(connectionString: string): Promise<string> {
  const client = new Client({ connectionString });
  await client.connect();
  const { rows } = await client.query('select log_epoch as epoch from installation');
  await client.end();
  return rows[0].epoch;
}

test('gives the database a new epoch, and prints it', async () => {
  const url = await createMigratedDatabase();
  const before = await epochOf(url);
  const { code, stdout, stderr } = await beginEpoch({ DATABASE_URL: url });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(UUID);
  expect(stdout.trim()).not.toBe(before);
  expect(await epochOf(url)).toBe(stdout.trim());
  await dropDatabase(url);
});

test('names the setting when it leads to a database without the tables', async () => {
  const url = await createDatabase(process.env.PARLEY_TEST_POSTGRES_URL!);
  const { code, stdout, stderr } = await beginEpoch({ DATABASE_URL: url });
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toBe(
    'parley: DATABASE_URL: the database cannot be used (relation "installation" does not exist)\n',
  );
  await dropDatabase(url);
});
