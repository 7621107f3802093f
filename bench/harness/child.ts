import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';

/** As many open files as the machine lets us have, up to what the largest bench needs. */
const RAISE_LIMIT = 'ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -H -n)"; exec "$0" "$@"';

/** A Node process of its own, with every file descriptor that it may have. */
export function spawnNode(
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; cwd?: string; stdio: StdioOptions },
): ChildProcess {
  return spawn('sh', ['-c', RAISE_LIMIT, process.execPath, ...args], options);
}
