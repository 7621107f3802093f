// npm run dev: runs Parley from dist, and restarts it at every change of a source file.
// usage: node tools/dev.mjs [OPTION OF NODE]…, e.g. --inspect
//
// A file that changed is compiled by itself, without a look at its types, so that the new node runs
// soon. Meanwhile the compiler looks at the types of all, and says what is wrong. What is in dist
// afterwards is not what a build makes, so the next command builds it anew.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const SRC = join(ROOT, 'src');
const DIST = join(ROOT, 'dist');
const BUILD_NOTE = join(ROOT, 'node_modules', '.cache', 'parley', 'server.json');
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
/** An editor writes a file in several steps, and a checkout many files. */
const SETTLE_MS = 50;
const PARENT_CHECK_INTERVAL_MS = 500;
const OPTIONS = {
  cwd: ROOT,
  sourceMaps: true,
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
  module: { type: 'commonjs', ignoreDynamic: true },
};

const say = (text) => process.stdout.write(`dev: ${text}\n`);

async function compile(file) {
  const source = join(SRC, file);
  const target = join(DIST, file.replace(/\.ts$/, '.js'));
  if (!existsSync(source)) return rmSync(target, { force: true });
  mkdirSync(dirname(target), { recursive: true });
  if (file.endsWith('.sql')) return copyFileSync(source, target);
  const { code, map } = await transformFile(source, OPTIONS);
  writeFileSync(target, code);
  writeFileSync(`${target}.map`, map);
}

let node = null;
let isEnding = false;

function startNode() {
  const args = ['--enable-source-maps', ...process.argv.slice(2), 'dist/main.js'];
  // In a group of its own: of two signals, one by Ctrl-C and one by this program, the second would
  // end it before its database.
  node = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit', detached: true });
  const started = node;
  started.once('exit', (code) => {
    if (node !== started) return;
    node = null;
    if (!isEnding) say(`the node ended with ${code}, and starts again at the next change`);
  });
}

async function stopNode() {
  const stopping = node;
  if (stopping === null) return;
  stopping.kill('SIGTERM');
  await once(stopping, 'exit');
}

const changed = new Set();
let isFollowing = false;

/** Compiles what has changed and restarts the node, again and again until nothing is left to do. */
async function follow() {
  isFollowing = true;
  while (changed.size > 0 && !isEnding) {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const files = [...changed];
    changed.clear();
    rmSync(BUILD_NOTE, { force: true });
    try {
      await Promise.all([...files.map(compile), stopNode()]);
      if (changed.size === 0 && !isEnding) startNode();
    } catch (error) {
      say(error.message);
    }
  }
  isFollowing = false;
}

watch(SRC, { recursive: true }, (_event, file) => {
  if (file === null || !/\.(ts|sql)$/.test(file)) return;
  changed.add(file);
  if (!isFollowing) void follow();
});
const types = spawn(
  process.execPath,
  [TSC, '-p', 'tsconfig.build.json', '--noEmit', '--watch', '--preserveWatchOutput'],
  { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] },
);
startNode();

async function end() {
  isEnding = true;
  types.kill();
  await stopNode();
  process.exit(0);
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end);
// npm passes a signal on to its shell only, which ends without this program.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent && !isEnding) void end();
}, PARENT_CHECK_INTERVAL_MS).unref();
