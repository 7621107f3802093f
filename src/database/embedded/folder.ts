import { randomUUID } from 'node:crypto';
import {
  link,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { OPEN_ITSELF } from './owner';
import { runningSince, until } from './process';

/** Longer than another process needs to create the cluster and start the server. */
const LOCK_TIMEOUT_MS = 120_000;
/**
 * Prefix of unfinished files and folders. A process that has just taken the lock removes those that
 * it finds, since killed processes left them behind.
 */
export const DRAFT_PREFIX = 'postgres.draft-';

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

/** Returns a new path for an unfinished file. */
export function draftOf(folder: Folder): string {
  return join(folder.root, `${DRAFT_PREFIX}${randomUUID()}`);
}

/** Returns the text without blanks around it; null when there is no such file. */
export async function readText(path: string): Promise<string | null> {
  try {
    return (await readFile(path, { encoding: 'utf8', flag: OPEN_ITSELF })).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
