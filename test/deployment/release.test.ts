import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../support/compose';

/** The files that name the version, and how. */
const NAMED: Record<string, RegExp> = {
  'package.json': /"version": "(.*)"/,
  'client/package.json': /"version": "(.*)"/,
  'web/package.json': /"version": "(.*)"/,
  'package-lock.json': /"version": "(.*)"/,
  'deploy/kubernetes/deployment.yaml': /image: \S+:(\S+)/,
};

function versionsIn(folder: string): string[] {
  const textOf = (file: string) => readFileSync(join(folder, file), 'utf8');
  return Object.entries(NAMED).map(([file, pattern]) => pattern.exec(textOf(file))![1]!);
}

test('all that names the version names the same one', () => {
  expect(new Set(versionsIn(ROOT)).size).toBe(1);
});

describe('npm run release', () => {
  let clone: string;

  beforeEach(() => {
    clone = mkdtempSync(join(tmpdir(), 'parley-release-test-'));
    const identity = ['-c', 'user.name=A tester', '-c', 'user.email=tester@example.com'];
    // The files as they are, and not as they were committed.
    const files = execFileSync(
      'git',
      ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
      {
        cwd: ROOT,
        encoding: 'utf8',
      },
    );
    execFileSync('cp', ['--parents', '-t', clone, ...files.split('\0').filter(isKept)], {
      cwd: ROOT,
    });
    for (const args of [
      ['init', '-q'],
      ['add', '-A'],
      [...identity, 'commit', '-qm', 'All.'],
    ])
      git(...args);
    git('config', 'user.name', 'A tester');
    git('config', 'user.email', 'tester@example.com');
    const changelog = join(clone, 'CHANGELOG.md');
    writeFileSync(
      changelog,
      '# Changelog\n\n## Unreleased\n\n- A change.\n\n## 0.0.9 (2020-01-01)\n',
    );
    git('commit', '-qam', 'Its changelog.');
  });
  afterEach(() => rmSync(clone, { recursive: true, force: true }));

  const isKept = (file: string) =>
    file in NAMED || /^tools\/|^CHANGELOG.md$|^\.gitignore$/.test(file);
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: clone, encoding: 'utf8', stdio: 'pipe' }).trim();
  const release = (...args: string[]) =>
    execFileSync(process.execPath, ['tools/release.mjs', '--without-trial', ...args], {
      cwd: clone,
      encoding: 'utf8',
      stdio: 'pipe',
    });

  test('moves the changelog, sets all versions, commits and tags', () => {
    release('7.8.9');
    expect(versionsIn(clone)).toEqual(Object.keys(NAMED).map(() => '7.8.9'));
    const { packages } = JSON.parse(readFileSync(join(clone, 'package-lock.json'), 'utf8'));
    expect([packages[''], packages.client, packages.web].map(({ version }) => version)).toEqual([
      '7.8.9',
      '7.8.9',
      '7.8.9',
    ]);
    const today = new Date().toISOString().slice(0, 10);
    expect(readFileSync(join(clone, 'CHANGELOG.md'), 'utf8')).toBe(
      `# Changelog\n\n## Unreleased\n\n## 7.8.9 (${today})\n\n- A change.\n\n## 0.0.9 (2020-01-01)\n`,
    );
    expect(git('status', '--porcelain')).toBe('');
    expect(git('log', '-1', '--format=%s')).toBe('release: Version 7.8.9.');
    expect(git('rev-list', '-1', 'v7.8.9')).toBe(git('rev-parse', 'HEAD'));
    expect(() => release('7.9.0')).toThrow('nothing under "Unreleased"');
  });

  test('counts on by itself, and changes nothing with --dry-run', () => {
    const head = git('rev-parse', 'HEAD');
    const [version] = versionsIn(clone);
    const [major, minor, patch] = version!.split('.').map(Number) as [number, number, number];
    expect(release('--dry-run')).toContain(`→ ${major}.${minor}.${patch + 1}:`);
    expect(release('minor', '--dry-run')).toContain(`→ ${major}.${minor + 1}.0:`);
    expect(release('major', '--dry-run')).toContain(`→ ${major + 1}.0.0:`);
    expect(git('status', '--porcelain')).toBe('');
    expect([git('rev-parse', 'HEAD'), git('tag')]).toEqual([head, '']);
  });

  test('refuses a tree that is not clean, a version that is older, and a tag that exists', () => {
    expect(() => release('0.0.1')).toThrow('is older than');
    expect(() => release('soon')).toThrow('is no version');
    git('tag', 'v9.9.9');
    expect(() => release('9.9.9')).toThrow('the tag v9.9.9 exists');
    writeFileSync(join(clone, 'new.txt'), '');
    expect(() => release()).toThrow('the work tree is not clean');
  });
});
