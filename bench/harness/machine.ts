import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { benchNodeVersion } from './node';
import type { Fields } from './outcome';
import { PEERS, ROOT } from './paths';

export function describeMachine(): Fields {
  return {
    cpu: cpus()[0]!.model.trim(),
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: `${process.platform} ${release()}`,
  };
}

/** What took part, as it is installed. */
export function describeVersions(): Fields {
  const peers = Object.keys(read(join(PEERS, 'package.json')).dependencies as Fields);
  return {
    parley: execFileSync('git', ['describe', '--always', '--dirty'], {
      cwd: ROOT,
      encoding: 'utf8',
    }).trim(),
    node: benchNodeVersion(),
    ...Object.fromEntries(peers.map((name) => [name, versionIn(PEERS, name)])),
    redis:
      /v=(\S+)/.exec(execFileSync('redis-server', ['--version'], { encoding: 'utf8' }))?.[1] ??
      'unknown',
    postgres: '18, embedded, without durability',
  };
}

function versionIn(folder: string, name: string): string {
  const file = join(folder, 'node_modules', name, 'package.json');
  return existsSync(file) ? String(read(file).version) : 'not installed';
}

function read(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(file, 'utf8'));
}
