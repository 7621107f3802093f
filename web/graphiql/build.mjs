/**
 * Builds GraphiQL's page into dist/graphiql: an index, and beside it the folder `graphiql` with the
 * files that the index names. Their names have hashes, so browsers may keep them.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const OUT = here('../../dist/graphiql/');

/** The workers of the editor, by the labels by which it asks for them. */
const WORKERS = {
  editor: 'monaco-editor/esm/vs/editor/editor.worker.js',
  json: 'monaco-editor/esm/vs/language/json/json.worker.js',
  graphql: 'monaco-graphql/esm/graphql.worker.js',
};

/** Bundles an entry point, and returns the names of its script and of its styles. */
async function bundle(entryPoint, options) {
  const { metafile } = await build({
    absWorkingDir: here('.'),
    entryPoints: [entryPoint],
    outdir: `${OUT}graphiql`,
    entryNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    metafile: true,
    legalComments: 'none',
    target: 'es2022',
    loader: { '.graphql': 'text', '.ttf': 'file' },
    logLevel: 'warning',
    ...options,
  });
  const [path, { cssBundle }] = Object.entries(metafile.outputs).find(([, one]) => one.entryPoint);
  return { script: basename(path), styles: cssBundle && basename(cssBundle) };
}

async function buildPage() {
  const workers = await Promise.all(
    Object.entries(WORKERS).map(async ([label, path]) => {
      const { script } = await bundle({ in: path, out: `${label}.worker` }, { format: 'iife' });
      return [label, script];
    }),
  );
  const { script, styles } = await bundle('main.tsx', {
    format: 'esm',
    jsx: 'automatic',
    define: {
      WORKERS: JSON.stringify(Object.fromEntries(workers)),
      'process.env.NODE_ENV': '"production"',
    },
  });
  // Relative, since a proxy may put the server below a path.
  return readFileSync(here('index.html'), 'utf8')
    .replace('./main.tsx', `./graphiql/${script}`)
    .replace('./main.css', `./graphiql/${styles}`);
}

rmSync(OUT, { recursive: true, force: true });
writeFileSync(`${OUT}index.html`, await buildPage());
