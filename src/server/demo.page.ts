/** The demo: a page that shows users who talk to each other. */
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { addFiles, folderOf, indexOf } from './built.page';
import { addPage } from './page';

/** Serves the demo at `/`. Without its built files it serves nothing. */
export function addDemo(app: FastifyInstance): void {
  const folder = folderOf('web');
  if (folder === undefined) return;
  addPage(app, { path: '/', html: indexOf(folder), sources: {} });
  addFiles(app, '/assets', join(folder, 'assets'));
}
