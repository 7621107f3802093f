import { DataSource } from 'typeorm';
import type { Logger } from '../logger';
import { asDomainError } from './failures';
import { Initial1764000000001 } from './migrations/1-initial';
import { Functions1764000000002 } from './migrations/2-functions';
import { SnakeCaseNaming } from './naming';
import { rowsOf, withConnection } from './statements';
import type { Queryable } from './transaction';

/** Key of the advisory lock under which migrations run; any constant of this project's own. */
const MIGRATION_LOCK = 7_041_776_001;

/**
 * For a connection of the pool, or a new one. Who asks and what for may both have to wait: together
 * within 5 s.
 */
const CONNECTION_WAIT_MS = 2_400;

const SESSION_OPTIONS = [
  '-c lock_timeout=2000',
  '-c statement_timeout=10000',
  '-c idle_in_transaction_session_timeout=5000',
  '-c TimeZone=UTC',
].join(' ');

export interface DatabaseOptions {
  url: string;
  /** Connections at most. */
  poolSize: number;
  entities: (new () => object)[];
  logger: Logger;
}

/**
 * Connects to Postgres 15 or newer. Every session has its limits (lock 2 s, statement 10 s, idle in
 * a transaction 5 s) from its first statement on.
 */
export async function connectDatabase(options: DatabaseOptions): Promise<DataSource> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: options.url,
    poolSize: options.poolSize,
    connectTimeoutMS: CONNECTION_WAIT_MS,
    applicationName: 'parley',
    entities: options.entities,
    migrations: [Initial1764000000001, Functions1764000000002],
    migrationsTableName: 'migrations',
    logging: false,
    namingStrategy: new SnakeCaseNaming(),
    poolErrorHandler: (error: unknown) => {
      // Its last connections may end after it was destroyed.
      if (dataSource.isInitialized) options.logger.warn({ err: error }, 'database connection lost');
    },
    extra: { options: SESSION_OPTIONS },
  });
  return dataSource.initialize();
}

/** Brings the schema up to date; nodes that start together do it one after the other. */
export async function migrate(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    // Waiting for another node's migration may take longer than any request may.
    await runner.query(`set statement_timeout = 0`);
    await runner.query(`set lock_timeout = 0`);
    await runner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      await dataSource.runMigrations({ transaction: 'each' });
    } finally {
      await runner.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
      await runner.query('reset statement_timeout');
      await runner.query('reset lock_timeout');
    }
  } finally {
    await runner.release();
  }
}

/**
 * The pool as the read side sees it: one statement a call, errors already those of the catalogue.
 */
export function queryableOf(dataSource: DataSource): Queryable {
  return {
    async query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> {
      try {
        return await withConnection(dataSource, (client) => rowsOf<Row>(client, sql, parameters));
      } catch (error) {
        throw asDomainError(error);
      }
    },
  };
}

export interface Installation {
  /** In every channel and key in Redis, so that installations can share one. */
  id: string;
  /** Changes when the database was set back to an earlier state. */
  logEpoch: string;
}

export async function readInstallation(database: Queryable): Promise<Installation> {
  const [row] = await database.query<Installation>(
    'select id, log_epoch as "logEpoch" from installation',
  );
  return row!;
}
