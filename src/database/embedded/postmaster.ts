import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Binaries } from './binaries';
import type { Folder } from './folder';
import { runningSince, runsWith, until } from './process';

/** Crash recovery of a large log is slow. */
const READY_TIMEOUT_MS = 60_000;
const FAST_SHUTDOWN_MS = 10_000;
const IMMEDIATE_SHUTDOWN_MS = 10_000;

/** The server process, parent of all the others. */
export class Postmaster {
  /** @param child null: another process started it */
  constructor(
    readonly pid: number,
    readonly port: number,
    readonly child: ChildProcess | null,
    private readonly folder: Folder,
    private readonly binaries: Binaries,
  ) {}

  /**
   * True while the server runs. Another program may have got its pid by now, which does not count.
   */
  get isRunning(): boolean {
    return runsWith(this.pid, this.folder.data);
  }

  /**
   * Asks it to end, without waiting, so that it can serve as an exit handler. No error when it is
   * gone.
   */
  readonly interrupt = (): void => {
    if (this.isRunning) this.binaries.signal(this.pid, 'SIGINT');
  };

  /**
   * Ends it: sessions are cut, the data written out. After 10 s it is told to drop everything,
   * which its next start makes good.
   *
   * @throws {Error} it does not end
   */
  async end(): Promise<void> {
    if (!this.isRunning) return;
    // From here on by its start: one that is just ending has no command line any more, but is still
    // there.
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
  /** TCP port on 127.0.0.1; undefined: a free one. */
  readonly port: number | undefined;
  readonly maxConnections: number;
  /** False: a crash of the machine may lose or break the data. */
  readonly durable: boolean;
}

/** Something else has the port, or the cluster, in this very moment: worth another try. */
export class ContendedError extends Error {}

/**
 * The postmaster that runs on the cluster already. Waits while it still starts or stops. Whatever a
 * dead one left behind is removed, also when its pid belongs to some other program by now, which
 * would make Postgres refuse to start.
 *
 * @param answers whether it lets us in
 * @returns null when there is none
 */
export async function findPostmaster(
  options: Pick<PostmasterOptions, 'folder' | 'binaries'>,
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
  );
}

/**
 * Starts a postmaster and waits until it accepts connections. It is in a process group of its own:
 * what a terminal sends to ours does not reach it. It does not keep this process alive, and ends
 * with it: its `interrupt` is an exit handler of this process.
 *
 * @throws {ContendedError} somebody else was faster
 * @throws {Error} it ended; the message has the decisive line of its log
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
    );
    return postmaster;
  } catch (error) {
    process.off('exit', postmaster.interrupt);
    postmaster.interrupt();
    throw error;
  }
}

async function spawnPostmaster(options: PostmasterOptions, port: number): Promise<ChildProcess> {
  // Emptied and then only appended to: whoever still writes to it leaves no holes.
  await writeFile(options.folder.log, '', { mode: 0o600 });
  const log = await open(options.folder.log, 'a');
  try {
    const child = options.binaries.spawn(
      'postgres',
      ['-D', options.folder.data, ...settingsOf(options, port)],
      {
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
      },
    );
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
    // The log is for the server's own fate. Errors of statements would bring people's content into
    // it.
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

async function describeFailure(folder: Folder): Promise<Error> {
  const lines = (await readFile(folder.log, 'utf8'))
    .split('\n')
    .filter((line) => line.trim() !== '');
  // The very last line after a refusal only says that the server is shut down.
  const decisive =
    lines.findLast((line) => /\b(FATAL|PANIC):/.test(line)) ?? lines.at(-1) ?? 'It said nothing.';
  const message = `Postgres did not start: ${decisive} (see ${folder.log})`;
  const isContended = lines.some((line) =>
    /could not bind|lock file "postmaster\.pid"|pre-existing shared memory block/.test(line),
  );
  return isContended ? new ContendedError(message) : new Error(message);
}

async function readPidFile(
  folder: Folder,
): Promise<{ pid: number; port: number; ready: boolean } | null> {
  try {
    const lines = (await readFile(pidFileOf(folder), 'utf8')).split('\n');
    // miscadmin.h, LOCK_FILE_LINE_*: pid 1, port 4, status 8.
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
