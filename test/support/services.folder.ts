/**
 * Temporary folders of servers. Each server leaves a pid file in its folder: with that a folder can
 * be swept, which ends the servers in it and removes it, also by a process that did not start them.
 * Test files cannot do so themselves when they are interrupted, as jest gives them a copy of
 * `process` whose exit handlers never run. So their folders lie below one folder of the whole run.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { runsWith } from '../../src/database/embedded/process';

export const REDIS_PID_FILE = 'redis.pid';
export const PGBOUNCER_PID_FILE = 'pgbouncer.pid';
export const HAPROXY_PID_FILE = 'haproxy.pid';
const PID_FILES = ['postmaster.pid', REDIS_PID_FILE, PGBOUNCER_PID_FILE, HAPROXY_PID_FILE];

const SWEEP_TIMEOUT_MS = 10_000;
const SHUTDOWN_TIMEOUT_MS = 5_000;
const POLL_INTERVAL_MS = 10;

export interface TemporaryFolder {
  readonly path: string;
  /** Ends the servers that still run in it and removes it. */
  remove(): void;
}

/**
 * Creates a folder for servers, below `PARLEY_TEST_DIRECTORY` if that is set. It is removed when the
 * process exits, or with the folder above it.
 */
export async function createFolder(name: string): Promise<TemporaryFolder> {
  const path = await mkdtemp(
    join(process.env.PARLEY_TEST_DIRECTORY ?? tmpdir(), `parley-test-${name}-`),
  );
  // Postgres may run as another user, who has to get through.
  await chmod(path, 0o755);
  const sweep = () => sweepFolder(path);
  process.once('exit', sweep);
  return {
    path,
    remove() {
      process.off('exit', sweep);
      sweep();
    },
  };
}

/** Synchronous, for exit handlers. */
function sweepFolder(path: string): void {
  const deadlineMs = performance.now() + SWEEP_TIMEOUT_MS;
  while (existsSync(path)) {
    try {
      for (const file of readdirSync(path, { recursive: true, encoding: 'utf8' }))
        if (PID_FILES.includes(basename(file))) endServer(join(path, file));
      rmSync(path, { recursive: true, force: true });
    } catch (error) {
      // Programs that were interrupted together with us may still write here, or tidy up themselves.
      if (performance.now() > deadlineMs) throw error;
      pause();
    }
  }
}

function endServer(pidFile: string): void {
  const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
  const directory = dirname(pidFile);
  const deadlineMs = performance.now() + SHUTDOWN_TIMEOUT_MS;
  if (!runsWith(pid, directory)) return;
  process.kill(pid, 'SIGINT');
  while (runsWith(pid, directory)) {
    if (performance.now() > deadlineMs) return void process.kill(pid, 'SIGKILL');
    pause();
  }
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_INTERVAL_MS);
}
