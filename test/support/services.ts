/**
 * Real servers for tests: each on a port of its own and, unless given one, in a temporary folder
 * that `stop()` removes. What nobody stopped ends with the process; see `services.folder.ts`.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import Redis from 'ioredis';
import { Client } from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/postgres';
import { createLogger } from '../../src/logger';
import { killChild } from './child';
import { installProgram } from './debian';
import { createFolder, REDIS_PID_FILE } from './services.folder';

const REDIS_START_TIMEOUT_MS = 10_000;
const PING_INTERVAL_MS = 20;

export interface PostgresService {
  /** Of a superuser; stays the same over restarts. */
  readonly url: string;
  /** Of the server that runs, or ran last. */
  readonly pid: number;
  /** Ends the server as an operator would: sessions are cut, the data stays. */
  stopServer(): Promise<void>;
  /** Starts it again, on the same port. */
  startServer(): Promise<void>;
  restart(): Promise<void>;
  /** Ends the server and removes the data. */
  stop(): Promise<void>;
}

export interface RedisService {
  /** Stays the same over restarts. */
  readonly url: string;
  readonly port: number;
  /** Of the server that runs, or ran last. */
  readonly pid: number;
  /** Nothing persists: every start begins empty. Resolves when it answers. */
  start(): Promise<void>;
  /** Ends it without any warning to its clients; resolves when it is gone. */
  kill(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** A Postgres that does without durability. */
export async function startPostgres(): Promise<PostgresService> {
  const folder = await createFolder('postgres');
  const port = await choosePort();
  const start = () =>
    startEmbeddedPostgres({
      directory: folder.path,
      port,
      durable: false,
      logger: createLogger('silent'),
    });
  let server: EmbeddedPostgres;
  try {
    server = await start();
  } catch (error) {
    folder.remove();
    throw error;
  }
  const service: PostgresService = {
    url: server.url,
    get pid() {
      return server.pid;
    },
    stopServer: () => server.stop(),
    async startServer() {
      server = await start();
    },
    async restart() {
      await service.stopServer();
      await service.startServer();
    },
    async stop() {
      await service.stopServer();
      folder.remove();
    },
  };
  return service;
}

/**
 * @param options.port default: a free one
 * @param options.directory its working directory, which has to exist; default: a temporary folder
 * @param options.settings further ones, by the names of redis.conf; `sentinel` makes it a Sentinel
 * @throws {Error} one line that says what to install when there is no redis-server and it cannot be
 *   installed either
 */
export async function startRedis(
  options: { port?: number; directory?: string; settings?: Record<string, string> } = {},
): Promise<RedisService> {
  installProgram('redis-server');
  const port = options.port ?? (await choosePort());
  const folder = options.directory ? null : await createFolder('redis');
  const directory = folder?.path ?? options.directory!;
  let child: ChildProcess;
  const service: RedisService = {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return child.pid!;
    },
    async start() {
      child = await spawnRedis(port, directory, options.settings);
    },
    kill: () => killChild(child),
    async stop() {
      await service.kill();
      folder?.remove();
    },
  };
  try {
    await service.start();
    return service;
  } catch (error) {
    folder?.remove();
    throw error;
  }
}

/** Creates an empty database on the server of `adminUrl`, with options of SQL; returns its url. */
export async function createDatabase(adminUrl: string, options = ''): Promise<string> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await execute(adminUrl, `create database ${name} ${options}`);
  const url = new URL(adminUrl);
  url.pathname = name;
  return url.href;
}

/**
 * Creates a database as a node leaves it that has just migrated, with an identity of its own;
 * returns its url. It is a copy of the one of `services.template.ts`, on the server of the run.
 */
export async function createMigratedDatabase(): Promise<string> {
  const { PARLEY_TEST_POSTGRES_URL: adminUrl, PARLEY_TEST_TEMPLATE: template } = process.env;
  const url = await createDatabase(adminUrl!, `template ${template}`);
  await execute(url, 'update installation set id = default, log_epoch = default');
  return url;
}

/** Drops a database of `createDatabase`, whoever is connected. */
export async function dropDatabase(url: string): Promise<void> {
  const adminUrl = new URL(url);
  const name = adminUrl.pathname.slice(1);
  adminUrl.pathname = 'postgres';
  await execute(adminUrl.href, `drop database if exists "${name}" with (force)`);
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function spawnRedis(
  port: number,
  directory: string,
  { sentinel, ...further }: Record<string, string> = {},
): Promise<ChildProcess> {
  const settings: Record<string, string | number> = {
    port,
    bind: '127.0.0.1',
    save: '',
    appendonly: 'no',
    dir: directory,
    pidfile: join(directory, REDIS_PID_FILE),
    // Its command line goes on to name its folder, by which it is told from a stranger with its pid.
    'set-proc-title': 'no',
    ...further,
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [
    `--${name}`,
    ...String(value).split(' '),
  ]);
  if (sentinel !== undefined) {
    // A Sentinel keeps its state in its file of settings, and knows few of them.
    const file = join(directory, 'sentinel.conf');
    const known = ['port', 'bind', 'dir', 'pidfile'].map((name) => `${name} ${settings[name]}`);
    await writeFile(file, known.join('\n'));
    args.splice(0, args.length, file, '--sentinel');
  }
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-2_000);
  });
  const failed = once(child, 'exit').then(() => {
    throw new Error(`redis-server did not start on port ${port}:\n${output}`);
  });
  const answered = new AbortController();
  try {
    await Promise.race([pingRedis(port, answered.signal), failed]);
    return child;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    answered.abort();
  }
}

async function pingRedis(port: number, signal: AbortSignal): Promise<void> {
  const client = new Redis(port, '127.0.0.1', {
    retryStrategy: () => PING_INTERVAL_MS,
    maxRetriesPerRequest: Math.ceil(REDIS_START_TIMEOUT_MS / PING_INTERVAL_MS),
  });
  // Refused until the server listens.
  client.on('error', () => undefined);
  signal.addEventListener('abort', () => client.disconnect());
  // One that asks for a password answers as well.
  await client.ping().catch((error: Error) => {
    if (error.name !== 'ReplyError') throw error;
  });
}

/**
 * A port that is free now, out of a range from which systems take none for outgoing connections:
 * while a server is down between stop and start nobody gets its port by chance.
 */
export async function choosePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch {
      continue;
    }
    server.close();
    await once(server, 'close');
    return port;
  }
}
