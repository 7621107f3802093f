/** GraphiQL: a page to try the API by hand. Nothing of it comes from elsewhere. */
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { addFiles, folderOf, indexOf } from './built.page';
import { addPage } from './page';

const PATH = '/graphiql';

/** Sources of what the page has in itself: its styles and its images. */
const SOURCES = {
  // The editor makes styles as it goes, and lays out each line by an attribute.
  'style-src': ["'unsafe-inline'"],
  'img-src': ['data:'],
};

/**
 * Serves GraphiQL. Without its built files it serves nothing.
 *
 * @param hasUsers true when `/demo/users` has users for the page's menu; false makes the page ask
 *   for a token
 */
export function addGraphiql(app: FastifyInstance, hasUsers: boolean): void {
  const folder = folderOf('graphiql');
  if (folder === undefined) return;
  const index = indexOf(folder);
  const html = hasUsers ? index.replace('data-users="ask"', 'data-users="demo"') : index;
  addPage(app, { path: PATH, html, sources: SOURCES });
  addFiles(app, PATH, join(folder, 'graphiql'));
}
