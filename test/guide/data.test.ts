import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadConfig } from '../../src/config';
import { installProgram } from '../support/debian';
import { type Snippet, snippetsOf } from '../support/snippets';
import { GUIDE } from './pages';

const ROOT = resolve(__dirname, '../..');
const ALL = GUIDE.flatMap(snippetsOf);
const placeOf = ({ file, line }: Snippet) => `${file}:${line}`;
const of = (language: string) =>
  ALL.filter((one) => one.language === language).map((one) => [placeOf(one), one.text] as const);

/** Each is run by a test: these by this file, the others by files of their own. */
const LANGUAGES = ['env', 'graphql', 'haproxy', 'json', 'sh', 'ts', 'yaml'];

test('each snippet is in a language that a test runs', () => {
  const strange = ALL.filter(({ language }) => !LANGUAGES.includes(language));
  expect(strange.map(placeOf)).toEqual([]);
});

test.each(of('json'))('%s is JSON', (_place, text) => {
  expect(JSON.parse(text)).toEqual(expect.any(Object));
});

test.each(of('env'))('%s is a valid set of settings', (_place, text) => {
  const lines = text.split('\n').filter((line) => /^[A-Z]/.test(line));
  const env = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
  const others = { DATABASE_URL: 'postgres://localhost/parley', NODE_ENV: 'production' };
  expect(loadConfig({ ...others, ...env })).toEqual(expect.any(Object));
});

test.each(of('yaml'))('%s generates types that compile', (_place, text) => {
  const cache = join(ROOT, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'parley-codegen-'));
  mkdirSync(join(folder, 'src'));
  copyFileSync(join(ROOT, 'schema.graphql'), join(folder, 'schema.graphql'));
  const pages = ALL.filter(
    ({ file, language }) => /frontends/.test(file) && language === 'graphql',
  );
  writeFileSync(join(folder, 'src/all.graphql'), pages.map((one) => one.text).join('\n'));
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

test.each(of('haproxy'))(
  '%s is what HAProxy accepts',
  (_place, text) => {
    try {
      installProgram('haproxy');
    } catch (error) {
      process.stderr.write(`not run: ${(error as Error).message}\n`);
      return;
    }
    const folder = mkdtempSync(join(tmpdir(), 'parley-haproxy-'));
    const file = join(folder, 'haproxy.cfg');
    writeFileSync(file, text);
    execFileSync('haproxy', ['-c', '-f', file], { stdio: 'pipe' });
    rmSync(folder, { recursive: true });
  },
  240_000,
);
