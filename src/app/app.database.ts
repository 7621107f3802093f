import type { DataSource } from 'typeorm';
import type { Config } from '../config';
import { connectDatabase, migrate } from '../database/data-source';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../database/embedded/postgres';
import { SoleNodeLock } from '../database/sole-node.lock';
import { ConfigError } from '../errors';
import type { Logger } from '../logger';
import type { Lifecycle } from './lifecycle';

/**
 * Connects to the database of `DATABASE_URL` or else starts the embedded one, and runs the
 * migrations. Without Redis the node takes the sole-node lock before the migrations.
 *
 * @returns the data source, and `lost`, which resolves when another node has taken the sole-node
 *   lock
 * @throws {ConfigError} when the database cannot be reached, or another node has the sole-node lock
 */
export async function openDatabase(
  config: Config,
  entities: (new () => object)[],
  logger: Logger,
  lifecycle: Lifecycle,
): Promise<{ dataSource: DataSource; lost: Promise<void> }> {
  const { databaseUrl, redisUrl, directory, poolSize } = config.storage;
  const embedded = databaseUrl === null ? await startEmbeddedPostgres({ directory, logger }) : null;
  // Another process may own an adopted server. This node stops it only if it gets the lock below.
  if (embedded && !embedded.adopted) lifecycle.add('embedded database', () => embedded.stop());
  const dataSource = await connectDatabase({
    url: databaseUrl ?? embedded!.url,
    // The sole-node lock keeps one connection for itself.
    poolSize: redisUrl === null ? poolSize + 1 : poolSize,
    entities,
    logger,
  }).catch((error: Error) => {
    throw new ConfigError(`DATABASE_URL: the database cannot be reached (${error.message})`);
  });
  lifecycle.add('database', () => dataSource.destroy());
  const lock =
    redisUrl === null ? await acquireSoleNodeLock(dataSource, embedded, lifecycle, logger) : null;
  await migrate(dataSource);
  return { dataSource, lost: lock?.lost ?? new Promise<void>(() => {}) };
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
