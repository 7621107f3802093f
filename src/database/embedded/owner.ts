/**
 * The user as whom Postgres runs when this process is root, since Postgres refuses to run as root.
 *
 * It is a uid that no system gives to a user, so no other program runs as it and can read or change
 * the cluster, as those of `nobody` could. A cluster of `nobody` from before is given to it.
 *
 * The cluster's user, and before it `nobody`, is not trusted by root. So files are given away by
 * their descriptors, and never by a path that could have become a link meanwhile. A folder is
 * closed to its former owner before anything in it is looked at.
 */
import { constants } from 'node:fs';
import { type FileHandle, lchown, open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A user and group of the operating system. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** `nobody` on Linux. It has a name, which initdb demands. */
export const NOBODY: Owner = { uid: 65_534, gid: 65_534 };
/**
 * Ids that are reserved by Debian's policy (9.2.2) and not used by systemd, which lists all ranges
 * that are (https://systemd.io/UIDS-GIDS). They exist in containers, which often have 65,536 ids.
 */
const FIRST_RESERVED = 65_520;
const LAST_RESERVED = 65_533;

/** Opens no link, and does not wait for the other side of a pipe. */
export const OPEN_ITSELF =
  constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** True for `nobody` and for the reserved ids: a user that is no one else. */
export function isReplaceable(uid: number): boolean {
  return uid === 0 || uid === NOBODY.uid || isReserved(uid);
}

/** True for a uid that has no name, unless the operator gave it one. */
export function isReserved(uid: number): boolean {
  return uid >= FIRST_RESERVED && uid <= LAST_RESERVED;
}

/** Returns a user that no other program runs as, or else `nobody`. */
export async function ownerForRoot(): Promise<Owner> {
  if (process.platform !== 'linux') return NOBODY;
  const [users, groups] = await Promise.all([idsIn('/etc/passwd'), idsIn('/etc/group')]);
  const [uids, gids] = await Promise.all([mappedIn('uid_map'), mappedIn('gid_map')]);
  for (let id = LAST_RESERVED; id >= FIRST_RESERVED; id--)
    if (!users.has(id) && !groups.has(id) && uids(id) && gids(id)) return { uid: id, gid: id };
  return NOBODY;
}

/** Returns the ids in a file of users or groups, of which each line has one in its third field. */
async function idsIn(file: string): Promise<Set<number>> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return new Set(text.split('\n').map((line) => Number(line.split(':')[2])));
}

/** Tells which ids exist here. In a container they are often fewer. */
async function mappedIn(file: 'uid_map' | 'gid_map'): Promise<(id: number) => boolean> {
  const text = await readFile(`/proc/self/${file}`, 'utf8').catch(() => '');
  const ranges = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  return (id) => ranges.some(([first, , count]) => id >= first! && id < first! + count!);
}

/**
 * Gives a cluster to another owner, unless it has it already. The server must not run. A call that
 * was cut short is completed by the next one, because `PG_VERSION` changes its owner last.
 *
 * Only what the former owner has is given away, and no file that is also linked from elsewhere, as
 * the former owner could have linked files of other users into the cluster.
 *
 * @throws {Error} when a file of the cluster is also linked from elsewhere
 */
export async function giveCluster(data: string, to: Owner): Promise<void> {
  const version = join(data, 'PG_VERSION');
  const { uid: from } = await stat(version);
  if (from === to.uid) return;
  await give(data, { from, to, except: version });
  await give(version, { from, to, except: null });
}

interface Gift {
  from: number;
  to: Owner;
  /** A path that is left out. */
  except: string | null;
}

async function give(path: string, gift: Gift): Promise<void> {
  if (path === gift.except) return;
  const handle = await open(path, OPEN_ITSELF).catch((error: NodeJS.ErrnoException) => {
    // A link, and a socket.
    if (error.code === 'ELOOP' || error.code === 'ENXIO') return null;
    throw error;
  });
  if (!handle) return lchown(path, gift.to.uid, gift.to.gid);
  let isFolder: boolean;
  try {
    isFolder = await giveOpen(path, handle, gift);
  } finally {
    await handle.close();
  }
  if (isFolder) for (const name of await readdir(path)) await give(join(path, name), gift);
}

/** @returns true for a folder, which its former owner can no longer enter */
async function giveOpen(path: string, handle: FileHandle, { from, to }: Gift): Promise<boolean> {
  const found = await handle.stat();
  const isFolder = found.isDirectory();
  if (found.uid === from) {
    if (!isFolder && found.nlink > 1) throw new Error(`${path} is also linked from elsewhere`);
    await handle.chown(to.uid, to.gid);
    await handle.chmod(isFolder ? 0o700 : 0o600);
  }
  return isFolder && (found.uid === from || found.uid === to.uid);
}
