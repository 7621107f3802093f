import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How finely the kernel counts a process's time. */
const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/**
 * Microseconds of CPU, in user and kernel mode, that a process and all its threads have used, as the kernel counts
 * them: the same for every peer, whatever it is written in. In steps of 10 ms, so for windows of seconds.
 */
export function cpuMicroseconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // proc(5): the name before the last bracket may hold anything; the state is field 3, utime and stime are 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000_000) / TICKS_PER_SECOND;
}

/** KiB of memory that a process has resident. */
export function residentKb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
}
