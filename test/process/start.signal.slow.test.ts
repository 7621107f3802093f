import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { eventually } from '../support/eventually';
import { NodeProcess } from '../support/node-process';
import { createDatabase, dropDatabase } from '../support/services';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';

/** The lock under which migrations run. */
const MIGRATION_LOCK = 7_041_776_001;

/** Pids of all processes that have the text in their command line. */
async function processesOf(text: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return pids.filter((_pid, index) => lines[index]!.includes(text));
}

describe('SIGTERM during the start', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-signal-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  function start(env: Record<string, string> = {}): NodeProcess {
    return new NodeProcess({ PORT: '0', DATA_DIR: directory, ...env });
  }

  async function isStopped(node: NodeProcess): Promise<void> {
    node.terminate();
    expect(await node.exit()).toBe(0);
    expect(node.errors).toBe('');
    expect(node.output).toMatch(/"signal":"SIGTERM".*"msg":"stop/);
  }

  describe('with the embedded Postgres', () => {
    const exists = (...path: string[]) =>
      eventually(async () => {
        const names = await readdir(join(directory, ...path.slice(0, -1)));
        expect(names.join(' ')).toContain(path.at(-1));
      });
    const draft = async () => {
      const names = await readdir(directory);
      return names.find((name) => name.startsWith('postgres.draft-'))!;
    };
    const STAGES: Record<string, (node: NodeProcess) => Promise<unknown>> = {
      'when it holds the lock': () => exists('postgres.lock'),
      'when initdb begins': () => exists('postgres.draft-'),
      'while initdb fills the cluster': () =>
        eventually(async () =>
          expect(await readdir(join(directory, await draft(), 'data', 'base'))).toContain('1'),
        ),
      'when the server is launched': () => exists('postgres.log'),
      'when the server has its pid file': () => exists('postgres', 'postmaster.pid'),
      'when the server runs': (node) =>
        eventually(() => expect(node.output).toContain('embedded Postgres runs')),
      'when it is ready': (node) => eventually(() => expect(node.output).toContain('"ready"')),
    };

    test.each(Object.entries(STAGES))(
      'ends it %s, leaves no process, and the next start works',
      async (_label, stage) => {
        const node = start();
        await stage(node);
        await isStopped(node);
        expect(await processesOf(directory)).toEqual([]);
        expect((await readdir(directory)).filter((name) => /draft|lock/.test(name))).toEqual([]);
        const next = start();
        await next.ready();
        expect(await next.interrupt()).toBe(0);
        expect(await processesOf(directory)).toEqual([]);
      },
    );
  });

  describe('with a database elsewhere', () => {
    let databaseUrl: string;
    let proxy: TcpProxy;
    let env: Record<string, string>;
    beforeEach(async () => {
      databaseUrl = await createDatabase(process.env.PARLEY_TEST_POSTGRES_URL!);
      const url = new URL(databaseUrl);
      proxy = await startTcpProxy(Number(url.port));
      url.port = new URL(proxy.url).port;
      env = { DATABASE_URL: url.href };
    });
    afterEach(async () => {
      await proxy.stop();
      await dropDatabase(databaseUrl);
    });

    async function startsAfterwards(): Promise<void> {
      const next = start({ DATABASE_URL: databaseUrl });
      await next.ready();
      expect(await next.interrupt()).toBe(0);
    }

    test.each([
      ['connects', 'SCRAM-SHA-256'],
      ['asks for its properties', 'server_encoding'],
      ['claims it', 'pg_try_advisory_lock'],
      ['waits for the migrations', 'pg_advisory_lock'],
      ['looks for migrations', 'migrations'],
      ['migrates', 'create table'],
      ['commits a migration', 'COMMIT'],
      ['reads what it needs', 'log_epoch'],
    ])('ends it although the database went silent when the node %s', async (_label, text) => {
      proxy.stallNext(text);
      const node = start(env);
      await eventually(() => expect(proxy.standing).toBe(1));
      await isStopped(node);
      // The server learns of the end once the network goes on.
      await proxy.deliverStalled();
      await startsAfterwards();
    });

    test('ends it while another node migrates, for which it would wait without a limit', async () => {
      const other = new Client({ connectionString: databaseUrl });
      await other.connect();
      await other.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
      const node = start(env);
      const waiting = `select from pg_locks where locktype = 'advisory' and not granted
        and database = (select oid from pg_database where datname = current_database())`;
      await eventually(async () => expect((await other.query(waiting)).rowCount).toBe(1));
      await isStopped(node);
      await other.end();
      await startsAfterwards();
    });
  });
});
