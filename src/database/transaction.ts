import type { PoolClient } from 'pg';
import { type DataSource, type QueryRunner, QueryRunnerAlreadyReleasedError } from 'typeorm';
import { UnavailableError } from '../errors';
import type { Logger } from '../logger';
import { asDomainError, isSerializationFailure } from './failures';
import { rowsOf, withConnection } from './statements';

const ATTEMPTS = 4;

/** One open transaction, as the services see it. */
export interface Transaction {
  /** Runs one statement; rows come as plain objects with the statement's column names. */
  query<Row = unknown>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /**
   * Runs `work` after the commit, in the order of the calls, never when the transaction was rolled
   * back.
   */
  afterCommit(work: () => void): void;
}

/** Anything that answers statements: the pool, or one transaction. */
export type Queryable = Pick<Transaction, 'query'>;

/**
 * Runs units of work that are all or nothing. What the database aborts to break a deadlock
 * (40P01) or a serialisation conflict (40001) is tried again up to three times, from the start:
 * `work` must not keep anything from an earlier try.
 */
export class Transactions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly logger: Logger,
  ) {}

  /**
   * @throws what `work` throws, after the rollback; {@link UnavailableError} when the database is
   *   away, with `outcome: 'UNKNOWN'` when the answer to the commit was lost
   */
  run<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.persistently(() => this.attempt(work));
  }

  /**
   * Runs one statement that is a unit of work by itself, in one round trip.
   *
   * @throws {UnavailableError} as {@link run}: a lost answer may have been a committed one
   */
  statement<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    return this.persistently(() =>
      withConnection(this.dataSource, (client) =>
        rowsOf<Row>(client, sql, parameters).catch((error: unknown) => {
          throw asDomainError(error, { commit: true });
        }),
      ),
    );
  }

  private async persistently<T>(attempt: () => Promise<T>): Promise<T> {
    for (let count = 1; ; count++) {
      try {
        return await attempt();
      } catch (error) {
        if (!isSerializationFailure(error)) throw asDomainError(error);
        // The database has rolled it back: nothing was written.
        if (count === ATTEMPTS) throw new UnavailableError({ cause: error });
        this.logger.debug({ attempt: count, err: error }, 'transaction tried again');
      }
    }
  }

  private async attempt<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const afterCommit: (() => void)[] = [];
    let result: T;
    try {
      await runner.startTransaction();
      try {
        result = await work({
          query: (sql, parameters) => within(runner, sql, parameters),
          afterCommit: (callback) => afterCommit.push(callback),
        });
      } catch (error) {
        await this.rollback(runner);
        throw error;
      }
      await this.commit(runner);
    } finally {
      await runner.release();
    }
    for (const callback of afterCommit) callback();
    return result;
  }

  private async commit(runner: QueryRunner): Promise<void> {
    try {
      await runner.commitTransaction();
    } catch (error) {
      throw asDomainError(error, { commit: true });
    }
  }

  private async rollback(runner: QueryRunner): Promise<void> {
    try {
      await runner.rollbackTransaction();
    } catch (error) {
      // The connection is gone and the server rolled back by itself; the first error is the one to
      // tell.
      this.logger.debug({ err: error }, 'rollback failed');
    }
  }
}

/** On the transaction's own connection, and on no other when that is lost. */
async function within<Row>(
  runner: QueryRunner,
  sql: string,
  parameters?: readonly unknown[],
): Promise<Row[]> {
  if (runner.isReleased) throw new QueryRunnerAlreadyReleasedError();
  return rowsOf<Row>((await runner.connect()) as PoolClient, sql, parameters);
}
