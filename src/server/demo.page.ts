/**
 * The demo: a page that shows users who talk to each other. The build makes it of the workspace
 * `web`, as an index that names its files by their hashes. Those never change, so browsers keep
 * them; the index is checked each time.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { addFiles } from './files';
import { addPage } from './page';

/** The folder beside the server's in a build, and that of the last build for the sources. */
const FOLDERS = ['../web', '../../dist/web'].map((path) => join(__dirname, path));

/** True when the demo has been built. It is optional: without it, the server does the rest. */
export function isDemoBuilt(): boolean {
  return findFolder() !== undefined;
}

/** Serves the demo at `/`. Without its built files it serves nothing. */
export function addDemo(app: FastifyInstance): void {
  const folder = findFolder();
  if (folder === undefined) return;
  addPage(app, { path: '/', html: readFileSync(join(folder, 'index.html'), 'utf8'), sources: {} });
  addFiles(app, '/assets', join(folder, 'assets'));
}

function findFolder(): string | undefined {
  return FOLDERS.find((path) => existsSync(join(path, 'index.html')));
}
