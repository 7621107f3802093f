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
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { ConfigError } from '../../errors';
import type { Binaries, Owner } from './binaries';
import { killGroup, runningSince, until } from './process';

/** Longer than another process needs to create the cluster and start the server. */
const LOCK_TIMEOUT_MS = 120_000;
/**
 * Prefix of unfinished files and folders. A process that has just taken the lock removes those that
 * it finds, since killed processes left them behind.
 */
const DRAFT_PREFIX = 'postgres.draft-';
/** Uid and gid of `nobody` on Linux. Any user that owns no files will do. */
const NOBODY = 65_534;

/** The paths of the folder's contents. They are absolute and free of symbolic links. */
export interface Folder {
  readonly root: string;
  /** The cluster, which Postgres calls its data directory. */
  readonly data: string;
  readonly password: string;
  readonly log: string;
  readonly lock: string;
}

/** Creates the folder when it is missing, and returns the paths of its contents. */
export async function openFolder(directory: string): Promise<Folder> {
  await createFolder(resolve(directory));
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
 * Creates a folder and those above it that are missing. Node's own `recursive` never ends where the
 * system says that a name does not exist and cannot be created, as below `/proc`.
 */
async function createFolder(path: string): Promise<void> {
  const isMissing = await createOne(path);
  if (!isMissing) return;
  const above = dirname(path);
  if (above !== path) await createFolder(above);
  if (await createOne(path)) throw new Error(`${path} cannot be created here`);
}

/** @returns true when the folder above it is missing */
async function createOne(path: string): Promise<boolean> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return true;
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (code === 'EEXIST' && !isFolder) throw new Error(`${path} is no folder`);
    if (!isFolder) throw error;
  }
  return false;
}

/**
 * Returns the owner of the cluster, or of the folder before there is a cluster. Root is replaced by
 * `nobody`.
 *
 * @throws {ConfigError} when the cluster belongs to another user and this process is not root
 */
export async function ownerOf(folder: Folder): Promise<Owner> {
  const cluster = await stat(folder.data).catch(() => null);
  const self = process.getuid?.() ?? 0;
  if (cluster && self !== 0 && cluster.uid !== self)
    throw new ConfigError(
      `DATA_DIR: ${folder.data} belongs to another user (uid ${cluster.uid}): ` +
        'start Parley as that one.',
    );
  const { uid, gid } = cluster ?? (await stat(folder.root));
  return { uid: uid || NOBODY, gid: gid || NOBODY };
}

/**
 * Creates the cluster unless it exists. Its encoding is UTF-8, texts are sorted by code point, and
 * each connection needs the password.
 *
 * The caller must hold the lock (see {@link whileLocked}). The cluster is created as a draft and
 * renamed when it is complete, so a creation that is cut short leaves no half-made cluster.
 *
 * @returns the password of the role `parley`, a superuser
 * @throws {ConfigError} when another major version made the cluster, or its password is missing
 * @throws {Error} when initdb fails; the message has its output
 */
