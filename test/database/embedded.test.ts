import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { Client } from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/postgres';
import { runningSince } from '../../src/database/embedded/process';
import { ConfigError } from '../../src/errors';
import { createLogger } from '../../src/logger';
import { createFolder, type TemporaryFolder } from '../support/services.folder';

/** What another process tells about the server that it started or adopted. */
type Told = Pick<EmbeddedPostgres, 'url' | 'pid' | 'adopted'>;

const OTHER_PROCESS = `
  const { startEmbeddedPostgres } = require(process.argv[1] + '/database/embedded/postgres.js');
  const { createLogger } = require(process.argv[1] + '/logger.js');
  const options = { directory: process.argv[2], durable: false, logger: createLogger('silent') };
  startEmbeddedPostgres(options).then((postgres) => {
    console.log(JSON.stringify({ url: postgres.url, pid: postgres.pid, adopted: postgres.adopted }));
    process.stdin.on('data', (text) => eval(String(text))).on('end', () => process.exit());
  });
`;

let root: TemporaryFolder;
/** Made by the first test; every test leaves a cluster that works and no server. */
let directory: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  root = await createFolder('embedded');
  directory = join(root.path, 'data');
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  if (existsSync(join(directory, 'postgres', 'postmaster.pid'))) await (await start()).stop();
});

afterAll(() => root.remove());

function start(options: { port?: number; directory?: string } = {}): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({
    directory,
    durable: false,
    logger: createLogger('silent'),
    ...options,
  });
}

async function startElsewhere(): Promise<{ child: ChildProcess; told: Told }> {
  const child = spawn(
    process.execPath,
    ['-e', OTHER_PROCESS, resolve(__dirname, '../../dist'), directory],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      // A process group of its own, so that a Ctrl-C can be sent to it.
      detached: true,
    },
  );
  children.push(child);
  const failed = text(child.stderr!).then((complaints) => Promise.reject(new Error(complaints)));
  const [line] = await Promise.race([once(createInterface(child.stdout!), 'line'), failed]);
  return { child, told: JSON.parse(line) };
}

async function query<Row>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function isRunning(pid: number): boolean {
  return runningSince(pid) !== null;
}

async function ended(pid: number): Promise<void> {
  while (isRunning(pid)) await new Promise(setImmediate);
}

describe('embedded Postgres', () => {
  it('gives the same server to two processes that start at once on an empty folder', async () => {
    const [one, other] = await Promise.all([startElsewhere(), startElsewhere()]);
    expect(one.told.pid).toBe(other.told.pid);
    expect(one.told.url).toBe(other.told.url);
    expect([one.told.adopted, other.told.adopted].sort()).toEqual([false, true]);
  });

  it('keeps the data over a restart and leaves no process behind', async () => {
    const first = await start();
    await query(
      first.url,
      `create table greeting (text text); insert into greeting values ('Größe, 世界')`,
    );
    await first.stop();
    expect(isRunning(first.pid)).toBe(false);

    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await query(second.url, 'select text from greeting')).toEqual([{ text: 'Größe, 世界' }]);
    await Promise.all([second.stop(), second.stop()]);
    expect(isRunning(second.pid)).toBe(false);
    expect((await readdir(directory)).sort()).toEqual([
      'postgres',
      'postgres.log',
      'postgres.password',
    ]);
  });

  it('listens on 127.0.0.1 alone and lets nobody in without the password', async () => {
    const postgres = await start();
    expect(await query(postgres.url, 'show listen_addresses')).toEqual([
      { listen_addresses: '127.0.0.1' },
    ]);
    expect(await query(postgres.url, 'show unix_socket_directories')).toEqual([
      { unix_socket_directories: '' },
    ]);
    const wrong = new URL(postgres.url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
    await postgres.stop();
  });

  it('adopts the server that a killed process left behind', async () => {
    const { child, told } = await startElsewhere();
    await query(told.url, 'create table note (); insert into note default values');
    child.kill('SIGKILL');
    await once(child, 'exit');

    const adopted = await start();
    expect(adopted).toMatchObject({ adopted: true, pid: told.pid, url: told.url });
    expect(await query(adopted.url, 'select count(*)::int from note')).toEqual([{ count: 1 }]);
    await adopted.stop();
    expect(isRunning(told.pid)).toBe(false);
  });

  it('goes on when a process that adopted it disowns it and exits, or just exits', async () => {
    const postgres = await start();
    for (const code of [
      'postgres.disown(); postgres.stop().then(() => process.exit())',
      'process.exit()',
    ]) {
      const { child, told } = await startElsewhere();
      expect(told).toMatchObject({ adopted: true, pid: postgres.pid });
      child.stdin!.write(code);
      await once(child, 'exit');
      expect(await query(postgres.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    }
    await postgres.stop();
  });

  it.each(['process.exit(1)', 'throw new Error("expected")'])(
    'ends with the process that owns it: %s',
    async (code) => {
      const { child, told } = await startElsewhere();
      child.stdin!.write(code);
      await once(child, 'exit');
      await ended(told.pid);
    },
  );

  it('ends with the process that owns it after adopting it', async () => {
    const postgres = await start();
    const { child } = await startElsewhere();
    child.stdin!.write('postgres.own(); process.exit()');
    await once(child, 'exit');
    await ended(postgres.pid);
  });

  it('is not ended by the Ctrl-C that its process handles', async () => {
    const { child, told } = await startElsewhere();
    child.stdin!.write(
      `process.on('SIGINT', () => console.log('draining')); process.kill(0, 'SIGINT')`,
    );
    await once(child.stdout!, 'data');
    expect(await query(told.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('starts over what killed processes left behind', async () => {
    await (await start()).stop();
    await writeFile(join(directory, 'postgres.lock'), `${process.pid} 1 earlier`);
    await mkdir(join(directory, 'postgres.draft-1', 'data'), { recursive: true });
    // The pid is alive, but no Postgres of this folder.
    await writeFile(
      join(directory, 'postgres', 'postmaster.pid'),
      `${process.pid}\n${directory}\n1\n1\n\n\n\nready\n`,
    );
    const postgres = await start();
    expect(postgres.adopted).toBe(false);
    expect((await readdir(directory)).sort()).toEqual([
      'postgres',
      'postgres.log',
      'postgres.password',
    ]);
    await postgres.stop();
  });

  it('refuses the cluster of another major version in one line', async () => {
    const cluster = join(root.path, 'old', 'postgres');
    await mkdir(cluster, { recursive: true });
    await writeFile(join(cluster, 'PG_VERSION'), '15\n');
    const refusal = await start({ directory: join(root.path, 'old') }).catch(
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(ConfigError);
    expect((refusal as Error).message).toMatch(
      /was made by Postgres 15 and this is Postgres \d+: .*[^\n]$/,
    );
  });

  it('says what Postgres said when it does not start', async () => {
    await (await start()).stop();
    const settings = join(directory, 'postgres', 'postgresql.auto.conf');
    const intact = await readFile(settings);
    await writeFile(settings, 'max_connection = 1\n');
    await expect(start()).rejects.toThrow(
      /^Postgres did not start: .*postgresql\.auto\.conf.* contains errors/,
    );
    await writeFile(settings, intact);
  });

  it('waits for a given port that is taken for a moment', async () => {
    await (await start()).stop();
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as { port: number };
    const starting = start({ port });
    const log = join(directory, 'postgres.log');
    while (!(await readFile(log, 'utf8')).includes('could not bind'))
      await new Promise(setImmediate);
    squatter.close();
    const postgres = await starting;
    expect(postgres.port).toBe(port);
    await postgres.stop();
  });
});
