import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  chown,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ConfigError } from '../../errors';
import type { Binaries, Owner } from './binaries';
import { runningSince, until } from './process';

/** Longer than another process may take to create the cluster and start on it. */
const LOCK_TIMEOUT_MS = 120_000;
/**
 * Prefix of unfinished folders. While no process holds the lock, a killed process left them behind.
 */
const DRAFT_PREFIX = 'postgres.draft-';
/** The user called `nobody` on Linux; any that owns nothing will do. */
const NOBODY = 65_534;

/** The paths of the folder's parts: absolute, without symbolic links. */
export interface Folder {
  readonly root: string;
  /** The cluster: what Postgres calls its data directory. */
  readonly data: string;
  readonly password: string;
  readonly log: string;
  readonly lock: string;
}

export async function openFolder(directory: string): Promise<Folder> {
  await mkdir(directory, { recursive: true });
  const root = await realpath(directory);
  return {
    root,
    data: join(root, 'postgres'),
    password: join(root, 'postgres.password'),
    log: join(root, 'postgres.log'),
    lock: join(root, 'postgres.lock'),
  };
}

/**
 * The owner of the cluster; before there is one, the owner of the folder, but never root.
 *
 * @throws {ConfigError} it belongs to somebody else and we are not root
 */
export async function ownerOf(folder: Folder): Promise<Owner> {
  const cluster = await stat(folder.data).catch(() => null);
  const self = process.getuid?.() ?? 0;
  if (cluster && self !== 0 && cluster.uid !== self)
    throw new ConfigError(
      `${folder.data} belongs to another user (uid ${cluster.uid}): start Parley as that one.`,
    );
  const { uid, gid } = cluster ?? (await stat(folder.root));
  return { uid: uid || NOBODY, gid: gid || NOBODY };
}

/**
 * Creates the cluster unless it is there: UTF-8, sorted by code point, nobody enters without the
 * password. Hold the lock. A creation that was cut short leaves nothing that counts.
 *
 * @returns the password of the role `parley`, a superuser
 * @throws {ConfigError} another major version made the cluster, or its password is lost
 */
export async function openCluster(
  folder: Folder,
  binaries: Binaries,
  durable: boolean,
): Promise<string> {
  const version = await readText(join(folder.data, 'PG_VERSION'));
  if (version !== null) {
    if (Number(version) !== binaries.major)
      throw new ConfigError(
        `${folder.data} was made by Postgres ${version} and this is Postgres ${binaries.major}: ` +
          'dump and restore it, or remove the folder.',
      );
    const password = await readText(folder.password);
    if (!password)
      throw new ConfigError(
        `${folder.password} is missing: restore it, or remove ${folder.data} too.`,
      );
    return password;
  }
  const password = (await readText(folder.password)) || (await createPassword(folder));
  await createCluster(folder, binaries, { password, durable });
  return password;
}

async function createPassword(folder: Folder): Promise<string> {
  const password = randomBytes(24).toString('hex');
  const draft = draftOf(folder);
  await writeFile(draft, password, { mode: 0o600 });
  await rename(draft, folder.password);
  return password;
}

async function createCluster(
  folder: Folder,
  binaries: Binaries,
  options: { password: string; durable: boolean },
): Promise<void> {
  const draft = await mkdtemp(join(folder.root, DRAFT_PREFIX));
  try {
    const passwordFile = join(draft, 'password');
    await writeFile(passwordFile, options.password, { mode: 0o600 });
    if (binaries.owner) {
      await chown(passwordFile, binaries.owner.uid, binaries.owner.gid);
      await chown(draft, binaries.owner.uid, binaries.owner.gid);
    }
    const data = join(draft, 'data');
    await runInitdb(binaries, [
      `--pgdata=${data}`,
      '--username=parley',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      ...(options.durable ? [] : ['--no-sync']),
    ]);
    await rename(data, folder.data);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function removeDrafts(folder: Folder): Promise<void> {
  for (const name of await readdir(folder.root))
    if (name.startsWith(DRAFT_PREFIX))
      // The initdb of a killed process may still be writing for a moment.
      await rm(join(folder.root, name), {
        recursive: true,
        force: true,
        maxRetries: 10,
        retryDelay: 100,
      });
}

async function runInitdb(binaries: Binaries, args: readonly string[]): Promise<void> {
  const child = binaries.spawn('initdb', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const [[exitCode], complaints] = await Promise.all([once(child, 'exit'), text(child.stderr!)]);
  if (exitCode !== 0)
    throw new Error(`initdb failed: ${complaints.trim() || `exit code ${exitCode}`}`);
}

/**
 * Runs `act` while no other process of this machine does so for the same folder; waits for them
 * up to two minutes. A lock whose holder is dead does not count.
 */
export async function whileLocked<T>(folder: Folder, act: () => Promise<T>): Promise<T> {
  const mark = `${process.pid} ${runningSince(process.pid)} ${randomUUID()}`;
  await until(
    () => tryLock(folder, mark),
    LOCK_TIMEOUT_MS,
    () =>
      new Error(
        `Another process keeps starting Postgres in ${folder.root}. ` +
          `If none does, remove ${folder.lock}.`,
      ),
  );
  try {
    await removeDrafts(folder);
    return await act();
  } finally {
    if ((await readText(folder.lock)) === mark) await rm(folder.lock, { force: true });
  }
}

async function tryLock(folder: Folder, mark: string): Promise<true | undefined> {
  const seen = await readText(folder.lock);
  if (seen !== null) {
    if (isStale(seen)) await breakLock(folder, seen);
    return undefined;
  }
  // A link appears together with the content: nobody ever sees a lock that does not say whose it
  // is.
  const draft = draftOf(folder);
  await writeFile(draft, mark, { mode: 0o600 });
  try {
    await link(draft, folder.lock);
    return true;
  } catch (error) {
    // Somebody else has it now; and may have removed our draft with the others.
    if (!['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return undefined;
  } finally {
    await rm(draft, { force: true });
  }
}

function isStale(mark: string): boolean {
  const [pid, since] = mark.split(' ');
  return runningSince(Number(pid)) !== since;
}

async function breakLock(folder: Folder, seen: string): Promise<void> {
  const aside = draftOf(folder);
  try {
    await rename(folder.lock, aside);
  } catch {
    // Somebody else broke it first.
    return;
  }
  // Or even took it anew meanwhile: then it is theirs again.
  if ((await readText(aside)) !== seen) await link(aside, folder.lock).catch(() => undefined);
  await rm(aside, { force: true });
}

function draftOf(folder: Folder): string {
  return join(folder.root, `${DRAFT_PREFIX}${randomUUID()}`);
}

async function readText(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