export async function openCluster(
  folder: Folder,
  binaries: Binaries,
  { durable, signal }: { durable: boolean; signal: AbortSignal | undefined },
): Promise<string> {
  const version = await readText(join(folder.data, 'PG_VERSION'));
  if (version !== null) {
    if (Number(version) !== binaries.major)
      throw new ConfigError(
        `DATA_DIR: ${folder.data} was made by Postgres ${version} ` +
          `and this is Postgres ${binaries.major}: ` +
          'dump and restore it, or remove the folder.',
      );
    const password = await readText(folder.password);
    if (!password)
      throw new ConfigError(
        `DATA_DIR: ${folder.password} is missing: restore it, or remove ${folder.data} too.`,
      );
    return password;
  }
  const password = (await readText(folder.password)) || (await createPassword(folder));
  await createCluster(folder, binaries, { password, durable, signal });
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
  options: { password: string; durable: boolean; signal: AbortSignal | undefined },
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
    const args = [
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
    ];
    await runInitdb(binaries, args, options.signal);
    await rename(data, folder.data);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function removeDrafts(folder: Folder): Promise<void> {
  for (const name of await readdir(folder.root))
    if (name.startsWith(DRAFT_PREFIX))
      // The initdb of a killed process may still write into it for a moment, so rm retries.
      await rm(join(folder.root, name), {
        recursive: true,
        force: true,
        maxRetries: 10,
        retryDelay: 100,
      });
}

/** Runs initdb to its end. The signal ends it, with the servers that it runs. */
async function runInitdb(
  binaries: Binaries,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  // In its own process group, so that it can be ended as a whole, and a Ctrl-C does not reach it.
  const child = binaries.spawn('initdb', args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const end = () => killGroup(child);
  signal?.addEventListener('abort', end);
  process.on('exit', end);
  try {
    const [[exitCode], complaints] = await Promise.all([once(child, 'exit'), text(child.stderr!)]);
    signal?.throwIfAborted();
    if (exitCode !== 0) throw new Error(`initdb failed: ${decisiveLine(complaints, exitCode)}`);
  } finally {
    signal?.removeEventListener('abort', end);
    process.off('exit', end);
  }
}

/** Returns the line that says most. The last ones only tell how initdb tidied up. */
function decisiveLine(complaints: string, exitCode: number): string {
  const lines = complaints.split('\n').filter((line) => line.trim() !== '');
  const decisive = lines.find((line) => /\b(FATAL|PANIC|error):/i.test(line)) ?? lines[0];
  return decisive?.trim() ?? `exit code ${exitCode}`;
}

/**
 * Runs `act` under the folder's lock file, which one process of this machine holds at a time. A
 * lock of a process that has ended is broken.
 *
 * @returns the result of `act`
 * @throws the signal's reason while other processes hold the lock
 * @throws {Error} when other processes hold the lock for two minutes
 */
export async function whileLocked<T>(
  folder: Folder,
  signal: AbortSignal | undefined,
  act: () => Promise<T>,
): Promise<T> {
  const mark = `${process.pid} ${runningSince(process.pid)} ${randomUUID()}`;
  await until(
    () => tryLock(folder, mark),
    LOCK_TIMEOUT_MS,
    () =>
      new Error(
        `Another process keeps starting Postgres in ${folder.root}. ` +
          `If none does, remove ${folder.lock}.`,
      ),
    signal,
  );
  try {
    await removeDrafts(folder);
    return await act();
  } finally {
    if ((await readText(folder.lock)) === mark) await rm(folder.lock, { force: true });
  }
}

/**
 * Tries once to take the lock. A stale lock is only broken, so that the next try can take it.
 *
 * @returns undefined when the lock was not taken
 */
async function tryLock(folder: Folder, mark: string): Promise<true | undefined> {
  const seen = await readText(folder.lock);
  if (seen !== null) {
    if (isStale(seen)) await breakLock(folder, seen);
    return undefined;
  }
  // The mark is written before the link makes it the lock, so no process can read a lock without
  // its holder's mark.
  const draft = draftOf(folder);
  await writeFile(draft, mark, { mode: 0o600 });
  try {
    await link(draft, folder.lock);
    return true;
  } catch (error) {
    // EEXIST: another process has taken the lock. ENOENT: it also removed this draft, together with
    // those of killed processes.
    if (!['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return undefined;
  } finally {
    await rm(draft, { force: true });
  }
}

/** True when the process that wrote the mark has ended. */
function isStale(mark: string): boolean {
  const [pid, since] = mark.split(' ');
  return runningSince(Number(pid)) !== since;
}

/** Removes the lock if it still has the stale mark `seen`. */
async function breakLock(folder: Folder, seen: string): Promise<void> {
  const aside = draftOf(folder);
  try {
    await rename(folder.lock, aside);
  } catch {
    // Another process has removed it first.
    return;
  }
  // Another process may have broken the stale lock and taken its own between the reading and the
  // rename. Then its lock was moved, and is put back.
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
