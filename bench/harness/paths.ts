import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The repository's folder, wherever below it the compiled bench lies. */
export const ROOT = findRoot(__dirname);
export const BENCH = join(ROOT, 'bench');
export const PEERS = join(BENCH, 'peers');
export const PARLEY = join(ROOT, 'dist', 'main.js');

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package-lock.json')) ? folder : findRoot(dirname(folder));
}
