// Packs both packages, and tries them in an empty project.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CHECK = join(dirname(fileURLToPath(import.meta.url)), 'check.mjs');
const QUIET = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel', 'error'];
const START_TIMEOUT_MS = 120_000;

/** Packs the packages of a clean work tree. Returns the paths of the files, in `folder`. */
export function pack(tree, folder) {
  run('npm', ['ci', ...QUIET], tree);
  for (const where of ['.', 'client'])
    run('npm', ['pack', '--loglevel', 'error', '--pack-destination', folder], join(tree, where));
  return readdirSync(folder)
    .filter((name) => name.endsWith('.tgz'))
    .map((name) => join(folder, name));
}

/**
 * Installs the packages into an empty project, starts the server from there with a database of its
 * own, and lets a client of the other package talk to it. Throws at the first thing that fails.
 */
export async function tryPackages(tarballs, tree, folder) {
  const project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  run('npm', ['install', ...QUIET, ...tarballs, ...peersOf(tree)], project);
  cpSync(CHECK, join(project, 'check.mjs'));
  const main = join(project, 'node_modules/parley/dist/main.js');
  if (!existsSync(main)) throw new Error('the package of the server has no dist/main.js');
  const server = spawn(process.execPath, [main], {
    cwd: project,
    env: { PATH: process.env.PATH, PORT: '0', DATA_DIR: join(folder, 'data') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => server.once('exit', resolve));
  try {
    const { url, tokens } = await ready(server);
    run(process.execPath, ['check.mjs', url, tokens.alice, tokens.bob], project);
  } finally {
    server.kill('SIGTERM');
    await exited;
  }
}

/** The packages that a frontend installs next to the client, in the versions of this repository. */
function peersOf(tree) {
  return ['graphql', 'graphql-ws', 'ws'].map(
    (name) =>
      `${name}@${run('node', ['-p', `require('${name}/package.json').version`], tree).trim()}`,
  );
}

async function ready(server) {
  let output = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready: ${output}`)), START_TIMEOUT_MS);
    server.once('exit', (code) => reject(new Error(`ended with ${code}: ${output}`)));
    server.stdout.on('data', (chunk) => {
      output += chunk;
      const line = output.split('\n').find((one) => one.includes('"msg":"ready"'));
      if (line === undefined || !line.endsWith('}')) return;
      clearTimeout(timer);
      const tokens = [...output.matchAll(/^ {2}(alice|bob) +(\S+)$/gm)].map(([, id, token]) => [
        id,
        token,
      ]);
      resolve({ url: JSON.parse(line).url, tokens: Object.fromEntries(tokens) });
    });
  });
}

export function run(command, args, cwd) {
  try {
    return execFileSync(command, args, {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const said = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim();
    throw new Error(`${command} ${args[0]}: ${said || error.message}`);
  }
}
