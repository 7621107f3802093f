import type { PoolClient } from 'pg';
import {
  DataSource,
  MigrationExecutor,
  type QueryRunner,
  type Logger as TypeOrmLogger,
} from 'typeorm';
import type { Logger } from '../logger';
import { reasonOf } from '../runtime/blame';
import { asDomainError, isReadOnly, ReadOnlyError } from './failures';
import { Initial1764000000001 } from './migrations/1-initial';
import { Functions1764000000002 } from './migrations/2-functions';
import { Functions1764000000003 } from './migrations/3-functions';
import { Plans1764000000004 } from './migrations/4-plans';
import { Timeline1764000000005 } from './migrations/5-timeline';
import { Revocation1764000000006 } from './migrations/6-revocation';
import { Muting1764000000007 } from './migrations/7-muting';
import { Deduplication1764000000008 } from './migrations/8-deduplication';
import { SnakeCaseNaming } from './naming';
import { requireOwnSessions } from './pooler';
import { SessionClient } from './session.client';
import { sessionsOf } from './sessions';
import { requireRead, rowsOf } from './statements';
import type { Queryable } from './transaction';

/**
 * Key of the advisory lock under which migrations run. Any number that nothing else uses will do.
 */
const MIGRATION_LOCK = 7_041_776_001;

/**
 * Longest wait for a free connection of the pool or for a new one. A request may wait twice, once
 * to identify its caller and once for its own reads. Both waits together stay below 5 s.
 */
const CONNECTION_WAIT_MS = 2_400;

/** Time without traffic after which the system asks whether the other side still exists. */
const KEEP_ALIVE_MS = 10_000;

/** In the order in which they run. */
const MIGRATIONS = [
  Initial1764000000001,
  Functions1764000000002,
  Functions1764000000003,
  Plans1764000000004,
  Timeline1764000000005,
  Revocation1764000000006,
  Muting1764000000007,
  Deduplication1764000000008,
];
const NAMES = MIGRATIONS.map(({ name }) => name);

/** TypeORM writes failed migrations to the console even with `logging: false`. */
const SILENT: TypeOrmLogger = {
  logQuery() {},
  logQueryError() {},
  logQuerySlow() {},
  logSchemaBuild() {},
  logMigration() {},
  log() {},
};

export interface DatabaseOptions {
  url: string;
  /** The largest number of connections in the pool. */
  poolSize: number;
  entities: (new () => object)[];
  logger: Logger;
}

/**
 * Connects to Postgres 15 or newer. Each session waits at most 2 s for a lock, runs a statement for
 * at most 10 s, and may be idle in a transaction for at most 5 s (`session.client.ts`).
 *
 * @throws {ConfigError} when a pooler shares sessions between clients, or a session does not keep
 *   its settings
 * @throws the driver's error when the database cannot be reached
 */
export async function connectDatabase(options: DatabaseOptions): Promise<DataSource> {
  await requireOwnSessions(options.url);
  const dataSource = new DataSource({
    type: 'postgres',
    url: options.url,
    poolSize: options.poolSize,
    connectTimeoutMS: CONNECTION_WAIT_MS,
    applicationName: 'parley',
    entities: options.entities,
    migrations: MIGRATIONS,
    migrationsTableName: 'migrations',
    logging: false,
    logger: SILENT,
    namingStrategy: new SnakeCaseNaming(),
    poolErrorHandler: (error: unknown) => {
      // The last connections may still end after the pool was destroyed, which is no loss.
      if (dataSource.isInitialized) options.logger.warn({ err: error }, 'database connection lost');
    },
    extra: {
      Client: SessionClient,
      // A connection that nothing uses is found lost by the system, and not by the next statement.
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    },
  });
  return dataSource.initialize();
}

