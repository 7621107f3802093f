// Builds the parts of this repository: the server, the demo (web) and GraphiQL into dist, the client
// into client/dist.
// usage: node tools/build.mjs [--stale] [server|client|web|graphiql]…
//
// Without names it builds all parts. With `--stale` it leaves out those that are up to date: the
// contents of their sources and the installed packages are those of their last build, and no file
// that it wrote is missing or has another size. Times of files do not count, so this also holds
// after a checkout. A note of each build lies in node_modules/.cache/parley.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const NOTES = join(ROOT, 'node_modules', '.cache', 'parley');
/** Files may be dated by a coarser clock than the one of this program. */
const CLOCK_TOLERANCE_MS = 100;
/** Every part depends on them. The first one says which packages are installed. */
const COMMON = ['node_modules/.package-lock.json', 'tsconfig.json', 'tools/build.mjs'];
const CLIENT = ['client/src', 'client/build', 'client/tsconfig.json', 'client/tsconfig.cjs.json'];
const WEB = ['web/src', 'web/index.html', 'web/tsconfig.json', 'web/vite.config.mjs'];

/** A part comes after the parts whose output it needs. */
const PARTS = {
  server: {
    sources: ['src', 'tsconfig.build.json'],
    output: 'dist',
    isOutput: (path) => !path.startsWith('dist/web/') && !path.startsWith('dist/graphiql/'),
    async build() {
      await run('node', [
        join('node_modules', 'typescript', 'bin', 'tsc'),
        '-p',
        'tsconfig.build.json',
      ]);
      for (const path of filesBelow('src').filter((file) => file.endsWith('.sql')))
        cpSync(join(ROOT, path), join(ROOT, 'dist', relative('src', path)));
    },
  },
  client: {
    sources: [...CLIENT, 'client/package.json'],
    output: 'client/dist',
    isOutput: () => true,
    build: () => run('npm', ['run', '--silent', 'build', '--workspace', 'client']),
  },
  web: {
    sources: [...WEB, 'web/package.json', 'client/src'],
    output: 'dist/web',
    isOutput: () => true,
    build: () => run('npm', ['run', '--silent', 'build', '--workspace', 'web']),
  },
  graphiql: {
    sources: ['web/graphiql', 'web/package.json', 'schema.graphql'],
    output: 'dist/graphiql',
    isOutput: () => true,
    build: () => run('npm', ['run', '--silent', 'build:graphiql', '--workspace', 'web']),
  },
};

async function run(command, args) {
  const child = spawn(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed`);
}

/** Returns the files at or below a path, relative to the root and with slashes; none if it is missing. */
function filesBelow(path) {
  const found = statSync(join(ROOT, path), { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found ? [path] : [];
  return readdirSync(join(ROOT, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

function digestOf(part) {
  const digest = createHash('sha256');
  for (const path of [...COMMON, ...part.sources].flatMap(filesBelow)) {
    const content = readFileSync(join(ROOT, path));
    digest.update(`${path} ${content.length}\n`).update(content);
  }
  return digest.digest('hex');
}

/** Returns what the part has written, with sizes. */
function outputsOf(part) {
  return Object.fromEntries(
    filesBelow(part.output)
      .filter(part.isOutput)
      .map((path) => [path, statSync(join(ROOT, path)).size]),
  );
}

function isFresh(name, digest) {
  let note;
  try {
    note = JSON.parse(readFileSync(join(NOTES, `${name}.json`), 'utf8'));
  } catch {
    return false;
  }
  const sizeOf = (path) => statSync(join(ROOT, path), { throwIfNoEntry: false })?.size;
  return (
    note.digest === digest &&
    Object.entries(note.outputs).every(([path, size]) => sizeOf(path) === size)
  );
}

/** Builds in place, so that a node that runs from there goes on, and removes what sources are gone for. */
async function build(name, digest) {
  const part = PARTS[name];
  const note = join(NOTES, `${name}.json`);
  rmSync(note, { force: true });
  const startMs = Date.now() - CLOCK_TOLERANCE_MS;
  await part.build();
  for (const path of Object.keys(outputsOf(part)))
    if (statSync(join(ROOT, path)).mtimeMs < startMs) rmSync(join(ROOT, path));
  mkdirSync(NOTES, { recursive: true });
  writeFileSync(note, JSON.stringify({ digest, outputs: outputsOf(part) }));
}

const { values, positionals } = parseArgs({
  options: { stale: { type: 'boolean' } },
  allowPositionals: true,
});
const unknown = positionals.find((name) => !Object.hasOwn(PARTS, name));
if (unknown !== undefined) {
  process.stderr.write('usage: node tools/build.mjs [--stale] [server|client|web|graphiql]…\n');
  process.exit(2);
}
const wanted = positionals.length > 0 ? positionals : Object.keys(PARTS);
try {
  for (const name of Object.keys(PARTS).filter((one) => wanted.includes(one))) {
    // Of the sources as they are before the build: a change during it makes the part stale again.
    const digest = digestOf(PARTS[name]);
    if (!values.stale || !isFresh(name, digest)) await build(name, digest);
  }
} catch (error) {
  process.stderr.write(`build: ${error.message}\n`);
  process.exit(1);
}
