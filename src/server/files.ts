/**
 * Files of built pages. They have hashes in their names and never change, so browsers keep them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
};

/** Serves each file of a folder below a path. */
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
