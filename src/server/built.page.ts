/**
 * Pages that the build makes of the workspace `web`: a folder for each, with an index and the files
 * that it names. They are optional: without them, the server does the rest.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';

/** A built page, by the name of its folder in `dist`. */
export type BuiltPage = 'web' | 'graphiql';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
};

/**
 * Returns the folder of a page, beside the server's in a build, or that of the last build for the
 * sources; undefined when the page is not built.
 */
export function folderOf(page: BuiltPage): string | undefined {
  return [`../${page}`, `../../dist/${page}`]
    .map((path) => join(__dirname, path))
    .find((path) => existsSync(join(path, 'index.html')));
}

/** Returns the index of a page. It is read anew by browsers each time. */
export function indexOf(folder: string): string {
  return readFileSync(join(folder, 'index.html'), 'utf8');
}

/**
 * Serves each file of a folder below a path. The files have hashes in their names and never change,
 * so browsers keep them.
 */
export function addFiles(app: FastifyInstance, path: string, folder: string): void {
  for (const name of readdirSync(folder)) {
    const content = readFileSync(join(folder, name));
    const type = TYPES[extname(name)] ?? 'application/octet-stream';
    app.get(`${path}/${name}`, async (_request, sink) =>
      sink
        .type(type)
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('x-content-type-options', 'nosniff')
        .send(content),
    );
  }
}
