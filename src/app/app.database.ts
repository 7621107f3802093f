import type { DataSource } from 'typeorm';
import type { Config } from '../config';
import { connectDatabase, migrate } from '../database/data-source';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../database/embedded/postgres';
import { SoleNodeLock } from '../database/sole-node.lock';
import { ConfigError } from '../errors';
import type { Logger } from '../logger';
import type { Lifecycle } from './lifecycle';

/** Connections to the database that requests share. */
const REQUEST_CONNECTIONS = 10;

/**
 * The database, given or embedded, connected and migrated; without Redis claimed for this node
 * alone.
 *
 * @returns `lost` resolves when another node has taken it
 * @throws {ConfigError} it cannot be reached, or another node has it
 */
export async function openDatabase(
  config: Config,
  entities: (new () => object)[],
  logger: Logger,
  lifecycle: Lifecycle,
): Promise<{ dataSource: DataSource; lost: Promise<void> }> {
  const { databaseUrl, redisUrl, directory } = config.storage;
  const embedded = databaseUrl === null ? await startEmbeddedPostgres({ directory, logger }) : null;
  // An adopted one may be another process's, until the claim below says otherwise.
  if (embedded && !embedded.adopted) lifecycle.add('embedded database', () => embedded.stop());
  const dataSource = await connectDatabase({
    url: databaseUrl ?? embedded!.url,
    // A claim keeps one for itself.
    poolSize: redisUrl === null ? REQUEST_CONNECTIONS + 1 : REQUEST_CONNECTIONS,
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
 * Without Redis one node has the database alone, and with it an embedded server that an earlier one
 * left behind.
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
