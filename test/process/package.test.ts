import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

test('the package holds every file of SQL that its migrations read, and no source', () => {
  const migrations = readdirSync(join(ROOT, 'src/database/migrations'), { recursive: true }).map(
    String,
  );
  const sql = migrations.filter((file) => file.endsWith('.sql'));
  expect(sql.length).toBeGreaterThan(10);

  // Without the scripts: the tests' own build lies in dist, and others use it at this moment.
  const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const [{ files }] = JSON.parse(listed) as [{ files: { path: string }[] }];
  const packed = files.map(({ path }) => path);
  expect(packed).toEqual(
    expect.arrayContaining(sql.map((file) => `dist/database/migrations/${file}`)),
  );
  expect(packed.filter((path) => /^(src|test|bench)\//.test(path))).toEqual([]);
});
