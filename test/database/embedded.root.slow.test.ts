import { execFile } from 'node:child_process';
import { chown, link, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/postgres';
import { createLogger } from '../../src/logger';
import { isRoot, isWithoutRights } from '../support/rights';
import { createFolder, type TemporaryFolder } from '../support/services.folder';

const run = promisify(execFile);
const NOBODY = 65_534;

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

(isRoot ? describe : describe.skip)('embedded Postgres, started by root', () => {
  let root: TemporaryFolder;
  let directory: string;
  let data: string;

  beforeEach(async () => {
    root = await createFolder('root');
    directory = join(root.path, 'data');
    data = join(directory, 'postgres');
  });
  afterEach(() => root.remove());

  const start = (): Promise<EmbeddedPostgres> =>
    startEmbeddedPostgres({ directory, durable: false, logger: createLogger('silent') });

  test('runs as a user that no other program runs as, without capabilities', async () => {
    const postgres = await start();
    await isWithoutRights(postgres.pid);
    await expect(query(postgres.url, `select pg_read_file('/etc/shadow')`)).rejects.toThrow(
      'Permission denied',
    );
    await expect(
      query(postgres.url, `select pg_read_file('${directory}/postgres.password')`),
    ).rejects.toThrow('Permission denied');
    await postgres.stop();
    const { uid } = await stat(data);
    const { stdout } = await run('find', [
      directory,
      '!',
      '-user',
      String(uid),
      '-printf',
      '%f %m\n',
    ]);
    expect(stdout.trim().split('\n').sort()).toEqual([
      'data 755',
      'postgres.log 600',
      'postgres.password 600',
    ]);
  });

  describe('on a cluster of nobody', () => {
    beforeEach(async () => {
      const postgres = await start();
      await query(postgres.url, 'create table note (); insert into note default values');
      await postgres.stop();
      await run('chown', ['-R', `${NOBODY}:${NOBODY}`, data]);
    });

    test('takes it over with its data, also after it was cut short', async () => {
      const { uid } = await stat(join(root.path));
      await chown(data, NOBODY - 1, NOBODY - 1);
      await chown(join(data, 'global'), NOBODY - 1, NOBODY - 1);
      const postgres = await start();
      expect(await query(postgres.url, 'select count(*)::int from note')).toEqual([{ count: 1 }]);
      await isWithoutRights(postgres.pid);
      await postgres.stop();
      expect((await run('find', [data, '-user', String(NOBODY)])).stdout).toBe('');
      expect(uid).toBe(0);
    });

    test('gives away no file of others that a link leads to', async () => {
      const foreign = join(root.path, 'foreign');
      await mkdir(foreign);
      await writeFile(join(foreign, 'secret'), 'secret');
      await symlink(foreign, join(data, 'folder'));
      await symlink(join(foreign, 'secret'), join(data, 'file'));
      await link(join(foreign, 'secret'), join(data, 'hard'));
      const postgres = await start();
      await postgres.stop();
      for (const path of [foreign, join(foreign, 'secret')])
        expect(await stat(path)).toMatchObject({ uid: 0 });

      // One of its own, which it could also name outside of the cluster.
      await run('chown', ['-R', `${NOBODY}:${NOBODY}`, data]);
      await rm(join(data, 'hard'));
      await link(join(data, 'PG_VERSION'), join(foreign, 'version'));
      await expect(start()).rejects.toThrow(/PG_VERSION is also linked from elsewhere$/);
      await rm(join(foreign, 'version'));
      await (await start()).stop();
    });
  });

  test('reads no link and waits for no pipe in place of a file', async () => {
    await (await start()).stop();
    await run('mkfifo', [join(data, 'postmaster.pid')]);
    const target = join(root.path, 'target');
    await writeFile(target, 'untouched');
    await rm(join(directory, 'postgres.log'));
    await symlink(target, join(directory, 'postgres.log'));
    await expect(start()).rejects.toThrow('ELOOP');
    expect(await readFile(target, 'utf8')).toBe('untouched');
    await rm(join(directory, 'postgres.log'));
    await (await start()).stop();
  });
});
