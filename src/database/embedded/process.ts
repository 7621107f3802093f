import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_INTERVAL_MS = 20;

/**
 * When a process started, as a text to compare. Together with it a pid names one process for good,
 * although the system uses numbers again, in a container even the same ones at each start.
 *
 * @returns null when nothing runs under this pid, a zombie included; elsewhere than on Linux an
 *   empty text for whatever runs
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
 * True when the process with this pid has `argument` in its command line; on Windows, when it runs.
 */
export function runsWith(pid: number, argument: string): boolean {
  if (runningSince(pid) === null) return false;
  if (process.platform === 'win32') return true;
  if (process.platform === 'linux') return argumentsOf(pid).includes(argument);
  const ps = spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return ps.stdout.includes(argument);
}

/**
 * Asks over and over until the answer is something else than undefined.
 *
 * @throws {Error} with the complaint when `timeoutMs` have passed
 */
export async function until<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  timeoutMs: number,
  complain: () => Error,
): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadlineMs) throw complain();
    await delay(POLL_INTERVAL_MS);
  }
}

function startTicksOf(pid: number): string | null {
  const stat = readProcess(pid, 'stat');
  // proc(5): the name before the last bracket may hold anything; the state is field 3, the start
  // field 22.
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
    // It ended meanwhile.
    return '';
  }
}
