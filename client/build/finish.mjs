// Makes the package of what the compiler wrote. An application downloads it whole, so it has to be
// small: no declaration is in it twice, and the code has no comments, which the declarations have.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

const CLIENT = fileURLToPath(new URL('..', import.meta.url));
const ESM = join(CLIENT, 'dist/esm');
const CJS = join(CLIENT, 'dist/cjs');
/** The entries that name no types of a package which has others for each kind of module. */
const SHARED = ['index.d.ts', 'generated/graphql.d.ts'];
const RELATIVE = /(from '|import\(")(\.{1,2}\/[^'"]+)\.js(?=['"])/g;

const { exports } = JSON.parse(readFileSync(join(CLIENT, 'package.json'), 'utf8'));
const entries = Object.values(exports)
  .map(({ require }) => require?.types.replace('./dist/cjs/', ''))
  .filter(Boolean);

const filesIn = (folder, ending) =>
  readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(ending));

/** Removes the files of sources that there are no more. */
function removeLeftovers(folder) {
  for (const file of filesIn(folder, '.js'))
    if (!existsSync(join(CLIENT, 'src', file.replace(/\.js$/, '.ts')))) rmSync(join(folder, file));
}

/** Lines stay short, so that a stack trace names a place. */
function shrinkCode(folder) {
  const options = { target: 'es2022', minifyWhitespace: true };
  for (const file of filesIn(folder, '.js')) {
    const path = join(folder, file);
    writeFileSync(path, transformSync(readFileSync(path, 'utf8'), options).code);
  }
}

/** Keeps the declarations to which an entry leads. They are those of CommonJS. */
function dropDeclarations() {
  const wanted = new Set();
  const want = (file) => {
    if (wanted.has(file)) return;
    wanted.add(file);
    for (const [, , path] of readFileSync(join(CJS, file), 'utf8').matchAll(RELATIVE))
      want(join(dirname(file), `${path}.d.ts`));
  };
  for (const entry of entries) want(entry);
  for (const file of filesIn(CJS, '.d.ts')) if (!wanted.has(file)) rmSync(join(CJS, file));
  for (const file of filesIn(ESM, '.d.ts')) rmSync(join(ESM, file));
  return wanted;
}

/**
 * Declares the ES modules. They may import declarations of CommonJS, so the shared entries lead
 * there. Any other entry has its folder's declarations again, in which the same imports mean the
 * types that Apollo Client or urql has for ES modules.
 */
function declareModules(wanted) {
  for (const entry of entries) {
    const folder = dirname(entry);
    const toCjs = folder === '.' ? '../cjs' : '../../cjs';
    if (SHARED.includes(entry)) {
      const path = `${toCjs}/${entry.replace('.d.ts', '.js')}`;
      writeFileSync(join(ESM, entry), `export * from '${path}';\n`);
    } else
      for (const file of [...wanted].filter((one) => dirname(one) === folder)) {
        const text = readFileSync(join(CJS, file), 'utf8');
        const declared = text.replaceAll(RELATIVE, (whole, before, path) =>
          path.startsWith('../') ? `${before}${toCjs}${path.slice(2)}.js` : whole,
        );
        writeFileSync(join(ESM, file), declared);
      }
  }
}

for (const folder of [ESM, CJS]) {
  removeLeftovers(folder);
  shrinkCode(folder);
  // The package itself names no type, so Node has to be told which of the two are ES modules.
  const type = folder === ESM ? 'module' : 'commonjs';
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
}
declareModules(dropDeclarations());