/**
 * Runs the migrations that are missing. Nodes that start together run them one after the other.
 *
 * @returns the names of the migrations of a newer version that the database has already. Such a
 *   database is used: during an upgrade, nodes of the version before go on and may be restarted
 * @throws {Error} with the name of the migration that failed; the driver's error is its cause
 */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  const sessions = sessionsOf(dataSource);
  const client = await sessions.borrow();
  try {
    // Another node's migration may take longer than the limits of a session.
    await client.query('set statement_timeout = 0; set lock_timeout = 0');
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      await runMigrations(dataSource);
      return (await compareMigrations(dataSource)).newer;
    } finally {
      await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  } finally {
    // The session ends, so that no other work meets it without limits.
    sessions.giveBack(client, true);
  }
}

/**
 * Runs them in a session without a time limit, which may read whole tables: those of a large
 * installation take their time. The session ends afterwards, so that no other work meets it.
 */
async function runMigrations(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('set statement_timeout = 0; set enable_seqscan = on');
    const executor = new MigrationExecutor(dataSource, runner);
    executor.transaction = 'each';
    await executor.executePendingMigrations();
  } catch (error) {
    const executed = await executedMigrations(runner).catch(() => null);
    const failed = executed && NAMES.find((name) => !executed.includes(name));
    throw new Error(failed ? `${failed}: ${reasonOf(error)}` : reasonOf(error), { cause: error });
  } finally {
    await endSession(runner);
  }
}

/** The error that ended the work says more than one that comes while its session ends. */
async function endSession(runner: QueryRunner): Promise<void> {
  try {
    await (await runner.connect()).end();
  } catch {
    // The session has ended by itself.
  }
  await runner.release();
}

/** The migrations of this version that the database lacks, and those of a newer one that it has. */
export async function compareMigrations(
  dataSource: DataSource,
): Promise<{ pending: string[]; newer: string[] }> {
  const executed = await executedMigrations(dataSource);
  return {
    pending: NAMES.filter((name) => !executed.includes(name)),
    newer: executed.filter((name) => !NAMES.includes(name)),
  };
}

/** Returns the names of the migrations that the database has; none when it has no table of them. */
async function executedMigrations(from: Pick<DataSource, 'query'>): Promise<string[]> {
  const [found] = await from.query(`select to_regclass('migrations') is not null as exists`);
  if (!found.exists) return [];
  const rows: { name: string }[] = await from.query('select name from migrations');
  return rows.map(({ name }) => name);
}

/**
 * Returns the pool as a {@link Queryable}, which runs each statement by itself, for reads only. A
 * read whose connection is lost is repeated on another one (`repeats.ts`). A statement that fails
 * because the database is away rejects with `UnavailableError`.
 */
export function queryableOf(dataSource: DataSource): Queryable {
  const sessions = sessionsOf(dataSource);
  return {
    async query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> {
      requireRead(sql);
      try {
        return await sessions.read((client) => rowsOf<Row>(client, sql, parameters));
      } catch (error) {
        throw asDomainError(error);
      }
    },
  };
}

/**
 * Asks a session that the next write would get. In a read-only state that the server has left
 * meanwhile, the next write gets a new session.
 *
 * @returns false when the server is a standby, or was set to be read-only
 * @throws {UnavailableError} when the database is away
 */
export async function isWritable(dataSource: DataSource): Promise<boolean> {
  try {
    await sessionsOf(dataSource).writeRepeatedly(requireWritable);
    return true;
  } catch (error) {
    if (isReadOnly(error)) return false;
    throw asDomainError(error);
  }
}

/** @throws {ReadOnlyError} also on a standby, whose transactions are all read-only */
async function requireWritable(client: PoolClient): Promise<void> {
  const [row] = await rowsOf<{ value: string }>(
    client,
    `select current_setting('transaction_read_only') as value`,
  );
  if (row!.value === 'on') throw new ReadOnlyError();
}

/** The identity of a database, which all of its nodes share. */
export interface Installation {
  /** Stands in every channel and key in Redis, so that several installations can share a Redis. */
  id: string;
}

/** @throws {UnavailableError} when the database is away */
export async function readInstallation(database: Queryable): Promise<Installation> {
  const [row] = await database.query<Installation>('select id from installation');
  return row!;
}
