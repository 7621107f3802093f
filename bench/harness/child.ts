import { type ChildProcess, execFileSync, type StdioOptions, spawn } from 'node:child_process';
import { benchNode } from './node';

/** As many open files as the system lets a process have, up to what the largest bench needs. */
const RAISE_LIMIT = 'ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -H -n)"';
/** What a process has open beside the connections of a bench. */
const OTHER_FILES = 200;

/** A Node process of its own, with every open file that it may have. */
export function spawnNode(
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; cwd?: string; stdio: StdioOptions; niceness?: number },
): ChildProcess {
  const nice = options.niceness === undefined ? '' : `nice -n ${options.niceness} `;
  return spawn(
    'sh',
    ['-c', `${RAISE_LIMIT}; exec ${nice}"$0" "$@"`, benchNode(), ...args],
    options,
  );
}

/** @throws {Error} a process of `spawnNode` cannot have so many connections */
export function assertConnections(count: number): void {
  const limit = Number(
    execFileSync('sh', ['-c', `${RAISE_LIMIT}; ulimit -n`], { encoding: 'utf8' }),
  );
  if (count + OTHER_FILES > limit)
    throw new Error(
      `${count} connections are needed, but a process may open ${limit} files: raise ulimit -H -n`,
    );
}
