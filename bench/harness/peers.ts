import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasBenchNode } from './node';
import { PEERS } from './paths';

/** The peers' packages, which the repository's own `npm ci` leaves alone. */
export function installPeers(report: (line: string) => void): void {
  if (existsSync(join(PEERS, 'node_modules')) && hasBenchNode()) return;
  report('installing the peers (npm ci in bench/peers)');
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: PEERS,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
