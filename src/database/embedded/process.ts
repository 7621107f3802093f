import { type ChildProcess, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_INTERVAL_MS = 20;

/**
 * Returns the time at which a process started, as a text to be compared with another one.
 *
 * The system uses pids again, and a container even gives out the same ones at each start. A pid
 * together with the start time names one process only.
 *
 * @returns null when no process has this pid, or only a zombie. On systems other than Linux, an
 *   empty text for every running process
 */
export function runningSince(pid: number): string | null {
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  if (process.platform === 'linux') return startTicksOf(pid);
  try {
    process.kill(pid, 0);
    return '';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? '' : null;
  }
}

/**
 * True while a process with this pid runs and has `argument` in its command line, by itself or as
 * the value of a setting. On Windows the command line is not checked.
 */
export function runsWith(pid: number, argument: string): boolean {
  if (runningSince(pid) === null) return false;
  if (process.platform === 'win32') return true;
  if (process.platform === 'linux')
    return argumentsOf(pid).some((one) => one === argument || one.endsWith(`=${argument}`));
  const ps = spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return ps.stdout.includes(argument);
}

/**
 * Kills a child that was spawned as `detached`, and all processes that it started. Nothing happens
 * when they have ended. On Windows only the child is killed.
 */
export function killGroup(child: ChildProcess): void {
  try {
    if (process.platform === 'win32') child.kill();
    else if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Calls `ask` at once and then every 20 ms, until it returns another value than undefined.
 *
 * @param signal ends the waiting
 * @returns that value
 * @throws what `ask` throws; the signal's reason; the error that `complain` makes when `timeoutMs`
 *   have passed
 */
export async function until<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  timeoutMs: number,
  complain: () => Error,
  signal?: AbortSignal,
): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadlineMs) throw complain();
    await delay(POLL_INTERVAL_MS);
  }
}

function startTicksOf(pid: number): string | null {
  const stat = readProcess(pid, 'stat');
  // See proc(5). Field 2 is the name in brackets, which may itself contain brackets and spaces.
  // Field 3 is the state, field 22 the start time.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0] ?? '';
  return state === '' || state === 'Z' || state === 'X' ? null : (fields[19] ?? null);
}

function argumentsOf(pid: number): string[] {
  return readProcess(pid, 'cmdline').split('\0');
}

function readProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // The process has ended.
    return '';
  }
}
