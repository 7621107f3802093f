/**
 * GraphiQL: a page to try the API by hand. The build makes it of `web/graphiql`, as an index and a
 * folder of the files that it names, so that nothing of it comes from elsewhere.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { addFiles } from './files';
import { addPage } from './page';

const PATH = '/graphiql';
/** The folder beside the server's in a build, and that of the last build for the sources. */
const FOLDERS = ['../graphiql', '../../dist/graphiql'].map((path) => join(__dirname, path));

/** Sources of what the page has in itself: its styles and its images. */
const SOURCES = {
  // The editor makes styles as it goes, and lays out each line by an attribute.
  'style-src': ["'unsafe-inline'"],
  'img-src': ['data:'],
};

/**
 * Serves GraphiQL. Without its built files, which are optional, it serves nothing.
 *
 * @param hasUsers true when `/demo/users` has users for the page's menu; false makes the page ask
 *   for a token
 */
export function addGraphiql(app: FastifyInstance, hasUsers: boolean): void {
  const folder = FOLDERS.find((path) => existsSync(join(path, 'index.html')));
  if (folder === undefined) return;
  const index = readFileSync(join(folder, 'index.html'), 'utf8');
  const html = hasUsers ? index.replace('data-users="ask"', 'data-users="demo"') : index;
  addPage(app, { path: PATH, html, sources: SOURCES });
  addFiles(app, PATH, join(folder, 'graphiql'));
}
