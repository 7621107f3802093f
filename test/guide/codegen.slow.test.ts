import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { snippetsOf } from '../support/snippets';
import { GUIDE } from './pages';

const ROOT = resolve(__dirname, '../..');
/** The page whose operations the types are made for. */
const FRONTENDS = 'docs/guide/frontends.md';

const configurations = GUIDE.flatMap(snippetsOf).filter(({ language }) => language === 'yaml');

test.each(configurations)('$file:$line generates types that compile', ({ text }) => {
  const cache = join(ROOT, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'parley-codegen-'));
  mkdirSync(join(folder, 'src'));
  copyFileSync(join(ROOT, 'schema.graphql'), join(folder, 'schema.graphql'));
  const documents = snippetsOf(FRONTENDS).filter(({ language }) => language === 'graphql');
  writeFileSync(join(folder, 'src/all.graphql'), documents.map((one) => one.text).join('\n'));
  writeFileSync(join(folder, 'codegen.yml'), text);
  const run = (program: string, ...args: string[]) =>
    execFileSync(process.execPath, [join(ROOT, 'node_modules', program), ...args], {
      cwd: folder,
      stdio: 'pipe',
    });
  run('@graphql-codegen/cli/cjs/bin.js', '--config', 'codegen.yml');
  const options = ['--module', 'esnext', '--moduleResolution', 'bundler', '--skipLibCheck'];
  const strict = ['--strict', '--verbatimModuleSyntax', '--noEmit', '--ignoreConfig'];
  run('typescript/bin/tsc', ...options, ...strict, 'src/gql/graphql.ts');
  const types = readFileSync(join(folder, 'src/gql/graphql.ts'), 'utf8');
  expect(types).toMatch(/^import type /m);
  expect(types).toMatch(/DateTime: \{ input: string; output: string; \}/);
  rmSync(folder, { recursive: true });
});
