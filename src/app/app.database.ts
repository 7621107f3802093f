import type { DataSource } from 'typeorm';
import type { Config } from '../config';
import { connectDatabase, migrate } from '../database/data-source';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../database/embedded/postgres';
import { requireSupported } from '../database/requirements';
import { sessionsOf } from '../database/sessions';
import { SoleNodeLock } from '../database/sole-node.lock';
import { ConfigError } from '../errors';
import type { Logger } from '../logger';
import { blame } from '../runtime/blame';
import type { Lifecycle } from './lifecycle';

/** The surroundings of a start. `signal` breaks it off. */
interface StartContext {
  logger: Logger;
  lifecycle: Lifecycle;
  signal: AbortSignal;
}

/**
 * Connects to the database of `DATABASE_URL` or else starts the embedded one, and runs the
 * migrations. Without Redis the node takes the sole-node lock before the migrations.
 *
 * @returns the data source, and `lost`, which resolves when another node has taken the sole-node
 *   lock
 * @throws {ConfigError} when the database cannot be reached or used, its sessions cannot be set up,
 *   or another node has the sole-node lock
 */
export async function openDatabase(
  config: Config,
  entities: (new () => object)[],
  { logger, lifecycle, signal }: StartContext,
): Promise<{ dataSource: DataSource; lost: Promise<void> }> {
  const { databaseUrl, redisUrl, poolSize } = config.storage;
  const embedded =
    databaseUrl === null ? await startEmbedded(config, { logger, lifecycle, signal }) : null;
  const setting = databaseSetting(config);
  const dataSource = await blame(setting, 'the database cannot be reached', () =>
    connectDatabase({
      url: databaseUrl ?? embedded!.url,
      // The sole-node lock keeps one connection for itself.
      poolSize: redisUrl === null ? poolSize + 1 : poolSize,
      entities,
      logger,
    }),
  );
  lifecycle.add('database', () => dataSource.destroy());
  // A statement that waits, as for another node's migration, must not hold up the end of the start.
  const sessions = sessionsOf(dataSource);
  if (signal.aborted) sessions.endAll();
  signal.addEventListener('abort', () => sessions.endAll());
  await requireSupported(dataSource, setting);
  const lock =
    redisUrl === null ? await acquireSoleNodeLock(dataSource, embedded, lifecycle, logger) : null;
  const newer = await blame(setting, 'the database cannot be migrated', () => migrate(dataSource));
  if (newer.length > 0)
    logger.warn({ migrations: newer }, 'the database was migrated by a newer version');
  return { dataSource, lost: lock?.lost ?? new Promise<void>(() => {}) };
}

/** Returns the name of the setting that chose the database. */
export function databaseSetting({ storage }: Config): 'DATABASE_URL' | 'DATA_DIR' {
  return storage.databaseUrl === null ? 'DATA_DIR' : 'DATABASE_URL';
}

/** Starts the embedded database. The lifecycle stops it, also when the start is still under way. */
async function startEmbedded(
  { storage: { directory } }: Config,
  { logger, lifecycle, signal }: StartContext,
): Promise<EmbeddedPostgres> {
  const starting = blame('DATA_DIR', `no database can be had in ${directory}`, () =>
    startEmbeddedPostgres({ directory, logger, signal }),
  );
  lifecycle.add('embedded database', async () => {
    const embedded = await starting.catch(() => null);
    // Another process may own an adopted server. This node stops it only if it gets the lock.
    if (embedded && !embedded.adopted) await embedded.stop();
  });
  return starting;
}

/**
 * Takes the sole-node lock. The node that gets it also becomes the owner of an embedded server that
 * it adopted, and stops the server last of all. A node that does not get the lock leaves the server
 * running.
 *
 * @throws {ConfigError} when another node has the lock
 */
async function acquireSoleNodeLock(
  dataSource: DataSource,
  embedded: EmbeddedPostgres | null,
  lifecycle: Lifecycle,
  logger: Logger,
): Promise<{ lost: Promise<void> }> {
  const lock = await SoleNodeLock.acquire(dataSource, logger);
  if (lock === null) {
    embedded?.disown();
    throw new ConfigError(
      'REDIS_URL: is not set, and another node uses this database already; ' +
        'nodes need Redis to work together',
    );
  }
  lifecycle.add('claim on the database', () => lock.release());
  if (!embedded?.adopted) return lock;
  embedded.own();
  lifecycle.addBelow('embedded database', () => embedded.stop());
  return lock;
}
