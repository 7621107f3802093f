// Makes the package of what the compiler wrote: ES modules with their declarations. An application
// downloads the package whole, so it has to be small: the code has no comments, which the
// declarations have, and no declaration is in it twice.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
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
const entries = Object.values(exports)
  .map(({ require }) => require?.types.replace('./dist/cjs/', ''))
  .filter(Boolean);

const filesIn = (folder, ending) =>
  readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(ending));

function write(folder, file, text) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

/** Makes the code of both kinds. npm packs the two of a name together, where they cost little. */
function writeCode() {
  const options = { target: 'es2022', format: 'esm', minifyWhitespace: true, minifySyntax: true };
  for (const file of filesIn(ESM, '.js')) {
    const source = join(CLIENT, 'src', file.replace(/\.js$/, '.ts'));
    if (!existsSync(source) && !existsSync(`${source}x`)) {
      // There is no such source any more.
      rmSync(join(ESM, file));
      rmSync(join(CJS, file), { force: true });
      continue;
    }
    const { code } = transformSync(readFileSync(join(ESM, file), 'utf8'), options);
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
  for (const entry of entries) want(entry);
  return wanted;
}

/**
 * Writes the declarations for CommonJS. ES modules may import them, so the shared entries lead there.
 * Any other entry has its folder's declarations again, in which the same imports mean the types that
 * Apollo Client or urql has for ES modules.
 */
function writeDeclarations() {
  const wanted = wantedDeclarations();
  for (const folder of [ESM, CJS])
    for (const file of filesIn(folder, '.d.ts')) rmSync(join(folder, file));
  for (const [file, text] of wanted) write(CJS, file, text);
  for (const entry of entries) {
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

writeCode();
writeDeclarations();
// The package itself names no type, so Node has to be told which of the two are ES modules.
write(ESM, 'package.json', JSON.stringify({ type: 'module' }));
write(CJS, 'package.json', JSON.stringify({ type: 'commonjs' }));
