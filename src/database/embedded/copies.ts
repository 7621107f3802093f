/**
 * Copies of the programs for a user that cannot reach the package, as when the project lies in
 * root's home. They belong to root, so the user that runs them cannot change them.
 *
 * The folder's name tells which programs are in it. It is renamed from a draft once it is complete,
 * so a later start finds it by its name and copies nothing.
 */
import { createHash, randomUUID } from 'node:crypto';
import { constants, type Dirent } from 'node:fs';
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import type { Owner } from './owner';

const PREFIX = 'postgres.programs-';
/** Endings of files that only compilers need. */
const LEFT_OUT = new Set(['.a', '.h']);
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Yields folders with the programs, each with `bin`, `lib` and `share`, at which the user may reach
 * them. The first is in `directory`; a user that cannot enter it finds them in a folder for
 * temporary files. A folder is only filled when it is asked for.
 *
 * @param native the folder of the programs in the package
 */
export async function* copiesFor(
  user: Owner,
  native: string,
  directory: string | undefined,
): AsyncGenerator<string> {
  const name = await nameOf(native);
  for (const parent of new Set([directory ?? tmpdir(), tmpdir(), '/var/tmp']))
    if (await isReachable(parent, user)) {
      const copy = await copyTo(parent, name, native).catch(() => null);
      if (copy === null) continue;
      if (parent === directory) await removeOthers(parent, name);
      yield copy;
    }
}

/** Returns a name that changes with the version, and with the programs themselves. */
async function nameOf(native: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(dirname(native), 'package.json'), 'utf8'));
  const { size, mtimeMs } = await stat(join(native, 'bin', 'postgres'));
  const hash = createHash('sha256').update(`${version} ${size} ${mtimeMs}`).digest('hex');
  return `${PREFIX}${hash.slice(0, 16)}`;
}

/** True when the user may enter the folder and all those above it, by their modes. */
async function isReachable(path: string, user: Owner): Promise<boolean> {
  const { mode, uid } = await stat(path);
  const mayEnter = (mode & (uid === user.uid ? 0o100 : 0o001)) !== 0;
  return mayEnter && (dirname(path) === path || isReachable(dirname(path), user));
}

/** @returns null when another user has made something of this name */
async function copyTo(parent: string, name: string, native: string): Promise<string | null> {
  const target = join(parent, name);
  if (await isOurs(target)) {
    // A folder for temporary files may be swept, and keep some of them.
    if (await isComplete(native, target)) return target;
    const swept = join(parent, `${name}.draft-${randomUUID()}`);
    await rename(target, swept);
    await rm(swept, { recursive: true, force: true });
  }
  const draft = join(parent, `${name}.draft-${randomUUID()}`);
  try {
    await mkdir(draft, { mode: 0o700 });
    await copy(native, draft);
    await rename(draft, target);
  } catch {
    // Another process may have been faster, or another user.
    await rm(draft, { recursive: true, force: true });
  }
  return (await isOurs(target)) ? target : null;
}

/** True for a folder of this process' user that nobody else can write to. */
async function isOurs(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  if (!found?.isDirectory() || found.uid !== process.getuid?.()) return false;
  return (found.mode & WRITABLE_BY_OTHERS) === 0;
}

/** True when the copy has every file of the original, in the same size. */
async function isComplete(original: string, copied: string): Promise<boolean> {
  for (const entry of await readdir(original, { withFileTypes: true })) {
    const [source, target] = [join(original, entry.name), join(copied, entry.name)];
    if (isLeftOut(entry)) continue;
    const found = await lstat(target).catch(() => null);
    if (!found) return false;
    if (entry.isFile() && found.size !== (await lstat(source)).size) return false;
    if (entry.isDirectory() && !(await isComplete(source, target))) return false;
  }
  return true;
}

function isLeftOut(entry: Dirent): boolean {
  return entry.isFile() && LEFT_OUT.has(extname(entry.name));
}

/** Copies a tree so that everybody can read it, whatever the modes of the original are. */
async function copy(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      await mkdir(target);
      await copy(source, target);
    } else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else if (!isLeftOut(entry)) {
      await copyFile(source, target, constants.COPYFILE_FICLONE);
      await chmod(target, (await stat(source)).mode & 0o100 ? 0o755 : 0o644);
    }
  }
  await chmod(to, 0o755);
}

/** Removes copies of other versions, and unfinished ones of killed processes. */
async function removeOthers(parent: string, name: string): Promise<void> {
  for (const other of await readdir(parent))
    if (other.startsWith(PREFIX) && other !== name)
      await rm(join(parent, other), { recursive: true, force: true });
}
