// The edits of a release: versions and the changelog, as texts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const WORKSPACES = ['client', 'web'];
const MANIFEST = 'deploy/kubernetes/deployment.yaml';
const HEADING = '## Unreleased\n';

/** Returns the version after `current`: `wanted` itself, or the next major, minor or patch. */
export function nextVersion(current, wanted) {
  if (/^\d+\.\d+\.\d+$/.test(wanted)) {
    if (compare(wanted, current) < 0) throw new Error(`${wanted} is older than ${current}`);
    return wanted;
  }
  const at = ['major', 'minor', 'patch'].indexOf(wanted);
  if (at === -1) throw new Error(`${wanted} is no version, and neither major, minor nor patch`);
  const numbers = current.split('.').map(Number);
  return numbers
    .map((number, index) => (index < at ? number : index === at ? number + 1 : 0))
    .join('.');
}

function compare(one, other) {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number));
  const at = a.findIndex((number, index) => number !== b[index]);
  return at === -1 ? 0 : a[at] - b[at];
}

/** Returns what is under Unreleased in a changelog; empty when nothing is. */
export function unreleasedIn(changelog) {
  const start = changelog.indexOf(HEADING);
  if (start === -1) throw new Error('CHANGELOG.md has no section "Unreleased"');
  const rest = changelog.slice(start + HEADING.length);
  const end = rest.search(/^## /m);
  return (end === -1 ? rest : rest.slice(0, end)).trim();
}

/** Returns the new text of each file that a release changes, by its path. */
export function editsOf(root, version, date) {
  const textOf = (path) => readFileSync(join(root, path), 'utf8');
  const edits = new Map();
  const changelog = textOf('CHANGELOG.md');
  if (unreleasedIn(changelog) === '')
    throw new Error('CHANGELOG.md has nothing under "Unreleased"');
  edits.set('CHANGELOG.md', changelog.replace(HEADING, `${HEADING}\n## ${version} (${date})\n`));
  for (const folder of ['', ...WORKSPACES]) {
    const path = join(folder, 'package.json');
    edits.set(path, textOf(path).replace(/^( {2}"version": )"[^"]+"/m, `$1"${version}"`));
  }
  const lock = JSON.parse(textOf('package-lock.json'));
  lock.version = version;
  for (const folder of ['', ...WORKSPACES]) lock.packages[folder].version = version;
  edits.set('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
  edits.set(MANIFEST, textOf(MANIFEST).replace(/(image: \S+:)\S+/, `$1${version}`));
  return edits;
}
