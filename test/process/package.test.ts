import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';

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
      `@parley/client: ${(size / 1000).toFixed(1)} KB in ${files.length} files\n`,
    );
    expect(size).toBeLessThan(60_000);
  });

  test('brings an application only the documents that it uses', () => {
    const contents = `import { createParleyClient } from '@parley/client';
      import { MeDocument } from '@parley/client/documents';
      console.log(createParleyClient, MeDocument);`;
    const { outputFiles } = buildSync({
      stdin: { contents, resolveDir: join(ROOT, 'client') },
      external: ['graphql', 'graphql-ws'],
      bundle: true,
      write: false,
      format: 'esm',
      tsconfigRaw: {},
    });
    expect(outputFiles[0]!.text).toContain('query Me');
    expect(outputFiles[0]!.text).not.toContain('query Conversations');
  });

  test('leads its readers only to what they have', () => {
    const { files } = packed('client');
    for (const file of files.filter((path) => path.endsWith('.md'))) {
      const text = readFileSync(join(ROOT, 'client', file), 'utf8');
      const links = [...text.matchAll(/\]\(([^)#]+)[^)]*\)|^\[[^\]]+\]: *(\S+)/gm)];
      const targets = links.map(([, inline, named]) => (inline ?? named)!);
      const local = targets.filter((target) => !/^https?:/.test(target));
      const there = local.filter((target) => files.includes(join(dirname(file), target)));
      expect([file, local]).toEqual([file, there]);
    }
  });

  test('has the same exports as ES modules and as CommonJS', async () => {
    const { exports } = JSON.parse(readFileSync(join(ROOT, 'client/package.json'), 'utf8'));
    const entries = Object.keys(exports).filter((name) => exports[name].import);
    expect(entries.length).toBeGreaterThan(4);
    const program = `import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      const names = [];
      for (const entry of ${JSON.stringify(entries)}) {
        const name = '@parley/client' + entry.slice(1);
        const [module, common] = [await import(name), require(name)];
        names.push([entry, Object.keys(module).sort(), Object.keys(common).sort()]);
        // Node finds the names of CommonJS by reading it.
        const read = await import(require.resolve(name));
        for (const key of Object.keys(common)) if (!(key in read)) throw new Error(key);
      }
      console.log(JSON.stringify(names));`;
    const json = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: __dirname,
      encoding: 'utf8',
    });
    for (const [entry, module, common] of JSON.parse(json) as [string, string[], string[]][]) {
      expect([entry, module]).toEqual([entry, common]);
      expect(module.length).toBeGreaterThan(1);
    }
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
