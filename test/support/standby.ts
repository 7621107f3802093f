import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { openBinaries } from '../../src/database/embedded/binaries';
import { ownerOf } from '../../src/database/embedded/cluster';
import { openFolder } from '../../src/database/embedded/folder';
import { startEmbeddedPostgres } from '../../src/database/embedded/postgres';
import { createLogger } from '../../src/logger';
import { eventually } from './eventually';
import { choosePort } from './services';
import { createFolder } from './services.folder';

const run = promisify(execFile);

export interface Server {
  readonly url: string;
  readonly port: number;
  /** Runs one statement, on a connection of its own. */
  execute(sql: string): Promise<unknown[]>;
  stop(): Promise<void>;
}

/** Two servers with the same data and roles. The second one is a standby, which refuses to write. */
export interface ServerPair {
  primary: Server;
  standby: Server;
  stop(): Promise<void>;
}

/**
 * @param sql makes the data before the standby is copied from the primary; nothing that is written
 *   later reaches it
 */
export async function startServerPair(sql: string): Promise<ServerPair> {
  const folders = [await createFolder('primary'), await createFolder('standby')] as const;
  const [first, second] = folders.map(({ path }) => path) as [string, string];
  const embedded = await startEmbeddedPostgres({
    directory: first,
    durable: false,
    logger: createLogger('silent'),
  });
  await embedded.stop();
  const original = await startServer(first, embedded.url);
  await original.execute(sql);
  await original.stop();
  await run('cp', ['-a', `${first}/.`, second]);
  const signal = join(second, 'postgres', 'standby.signal');
  await writeFile(signal, '');
  await run('chown', [`--reference=${join(second, 'postgres', 'PG_VERSION')}`, signal]);
  await rm(join(second, 'postgres', 'postmaster.pid'), { force: true });
  const primary = await startServer(first, embedded.url);
  const standby = await startServer(second, embedded.url);
  return {
    primary,
    standby,
    async stop() {
      await Promise.all([primary.stop(), standby.stop()]);
      for (const folder of folders) folder.remove();
    },
  };
}

/** Starts a server on an existing cluster, whose log of changes is such that a standby can follow. */
async function startServer(directory: string, embeddedUrl: string): Promise<Server> {
  const folder = await openFolder(directory);
  const binaries = await openBinaries(await ownerOf(folder));
  const port = await choosePort();
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'shared_buffers=32MB',
    'fsync=off',
    'jit=off',
  ].flatMap((setting) => ['-c', setting]);
  const child = binaries.spawn('postgres', ['-D', folder.data, ...settings], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const url = new URL(embeddedUrl);
  url.port = String(port);
  const execute = async (sql: string) => {
    const client = new Client({ connectionString: url.href });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };
  await eventually(() => execute('select 1'));
  return {
    url: url.href,
    port,
    execute,
    async stop() {
      binaries.signal(child.pid!, 'SIGINT');
      await ended;
    },
  };
}
