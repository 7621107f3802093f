// Makes a release: the changelog, the versions, both packages tried in an empty project, a commit and
// a tag. It never pushes and never publishes.
// usage: npm run release -- [VERSION | major | minor | patch] [--dry-run] [--without-trial]
//
// Without a version it is the next patch. Everything is built and tried in a work tree of its own, so
// the present one is changed only when all has passed, and with --dry-run not at all.
// --without-trial leaves the packages out, for the tests of this tool.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { editsOf, nextVersion } from './release/edits.mjs';
import { pack, run, tryPackages } from './release/trial.mjs';

const root = process.cwd();
const git = (...args) => run('git', args, root).trim();
const say = (text) => process.stdout.write(`${text}\n`);

async function release() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'dry-run': { type: 'boolean', default: false },
      'without-trial': { type: 'boolean', default: false },
    },
  });
  const [wanted = 'patch'] = positionals;
  const changed = git('status', '--porcelain');
  if (changed !== '') throw new Error(`the work tree is not clean:\n${changed}`);
  const { version: current } = JSON.parse(git('show', 'HEAD:package.json'));
  const version = nextVersion(current, wanted);
  const tag = `v${version}`;
  if (git('tag', '--list', tag) !== '') throw new Error(`the tag ${tag} exists`);
  const edits = editsOf(root, version, new Date().toISOString().slice(0, 10));
  say(`${current} → ${version}: ${[...edits.keys()].join(', ')}`);
  if (!values['without-trial']) await trial(edits);
  if (values['dry-run']) return say('nothing was changed (--dry-run)');
  write(root, edits);
  git('commit', '--all', '--quiet', '--message', `release: Version ${version}.`);
  git('tag', '--annotate', tag, '--message', `Version ${version}`);
  say(`committed and tagged as ${tag}; git push --follow-tags publishes it`);
}

/** Packs and tries the release in a work tree of its own, which is removed. */
async function trial(edits) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-release-'));
  const tree = join(folder, 'tree');
  try {
    git('worktree', 'add', '--detach', '--quiet', tree);
    write(tree, edits);
    const tarballs = pack(tree, folder);
    say(`packed: ${tarballs.map((path) => basename(path)).join(', ')}`);
    await tryPackages(tarballs, tree, folder);
    say('tried in an empty project: the server starts, and a message reaches its client');
  } finally {
    run('git', ['worktree', 'remove', '--force', tree], root);
    rmSync(folder, { recursive: true, force: true });
  }
}

function write(folder, edits) {
  for (const [path, text] of edits) writeFileSync(join(folder, path), text);
}

release().catch((error) => {
  process.stderr.write(`release: ${error.message}\n`);
  process.exitCode = 1;
});
