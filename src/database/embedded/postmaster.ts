import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Binaries } from './binaries';
import { placeOf } from './cluster';
import type { Folder } from './folder';
import { OPEN_ITSELF } from './owner';
import { runningSince, runsWith, until } from './process';

/** Long enough for the recovery after a crash, which is slow with a large write-ahead log. */
const READY_TIMEOUT_MS = 60_000;
const FAST_SHUTDOWN_MS = 10_000;
const IMMEDIATE_SHUTDOWN_MS = 10_000;

const LOG_FLAGS =
  constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);

/** The first process of a Postgres server, and the parent of its others. */
export class Postmaster {
  /** @param child null when another process started the server */
  constructor(
    readonly pid: number,
    readonly port: number,
    readonly child: ChildProcess | null,
    private readonly folder: Folder,
    private readonly binaries: Binaries,
  ) {}

  /**
   * True while the server runs. The command line is checked too, because another program may have
   * got the pid after the server's end.
   */
  get isRunning(): boolean {
    return runsWith(this.pid, this.folder.data);
  }

  /**
   * Requests a fast shutdown and does not wait for it, so that it can serve as an exit handler.
   * Nothing happens when the server has ended.
   */
  readonly interrupt = (): void => {
    if (this.isRunning) this.binaries.signal(this.pid, 'SIGINT');
  };

  /**
   * Ends the server and waits for its end. A fast shutdown closes all sessions and writes the data
   * out. After 10 s an immediate shutdown follows, from which the next start recovers.
   *
   * @throws {Error} when the server still runs 10 s after that
   */
  async end(): Promise<void> {
    if (!this.isRunning) return;
    // From here on the process is recognised by its start time. A process that is about to end
    // still exists but has no command line any more.
    const since = runningSince(this.pid);
    this.interrupt();
    try {
      await this.ended(since, FAST_SHUTDOWN_MS);
    } catch {
      this.binaries.signal(this.pid, 'SIGQUIT');
      await this.ended(since, IMMEDIATE_SHUTDOWN_MS);
    }
  }

  private ended(since: string | null, timeoutMs: number): Promise<true> {
    return until(
      () => (runningSince(this.pid) === since && since !== null ? undefined : true),
      timeoutMs,
      () => new Error(`Postgres (pid ${this.pid}) does not end.`),
    );
  }
}

export interface PostmasterOptions {
  readonly folder: Folder;
  readonly binaries: Binaries;
  /** TCP port on 127.0.0.1; undefined for any free one. */
  readonly port: number | undefined;
  readonly maxConnections: number;
  /** When false, a crash of the machine may lose or break the data. */
  readonly durable: boolean;
  /** Breaks the start off. */
  readonly signal: AbortSignal | undefined;
}

/** Thrown when another process has the port or the cluster at this moment. A retry may succeed. */
export class ContendedError extends Error {}

/**
 * Finds the postmaster that runs on the cluster already. Waits while it starts or stops.
 *
 * The `postmaster.pid` of a dead server is removed. Postgres would refuse to start when the pid in
 * it belongs to another program by now.
 *
 * @param answers resolves to true when the server accepts a connection
 * @returns null when no server runs on the cluster
 * @throws {Error} when a server runs but does not answer within 60 s
 */
export async function findPostmaster(
  options: Pick<PostmasterOptions, 'folder' | 'binaries' | 'signal'>,
  answers: (postmaster: Postmaster) => Promise<boolean>,
): Promise<Postmaster | null> {
  const { folder, binaries } = options;
  return until(
    async () => {
      const found = await readPidFile(folder);
      const postmaster = found && new Postmaster(found.pid, found.port, null, folder, binaries);
      if (!postmaster?.isRunning) {
        await rm(pidFileOf(folder), { force: true });
        return null;
      }
      return found?.ready && (await answers(postmaster)) ? postmaster : undefined;
    },
    READY_TIMEOUT_MS,
    () => new Error(`The Postgres that runs on ${folder.data} does not answer; see ${folder.log}.`),
    options.signal,
  );
}

