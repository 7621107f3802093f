// Tests a rolling upgrade: nodes of an earlier commit and of this one serve together, on a database
// that this one has migrated.
// usage: npm run test:upgrade -- COMMIT
//
// The commit is checked out and built in a work tree of its own, which is removed. The test itself is
// test/deployment/upgrade.foreign.ts.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [commit] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'parley-upgrade-'));
const tree = join(folder, 'tree');
const run = (command, args, cwd = process.cwd()) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

/** Returns jest's exit code. */
function test() {
  run('git', ['worktree', 'add', '--detach', '--quiet', tree, commit]);
  run('npm', ['ci', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel', 'error'], tree);
  run('npm', ['run', '--silent', 'build'], tree);
  run('npm', ['run', '--silent', 'build']);
  const env = { ...process.env, PARLEY_UPGRADE_FROM: join(tree, 'dist/main.js') };
  const jest = ['jest', '--runInBand', '--testMatch', '**/test/deployment/upgrade.foreign.ts'];
  return spawnSync('npx', jest, { env, stdio: 'inherit' }).status ?? 1;
}

if (commit === undefined) {
  process.stderr.write('usage: npm run test:upgrade -- COMMIT\n');
  process.exitCode = 2;
} else
  try {
    process.exitCode = test();
  } finally {
    spawnSync('git', ['worktree', 'remove', '--force', tree]);
    rmSync(folder, { recursive: true, force: true });
  }
