/** Tells Node which of the two builds are ES modules: the package itself names no type. */
import { writeFileSync } from 'node:fs';

for (const [folder, type] of [
  ['esm', 'module'],
  ['cjs', 'commonjs'],
])
  writeFileSync(
    new URL(`../dist/${folder}/package.json`, import.meta.url),
    JSON.stringify({ type }),
  );
