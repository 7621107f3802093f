import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** The files that npm would pack of the package in a folder. */
function packedFiles(folder: string): string[] {
  // Without the scripts: the tests' own build lies in dist, and others use it at this moment.
  const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: join(ROOT, folder),
    encoding: 'utf8',
  });
  const [{ files }] = JSON.parse(listed) as [{ files: { path: string }[] }];
  return files.map(({ path }) => path);
}

test('the package holds every file of SQL that its migrations read, and no source', () => {
  const migrations = readdirSync(join(ROOT, 'src/database/migrations'), { recursive: true }).map(
    String,
  );
  const sql = migrations.filter((file) => file.endsWith('.sql'));
  expect(sql.length).toBeGreaterThan(10);

  const packed = packedFiles('.');
  expect(packed).toEqual(
    expect.arrayContaining(sql.map((file) => `dist/database/migrations/${file}`)),
  );
  expect(packed.filter((path) => /^(src|test|bench)\//.test(path))).toEqual([]);
});

test('the package for frontends holds each file that it exports', () => {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'client/package.json'), 'utf8'));
  const paths = JSON.stringify(exports).match(/(?<=:")\.\/[^"]+/g)!;
  expect(paths).toContain('./manifest.json');
  expect(paths.length).toBeGreaterThan(8);
  const packed = packedFiles('client');
  expect(packed).toEqual(expect.arrayContaining(paths.map((path) => path.slice('./'.length))));
  const { operations } = require('@parley/client/manifest.json') as { operations: unknown[] };
  expect(operations.length).toBeGreaterThan(100);
});