/**
 * Starts a postmaster and waits until it accepts connections.
 *
 * The server has its own process group, so the signals of a terminal do not reach it. It does not
 * keep this process alive. It ends when this process exits, because its `interrupt` becomes an exit
 * handler of this process.
 *
 * @throws {ContendedError} when another process has the port or the cluster
 * @throws the signal's reason, once the server has ended
 * @throws {Error} when the server ends, with the decisive line of its log in the message, or when
 *   it is not ready within 60 s
 */
export async function launchPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  const { folder, binaries } = options;
  const port = options.port ?? (await freePort());
  const child = await spawnPostmaster(options, port);
  const postmaster = new Postmaster(child.pid!, port, child, folder, binaries);
  process.once('exit', postmaster.interrupt);
  try {
    await until(
      async () => {
        if (child.exitCode !== null || child.signalCode !== null)
          throw await describeFailure(folder);
        const found = await readPidFile(folder);
        return (found?.pid === child.pid && found?.ready) || undefined;
      },
      READY_TIMEOUT_MS,
      () =>
        new Error(
          `Postgres did not start within ${READY_TIMEOUT_MS / 1_000} s; see ${folder.log}.`,
        ),
      options.signal,
    );
    return postmaster;
  } catch (error) {
    await postmaster.end().catch(() => undefined);
    process.off('exit', postmaster.interrupt);
    throw error;
  }
}

async function spawnPostmaster(options: PostmasterOptions, port: number): Promise<ChildProcess> {
  // Each server opens the log for appending. So an earlier one that still writes after the log was
  // emptied leaves no hole in it.
  // No link is followed, since the folder may belong to another user than root.
  const log = await open(options.folder.log, LOG_FLAGS, 0o600);
  try {
    await log.truncate();
    const { data } = options.folder;
    const place = placeOf(options.binaries, data);
    const args = [
      ...['-D', place.path, ...settingsOf(options, port)],
      // So that the server is recognised by its command line.
      ...(place.isWorkingFolder ? ['-c', `parley.folder=${data}`] : []),
    ];
    const child = options.binaries.spawn('postgres', args, {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      cwd: place.cwd,
    });
    await once(child, 'spawn');
    child.unref();
    return child;
  } finally {
    await log.close();
  }
}

function settingsOf(options: PostmasterOptions, port: number): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: options.maxConnections,
    shared_buffers: '64MB',
    max_wal_size: '256MB',
    wal_level: 'minimal',
    max_wal_senders: 0,
    io_method: 'sync',
    max_worker_processes: 0,
    max_logical_replication_workers: 0,
    max_parallel_workers_per_gather: 0,
    jit: 'off',
    timezone: 'UTC',
    // The log is about the server itself. Statements that fail are left out, because they would
    // bring users' content into it.
    log_timezone: 'UTC',
    log_line_prefix: '%m ',
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    lc_messages: 'C',
    ...(!options.durable && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Makes an error of the decisive line in the server's log. */
async function describeFailure(folder: Folder): Promise<Error> {
  const lines = (await readFile(folder.log, 'utf8'))
    .split('\n')
    .filter((line) => line.trim() !== '');
  // The last line may only say that the server is shut down, so the last fatal one goes first.
  const decisive =
    lines.findLast((line) => /\b(FATAL|PANIC):/.test(line)) ?? lines.at(-1) ?? 'It said nothing.';
  const message = `Postgres did not start: ${decisive} (see ${folder.log})`;
  const isContended = lines.some((line) =>
    /could not bind|lock file "postmaster\.pid"|pre-existing shared memory block/.test(line),
  );
  return isContended ? new ContendedError(message) : new Error(message);
}

/** @returns null when there is no `postmaster.pid` */
async function readPidFile(
  folder: Folder,
): Promise<{ pid: number; port: number; ready: boolean } | null> {
  try {
    const lines = (
      await readFile(pidFileOf(folder), { encoding: 'utf8', flag: OPEN_ITSELF })
    ).split('\n');
    // LOCK_FILE_LINE_* in Postgres' miscadmin.h: line 1 is the pid, 4 the port, 8 the status.
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function pidFileOf(folder: Folder): string {
  return join(folder.data, 'postmaster.pid');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
