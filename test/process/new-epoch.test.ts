import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { NodeProcess } from '../support/node-process';
import { createDatabase, createMigratedDatabase, dropDatabase } from '../support/services';

const SCRIPT = resolve(__dirname, '../../dist/scripts/new-epoch.js');
const UUID = /^[0-9a-f-]{36}\n$/;

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

function beginEpoch(env: Record<string, string>): Promise<Outcome> {
  return new Promise((done) => {
    const child = execFile(process.execPath, [SCRIPT], { env }, (_error, stdout, stderr) =>
      done({ code: child.exitCode, stdout, stderr }),
    );
  });
}

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

test('names the embedded database when no other one is set, and leaves its node alone', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'parley-new-epoch-'));
  const node = new NodeProcess({ PORT: '0', DATA_DIR: directory });
  try {
    const { url } = await node.ready();
    const { code, stdout, stderr } = await beginEpoch({ DATA_DIR: directory });
    expect([code, stderr]).toEqual([
      0,
      `parley: DATABASE_URL is not set: this is the epoch of the embedded database in ${directory}\n`,
    ]);
    expect(stdout).toMatch(UUID);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  } finally {
    await node.interrupt();
    await rm(directory, { recursive: true, force: true });
  }
});
