/**
 * A real Postgres without any installation: the binaries come from npm, one package a platform, the
 * data lies in a folder of ours.
 *
 * - The cluster is made in a draft folder and renamed when complete: a start that was killed is no
 *   obstacle to the next.
 * - A lock file lets one process at a time create, adopt or start; who comes later adopts.
 * - The server is a process group of its own, so that Ctrl-C reaches it only when we have drained.
 *   It outlives a SIGKILL of ours; the next start finds it by its `postmaster.pid` and adopts it.
 * - Postgres refuses to run as root: then it gets another user, see `embedded.binaries.ts`.
 */
import { Client } from 'pg';
import type { Logger } from '../../logger';
import { openBinaries } from './binaries';
import { openCluster, openFolder, ownerOf, whileLocked } from './folder';
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
  /** Everything is kept in here; created when missing. One machine at a time may use it. */
  directory: string;
  logger: Logger;
  /**
   * TCP port on 127.0.0.1 for a server that has to be started; default: a free one, another at each
   * start.
   */
  port?: number;
  /** Default 100. */
  maxConnections?: number;
  /**
   * False, for tests: faster, but a crash of the machine may lose or break the data. Default true.
   */
  durable?: boolean;
}

/**
 * A running server. Two processes may have the same one, when the second adopted it: which of them
 * owns it is for an advisory lock to decide. The owner calls `claim()` and finally `stop()`; a
 * process that finds another one to be the owner calls `release()` and must not stop it.
 */
export interface EmbeddedPostgres {
  /** `postgres://parley:…@127.0.0.1:PORT/parley`; the role is a superuser. */
  readonly url: string;
  readonly port: number;
  /** Process id of the server's first process. */
  readonly pid: number;
  /** It ran already: left behind by a process that was killed, or in use by one that runs. */
  readonly adopted: boolean;
  /**
   * From now on the server ends with this process, also without `stop()`. What was not adopted is
   * claimed from its start.
   */
  own(): void;
  /** Lets go of the server, which runs on. After that `stop()` does nothing. */
  disown(): void;
  /**
   * Cuts all sessions, writes the data out, and resolves when the server has ended. Slower than 10
   * s: it is told to drop everything, which the next start makes good. Can be called again.
   *
   * @throws {Error} the server does not end
   */
  stop(): Promise<void>;
}

/**
 * Starts Postgres, or adopts the one that runs on the folder already. The data of earlier starts is
 * there, and a database called `parley`. Resolves when connections are accepted.
 *
 * @throws {ConfigError} there is no embedded Postgres for this platform, or the folder is of
 *   another major version or another user
 * @throws {Error} the server does not start; the message has the decisive line of `postgres.log`
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const folder = await openFolder(options.directory);
  const binaries = await openBinaries(await ownerOf(folder));
  const durable = options.durable ?? true;
  return whileLocked(folder, async () => {
    const password = await openCluster(folder, binaries, durable);
    const maxConnections = options.maxConnections ?? 100;
    const launch = { folder, binaries, port: options.port, maxConnections, durable };
    const postmaster = await adoptOrLaunch(launch, password);
    const held = new OwnedPostgres(postmaster, password, options.logger);
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
        // A server that was starting unseen, or processes of a killed one that are about to end.
        if (!(error instanceof ContendedError)) throw error;
        contention = error;
        return undefined;
      }
    },
    CONTENTION_TIMEOUT_MS,
    () => contention,
  );
}

async function adopt(options: PostmasterOptions, password: string): Promise<Postmaster | null> {
  return findPostmaster(options, async ({ port }) => {
    try {
      await ensureDatabase(port, password);
      return true;
    } catch {
      // It may be about to end; asked again until it has ended or answers.
      return false;
    }
  });
}

async function launch(options: PostmasterOptions, password: string): Promise<Postmaster> {
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

async function ensureDatabase(port: number, password: string): Promise<void> {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: 'parley',
    password,
    database: 'postgres',
    ssl: false,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  // A connection that breaks tells so to the statement under way too; unheard it would end the
  // process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query(`select from pg_database where datname = 'parley'`);
    if (!rowCount) await client.query('create database parley');
  } finally {
    await client.end();
  }
}

type State =
  /** Another process may own it. */
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
