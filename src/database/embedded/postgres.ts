/**
 * A real Postgres that needs no installation, for development and tests (decision 3).
 *
 * The binaries come from npm, one package for each platform (`binaries.ts`). All else lies in one
 * folder (`folder.ts`): the cluster (`cluster.ts`), its password, the server's log and a lock file.
 * The server listens on 127.0.0.1 only.
 *
 * - The cluster is created as a draft, which is renamed when it is complete. A start that is killed
 *   before that does not hinder the next one.
 * - A process holds the lock file while it creates the cluster, and while it starts or adopts the
 *   server. A process that comes later finds the server running and adopts it.
 * - The server has its own process group, so Ctrl-C reaches Parley but not the server. Parley stops
 *   the server after it has drained.
 * - The server outlives a Parley that is killed by SIGKILL. The next start finds the server by its
 *   `postmaster.pid` and adopts it. If the pid in that file belongs to another program by now, the
 *   file is removed.
 * - Two processes can use one server after the second has adopted it. The sole-node lock of the
 *   database decides which of them owns it. The server ends when its owner stops it or exits.
 * - A start can fail because the port was just taken, because another server was starting unseen,
 *   or because processes of a killed server have not ended yet. It is then tried again for 10 s.
 * - Postgres refuses to run as root. When this process is root, the server runs as a user of its
 *   own (`owner.ts`) without any capability. Programs that this user cannot reach are copied
 *   (`copies.ts`).
 */
import type { Logger } from '../../logger';
import { SessionClient } from '../session.client';
import { openBinaries } from './binaries';
import { openCluster, ownerOf } from './cluster';
import { openFolder, whileLocked } from './folder';
import { giveCluster } from './owner';
import {
  ContendedError,
  findPostmaster,
  launchPostmaster,
  type Postmaster,
  type PostmasterOptions,
} from './postmaster';
import { until } from './process';

const CONTENTION_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;

export interface EmbeddedPostgresOptions {
  /** The folder of all files. It is created when missing. One machine at a time may use it. */
  directory: string;
  logger: Logger;
  /**
   * TCP port on 127.0.0.1 for a server that has to be started. Default: any free one, so it may
   * differ at each start.
   */
  port?: number;
  /** The server's `max_connections`, when it has to be started. Default: 100. */
  maxConnections?: number;
  /**
   * When false, the server is faster, but a crash of the machine may lose or break the data. Meant
   * for tests. Default: true.
   */
  durable?: boolean;
  /**
   * Breaks the start off. It then rejects with the signal's reason, once no process that it started
   * is left. An aborted signal has no effect on a server that has started.
   */
  signal?: AbortSignal;
}

/**
 * A running server. A process that started the server owns it. A process that adopted it does not
 * know whether another process owns it, so it tries to get the sole-node lock. When it gets the
 * lock, it calls `own()` and finally `stop()`. A process that does not get the lock calls
 * `disown()`, and must not stop the server.
 */
export interface EmbeddedPostgres {
  /** `postgres://parley:…@127.0.0.1:PORT/parley`; the role is a superuser. */
  readonly url: string;
  readonly port: number;
  /** The process id of the server's first process. */
  readonly pid: number;
  /**
   * True when the server ran already. Either a process that was killed left it behind, or a running
   * process uses it.
   */
  readonly adopted: boolean;
  /**
   * Makes this process the owner of an adopted server. From now on the server ends when this
   * process exits, even without `stop()`. A server that was not adopted is owned from its start.
   */
  own(): void;
  /** Gives up the server, which keeps running. After that, `stop()` does nothing. */
  disown(): void;
  /**
   * Closes all sessions, writes the data out, and resolves when the server has ended. After 10 s an
   * immediate shutdown follows, from which the next start recovers. May be called repeatedly.
   *
   * @throws {Error} when the server still runs 10 s after that
   */
  stop(): Promise<void>;
}

