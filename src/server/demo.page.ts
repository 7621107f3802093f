/**
 * The demo: a page that shows users who talk to each other. The build makes it of the workspace
 * `web`, as an index that names its files by their hashes. Those never change, so browsers keep
 * them; the index is checked each time.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { addPage } from './page';

/** A user of the demo and a token, with which the page connects as this user. */
export interface DemoUser {
  id: string;
  displayName: string;
  token: string;
}

export interface DemoOptions {
  /** Makes new tokens of the demo's users. null: the page asks its user for a token. */
  users: (() => DemoUser[]) | null;
}

/** The folder beside the server's in a build, and that of the last build for the sources. */
const FOLDERS = ['../web', '../../dist/web'].map((path) => join(__dirname, path));
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** True when the demo has been built. It is optional: without it, the server does the rest. */
export function isDemoBuilt(): boolean {
  return findFolder() !== undefined;
}

/** Serves the demo at `/`. Without its built files it serves nothing. */
export function addDemo(app: FastifyInstance, { users }: DemoOptions): void {
  const folder = findFolder();
  if (folder === undefined) return;
  addPage(app, { path: '/', html: readFileSync(join(folder, 'index.html'), 'utf8'), sources: {} });
  for (const name of readdirSync(join(folder, 'assets'))) addFile(app, folder, name);
  app.get('/demo/users', async (_request, sink) =>
    sink.header('cache-control', 'no-store').send({ users: users?.() ?? null }),
  );
}

function findFolder(): string | undefined {
  return FOLDERS.find((path) => existsSync(join(path, 'index.html')));
}

function addFile(app: FastifyInstance, folder: string, name: string): void {
  const content = readFileSync(join(folder, 'assets', name));
  const type = TYPES[extname(name)] ?? 'application/octet-stream';
  app.get(`/assets/${name}`, async (_request, sink) =>
    sink
      .type(type)
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('x-content-type-options', 'nosniff')
      .send(content),
  );
}
