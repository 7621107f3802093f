// Makes the package of what the compiler wrote: ES modules with their declarations. An application
// downloads the package whole, so it has to be small: the code has no comments, which the
// declarations have, and no declaration is in it twice.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { commonJsOf } from './common.js.mjs';

const CLIENT = fileURLToPath(new URL('..', import.meta.url));
const ESM = join(CLIENT, 'dist/esm');
const CJS = join(CLIENT, 'dist/cjs');
/** The entries that name no types of a package which has others for each kind of module. */
const SHARED = ['index.d.ts', 'generated/graphql.d.ts', 'react/index.d.ts'];
const RELATIVE = /(from '|import\(")(\.{1,2}\/[^'"]+)\.js(?=['"])/g;
/** How a module works, which its users need not know. */
const MANUAL = /^\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*(?=import|export (?:type )?\{|\/\*\*)/;

const { exports } = JSON.parse(readFileSync(join(CLIENT, 'package.json'), 'utf8'));
const inside = (path) => path.replace('./dist/cjs/', '');
/** The files of each entry: its code, and its declarations. */
const entries = Object.values(exports)
  .filter((one) => one.require)
  .map(({ require: of }) => ({ code: inside(of.default), declarations: inside(of.types) }));

function write(folder, file, text) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

/**
 * Makes files of the modules: one for each entry, one for the documents, and those that entries
 * share.
 */
function bundled() {
  const options = {
    absWorkingDir: ESM,
    outdir: ESM,
    chunkNames: 'shared/[hash]',
    write: false,
    bundle: true,
    splitting: true,
    packages: 'external',
    // All files are one folder deep, as the modules are that import the documents.
    external: ['../generated/graphql.js'],
    format: 'esm',
    target: 'es2022',
    minifyWhitespace: true,
    minifySyntax: true,
  };
  const entryPoints = entries.map(({ code, declarations }) => ({
    in: declarations.replace('.d.ts', '.js'),
    out: code.replace('.js', ''),
  }));
  return buildSync({ ...options, entryPoints }).outputFiles;
}

/** Writes the code of both kinds. npm packs the two of a name together, where they cost little. */
function writeCode(files) {
  for (const { path, text } of files) {
    const file = relative(ESM, path);
    // A bundler then leaves out the documents that an application does not use.
    const code = text.replaceAll('=documentOf(', '=/*#__PURE__*/documentOf(');
    write(ESM, file, code);
    write(CJS, file, commonJsOf(code));
  }
}

/** Returns the declarations to which an entry leads, by their files. */
function wantedDeclarations() {
  const wanted = new Map();
  const want = (file) => {
    if (wanted.has(file)) return;
    const text = readFileSync(join(ESM, file), 'utf8').replace(MANUAL, '');
    wanted.set(file, text);
    for (const [, , path] of text.matchAll(RELATIVE)) want(join(dirname(file), `${path}.d.ts`));
  };
  for (const { declarations } of entries) want(declarations);
  return wanted;
}

/**
 * Writes the declarations for CommonJS. ES modules may import them, so the shared entries lead there.
 * Any other entry has its folder's declarations again, in which the same imports mean the types that
 * Apollo Client or urql has for ES modules.
 */
function writeDeclarations(wanted) {
  for (const [file, text] of wanted) write(CJS, file, text);
  for (const { declarations: entry } of entries) {
    const folder = dirname(entry);
    const toCjs = folder === '.' ? '../cjs' : '../../cjs';
    const path = `${toCjs}/${entry.replace('.d.ts', '.js')}`;
    if (SHARED.includes(entry)) write(ESM, entry, `export * from '${path}';\n`);
    else
      for (const [file, text] of wanted) {
        if (dirname(file) !== folder) continue;
        const declared = text.replaceAll(RELATIVE, (whole, before, to) =>
          to.startsWith('../') ? `${before}${toCjs}${to.slice(2)}.js` : whole,
        );
        write(ESM, file, declared);
      }
  }
}

const files = bundled();
const declarations = wantedDeclarations();
for (const folder of [ESM, CJS]) rmSync(folder, { recursive: true, force: true });
writeCode(files);
writeDeclarations(declarations);
// The package itself names no type, so Node has to be told which of the two are ES modules.
write(ESM, 'package.json', JSON.stringify({ type: 'module' }));
write(CJS, 'package.json', JSON.stringify({ type: 'commonjs' }));