/**
 * Starts Postgres on the folder, or adopts the server that runs on it already. Resolves when the
 * server accepts connections and has a database `parley`, with the data of earlier starts.
 *
 * @throws {ConfigError} when there is no embedded Postgres for this platform, no user can run it,
 *   the cluster is of another major version or another user, or its password is missing
 * @throws {Error} when the server does not start, with the decisive line of `postgres.log` in the
 *   message, or when a server that runs already does not answer
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const folder = await openFolder(options.directory);
  const binaries = await openBinaries(await ownerOf(folder), folder.root);
  const { signal, durable = true } = options;
  return whileLocked(folder, signal, async () => {
    const password = await openCluster(folder, binaries, { durable, signal });
    const maxConnections = options.maxConnections ?? 100;
    const launch = { folder, binaries, port: options.port, maxConnections, durable, signal };
    const postmaster = await adoptOrLaunch(launch, password);
    const held = new OwnedPostgres(postmaster, password, options.logger);
    if (signal?.aborted && !held.adopted) await held.stop();
    signal?.throwIfAborted();
    options.logger.info(
      { pid: held.pid, port: held.port, adopted: held.adopted },
      'embedded Postgres runs',
    );
    return held;
  });
}

async function adoptOrLaunch(options: PostmasterOptions, password: string): Promise<Postmaster> {
  let contention = new Error();
  return until(
    async () => {
      try {
        return (await adopt(options, password)) ?? (await launch(options, password));
      } catch (error) {
        // Another server was starting unseen, or processes of a killed one are about to end.
        if (!(error instanceof ContendedError)) throw error;
        contention = error;
        return undefined;
      }
    },
    CONTENTION_TIMEOUT_MS,
    () => contention,
    options.signal,
  );
}

async function adopt(options: PostmasterOptions, password: string): Promise<Postmaster | null> {
  return findPostmaster(options, async ({ port }) => {
    try {
      await ensureDatabase(port, password);
      return true;
    } catch {
      // The server may be about to end. It is tried again until it has ended or answers.
      return false;
    }
  });
}

async function launch(options: PostmasterOptions, password: string): Promise<Postmaster> {
  // No server runs on the cluster now.
  if (options.binaries.owner) await giveCluster(options.folder.data, options.binaries.owner);
  const postmaster = await launchPostmaster(options);
  try {
    await ensureDatabase(postmaster.port, password);
    return postmaster;
  } catch (error) {
    process.off('exit', postmaster.interrupt);
    await postmaster.end();
    throw error;
  }
}

/** Creates the database `parley` unless it exists. */
async function ensureDatabase(port: number, password: string): Promise<void> {
  const client = new SessionClient({
    host: '127.0.0.1',
    port,
    user: 'parley',
    password,
    database: 'postgres',
    ssl: false,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  try {
    await client.connect();
    const { rowCount } = await client.query(`select from pg_database where datname = 'parley'`);
    if (!rowCount) await client.query('create database parley');
  } finally {
    await client.end();
  }
}

type State =
  /** The server ran already, and another process may own it; until `own()` or `disown()`. */
  | { kind: 'adopted' }
  | { kind: 'owned' }
  | { kind: 'disowned' }
  | { kind: 'stopping'; ended: Promise<void> };

class OwnedPostgres implements EmbeddedPostgres {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly adopted: boolean;
  private state: State;

  constructor(
    private readonly postmaster: Postmaster,
    password: string,
    private readonly logger: Logger,
  ) {
    this.port = postmaster.port;
    this.pid = postmaster.pid;
    this.adopted = postmaster.child === null;
    this.url = `postgres://parley:${password}@127.0.0.1:${this.port}/parley`;
    this.state = { kind: this.adopted ? 'adopted' : 'owned' };
    postmaster.child?.once('exit', this.reportExit);
  }

  own(): void {
    if (this.state.kind !== 'adopted') return;
    this.state = { kind: 'owned' };
    process.once('exit', this.postmaster.interrupt);
  }

  disown(): void {
    if (this.state.kind === 'stopping') return;
    this.state = { kind: 'disowned' };
    process.off('exit', this.postmaster.interrupt);
  }

  async stop(): Promise<void> {
    if (this.state.kind === 'disowned') return;
    if (this.state.kind !== 'stopping')
      this.state = { kind: 'stopping', ended: this.postmaster.end() };
    await this.state.ended;
    process.off('exit', this.postmaster.interrupt);
  }

  private readonly reportExit = (exitCode: number | null, signal: string | null) => {
    process.off('exit', this.postmaster.interrupt);
    if (this.state.kind === 'owned')
      this.logger.error({ exitCode, signal }, 'embedded Postgres ended by itself');
  };
}
