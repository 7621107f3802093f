import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** What npm would pack of the package in a folder. */
function packed(folder: string): { files: string[]; size: number } {
  // Without the scripts: the tests' own build lies in dist, and others use it at this moment.
  const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: join(ROOT, folder),
    encoding: 'utf8',
  });
  const [{ files, size }] = JSON.parse(listed) as [{ files: { path: string }[]; size: number }];
  return { files: files.map(({ path }) => path), size };
}

test('the package holds every file of SQL that its migrations read, and no source', () => {
  const migrations = readdirSync(join(ROOT, 'src/database/migrations'), { recursive: true }).map(
    String,
  );
  const sql = migrations.filter((file) => file.endsWith('.sql'));
  expect(sql.length).toBeGreaterThan(10);

  const { files } = packed('.');
  expect(files).toEqual(
    expect.arrayContaining(sql.map((file) => `dist/database/migrations/${file}`)),
  );
  expect(files.filter((path) => /^(src|test|bench)\//.test(path))).toEqual([]);
});

describe('the package for frontends', () => {
  test('holds each file that it exports', () => {
    const { exports, bin } = JSON.parse(readFileSync(join(ROOT, 'client/package.json'), 'utf8'));
    const paths = JSON.stringify(exports).match(/(?<=:")\.\/[^"]+/g)!;
    expect(paths.length).toBeGreaterThan(8);
    const { files } = packed('client');
    expect(files).toEqual(expect.arrayContaining(paths.map((path) => path.slice('./'.length))));
    expect(files).toContain(bin['parley-manifest']);
  });

  test('is below 60 KB', () => {
    const { size, files } = packed('client');
    process.stdout.write(
      `@parley/client: ${(size / 1024).toFixed(1)} KB in ${files.length} files\n`,
    );
    expect(size).toBeLessThan(60 * 1024);
  });

  test('declares nothing that is not there', () => {
    const { files } = packed('client');
    const declarations = files.filter((file) => file.endsWith('.d.ts'));
    expect(declarations.length).toBeGreaterThan(20);
    for (const file of declarations) {
      const text = readFileSync(join(ROOT, 'client', file), 'utf8');
      for (const [path] of text.matchAll(/(?<=from '|import\(")\.[^'"]+(?=\.js['"])/g))
        expect([file, files]).toEqual([
          file,
          expect.arrayContaining([`${join(dirname(file), path)}.d.ts`]),
        ]);
    }
  });

  test('writes the manifest of its documents', () => {
    const command = join(ROOT, 'client/bin/manifest.cjs');
    const json = execFileSync(process.execPath, [command], { cwd: ROOT, encoding: 'utf8' });
    expect(json).toBe(readFileSync(join(ROOT, 'client/manifest.json'), 'utf8'));
  });
});
