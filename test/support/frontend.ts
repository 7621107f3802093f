/** Projects of frontends, made outside of this repository with the packed client. */
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';

const ROOT = join(__dirname, '../..');

/** Packs the client as it was built. Returns the path of the tarball. */
export function packClient(folder: string): string {
  // Without the scripts: the tests' own build lies in dist.
  const options = ['--json', '--ignore-scripts', '--pack-destination', folder];
  const packed = run('npm', ['pack', ...options], join(ROOT, 'client'));
  return join(folder, (JSON.parse(packed) as [{ filename: string }])[0].filename);
}

/** Compiles files of a project strictly. */
export function compile(project: string, ...files: string[]): string {
  const compiler = join(project, 'node_modules/typescript/bin/tsc');
  const options = ['--strict', '--target', 'es2023', '--module', 'nodenext', '--types', 'node'];
  const others = ['--jsx', 'react-jsx', '--skipLibCheck', '--ignoreConfig'];
  return run(process.execPath, [compiler, ...options, ...others, ...files], project);
}

function run(command: string, args: string[], cwd: string): string {
  try {
    return execFileSync(command, args, {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command}: ${stdout}${stderr}`);
  }
}

export function install(project: string, packages: string[]): void {
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  const options = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel', 'error'];
  run('npm', ['install', ...options, ...packages], project);
}

/** The version that is installed here. */
export function versionOf(name: string): string {
  const file = join(ROOT, 'node_modules', name, 'package.json');
  return `${name}@${(JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version}`;
}

/** Runs a project's main.js. The server is in this process, so it must not be blocked. */
export function started(project: string, args: string[]) {
  const options = { cwd: project, timeout: 60_000 };
  return promisify(execFile)(process.execPath, ['main.js', ...args], options);
}

/** The size of an entry's bundle for browsers, compressed, in bytes. */
export function sizeOf(project: string, entry: string): number {
  const { outputFiles } = buildSync({
    absWorkingDir: project,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length;
}
