import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ConfigError } from '../../errors';
import type { Binaries } from './binaries';
import { DRAFT_PREFIX, draftOf, type Folder, readText } from './folder';
import {
  giveCluster,
  isReplaceable,
  isReserved,
  OPEN_ITSELF,
  type Owner,
  ownerForRoot,
} from './owner';
import { killGroup } from './process';

/**
 * Returns the owner of the cluster, or of the folder before there is a cluster. Root and `nobody`
 * are replaced by a user of Postgres' own.
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
  if (cluster && isReserved(uid)) return { uid, gid };
  return self === 0 && isReplaceable(uid) ? ownerForRoot() : { uid, gid };
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
    const data = join(draft, 'data');
    await mkdir(data, { mode: 0o700 });
    const passwordFile = join(draft, 'password');
    await writeFile(passwordFile, options.password, { mode: 0o600 });
    const place = placeOf(binaries, data);
    if (binaries.creator) {
      await giveItself(passwordFile, binaries.creator);
      await giveItself(data, binaries.creator);
    }
    const args = [
      `--pgdata=${place.path}`,
      '--username=parley',
      `--pwfile=${place.isWorkingFolder ? '/proc/self/fd/0' : passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      ...(options.durable ? [] : ['--no-sync']),
    ];
    await runInitdb(binaries, args, { ...options, cwd: place.cwd, passwordFile });
    if (binaries.owner) await giveCluster(data, binaries.owner);
    await rename(data, folder.data);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** The cluster as its programs are told of it. */
export interface Place {
  readonly path: string;
  readonly cwd: string;
  readonly isWorkingFolder: boolean;
}

/**
 * Returns the names of a cluster's folder for the programs. The user that runs them for root may
 * not be able to pass the folders above it, as in root's home. So they begin within it, and call it
 * by the name that Linux gives to the working folder of each process.
 */
export function placeOf(binaries: Binaries, data: string): Place {
  const isWorkingFolder = binaries.owner !== null && process.platform === 'linux';
  const path = isWorkingFolder ? '/proc/self/cwd' : data;
  return { path, cwd: data, isWorkingFolder };
}

/** Gives away one file or folder that this process has just made. */
async function giveItself(path: string, { uid, gid }: Owner): Promise<void> {
  const handle = await open(path, OPEN_ITSELF);
  try {
    await handle.chown(uid, gid);
  } finally {
    await handle.close();
  }
}

/** Runs initdb to its end. The signal ends it, with the servers that it runs. */
async function runInitdb(
  binaries: Binaries,
  args: readonly string[],
  options: { passwordFile: string; cwd: string; signal: AbortSignal | undefined },
): Promise<void> {
  const { signal, cwd } = options;
  signal?.throwIfAborted();
  const password = await open(options.passwordFile);
  // In its own process group, so that it can be ended as a whole, and a Ctrl-C does not reach it.
  const child = binaries.spawn('initdb', args, {
    stdio: [password.fd, 'ignore', 'pipe'],
    detached: true,
    cwd,
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
    await password.close();
  }
}

/** Returns the line that says most. The last ones only tell how initdb tidied up. */
function decisiveLine(complaints: string, exitCode: number): string {
  const lines = complaints.split('\n').filter((line) => line.trim() !== '');
  const decisive = lines.find((line) => /\b(FATAL|PANIC|error):/i.test(line)) ?? lines[0];
  return decisive?.trim() ?? `exit code ${exitCode}`;
}
