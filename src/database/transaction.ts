/**
 * Units of work that are written completely or not at all.
 *
 * `run` opens a transaction on one connection of the pool, and commits when `work` resolves. When
 * `work` rejects, it rolls back and rejects with the same error. `statement` runs one statement
 * that is a unit of work by itself, and needs a single round trip.
 *
 * - The database may abort a unit of work to break a deadlock (40P01), or for a serialization
 *   failure (40001). Nothing was written then. The unit of work runs again at once, from its start,
 *   up to three times. After that it rejects with `UnavailableError`.
 * - Callbacks of `afterCommit` run in the order in which they were given, once the commit was
 *   answered and the connection was returned to the pool. Each attempt collects its own, so an
 *   attempt that was rolled back leaves none behind. One that throws is logged: the others run, and
 *   the unit of work has succeeded all the same.
 * - When the connection is lost between a commit and its answer, the commit may have happened. The
 *   `UnavailableError` then has `outcome: 'UNKNOWN'`, and there is no retry. The same holds for
 *   `statement`, which commits by itself.
 * - When a server turns out to be read-only, nothing was written either. The unit of work runs once
 *   more if a new connection may lead to another server (`sessions.ts`).
 * - When the connection is lost before the commit was sent, nothing was written, and the unit of
 *   work runs again on another one, up to three times within a second.
 * - A statement of a transaction never runs on another connection. When the transaction's own is
 *   lost, its remaining statements reject.
 * - Every statement has the time limit of `statements.ts`, those that begin and end a transaction
 *   included.
 */
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { UnavailableError } from '../errors';
import type { Logger } from '../logger';
import { asDomainError, endsSession, isSerializationFailure, NotSentError } from './failures';
import { type Sessions, sessionsOf } from './sessions';
import { rowsOf } from './statements';

/** The first attempt and three retries. */
const ATTEMPTS = 4;

/** One open transaction. */
export interface Transaction {
  /** Runs one statement. Returns its rows as plain objects with the statement's column names. */
  query<Row = unknown>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /**
   * Runs `work` after the commit, in the order of the calls. It does not run when the transaction
   * is rolled back.
   */
  afterCommit(work: () => void): void;
}

/**
 * Runs statements: the pool, or one transaction. The pool runs only reads, since it repeats a
 * statement whose connection is lost. A single write goes through {@link Transactions.statement}.
 */
export type Queryable = Pick<Transaction, 'query'>;

/** Runs units of work on the pool of a data source. */
export class Transactions {
  private readonly sessions: Sessions;

  /** @param dataSource must be initialized */
  constructor(
    dataSource: DataSource,
    private readonly logger: Logger,
  ) {
    this.sessions = sessionsOf(dataSource);
  }

  /**
   * Runs `work` in a transaction and commits it.
   *
   * @param work may run several times, so it must not keep anything from an earlier attempt
   * @returns the result of `work`
   * @throws what `work` throws, after the rollback
   * @throws {UnavailableError} when the database is away or aborted all attempts; with `outcome:
   *   'UNKNOWN'` when the answer to the commit was lost
   */
  run<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.persistently(() => this.attempt(work));
  }

  /**
   * Runs one statement that is a unit of work by itself, in one round trip. Retries as {@link run}
   * does.
   *
   * @returns the statement's rows
   * @throws {UnavailableError} when the database is away or aborted all attempts; with `outcome:
   *   'UNKNOWN'` when the answer was lost, because the statement may have been committed
   */
  statement<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    return this.persistently(() =>
      this.sessions.write((client) =>
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
        // The database rolled the last attempt back, so the outcome is not UNKNOWN.
        if (count === ATTEMPTS) throw new UnavailableError({ cause: error });
        this.logger.debug({ attempt: count, err: error }, 'transaction tried again');
      }
    }
  }

  private async attempt<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    let afterCommit: readonly (() => void)[] = [];
    const result = await this.sessions.writeRepeatedly(async (client) => {
      const transaction = new OpenTransaction(client, this.logger);
      const done = await transaction.run(work);
      afterCommit = transaction.callbacks;
      return done;
    });
    for (const callback of afterCommit) this.runAfterCommit(callback);
    return result;
  }

  private runAfterCommit(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.logger.error({ err: error }, 'work after the commit failed');
    }
  }
}

/** One transaction on its connection. */
class OpenTransaction implements Transaction {
  readonly callbacks: (() => void)[] = [];
  /** The reason why nothing can be sent any more: the error that ended the session. */
  private ended: { cause: unknown } | null = null;

  constructor(
    private readonly client: PoolClient,
    private readonly logger: Logger,
  ) {}

  async run<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    await this.query('begin');
    let result: T;
    try {
      result = await work(this);
    } catch (error) {
      await this.rollback();
      throw error;
    }
    await this.commit();
    return result;
  }

  /** @throws {NotSentError} when the connection was lost, or the transaction is over */
  async query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> {
    if (this.ended) throw new NotSentError(this.ended);
    try {
      return await rowsOf<Row>(this.client, sql, parameters);
    } catch (error) {
      if (endsSession(error)) this.ended ??= { cause: error };
      throw error;
    }
  }

  afterCommit(callback: () => void): void {
    this.callbacks.push(callback);
  }

  private async commit(): Promise<void> {
    try {
      await this.last('commit');
    } catch (error) {
      throw asDomainError(error, { commit: true });
    }
  }

  private async rollback(): Promise<void> {
    try {
      await this.last('rollback');
    } catch (error) {
      // The connection is lost, and the server has rolled back by itself. The caller throws the
      // error that led here.
      this.logger.debug({ err: error }, 'rollback failed');
    }
  }

  /** Sends the last statement. Statements that `work` did not wait for are refused from now on. */
  private async last(sql: string): Promise<void> {
    const answer = this.query(sql);
    this.ended ??= { cause: new Error('The transaction is over.') };
    await answer;
  }
}
