/**
 * Lends the connections of TypeORM's pool, each of which is one session of the server, and decides
 * which of them are not lent again.
 *
 * - A session that has ended is removed from the pool: its connection was lost, the server said
 *   that it ends it, or a statement got no answer in time. pg counts a connection as lost only once
 *   it has read the end of its socket, and until then the pool would lend it to other work.
 * - A session is returned to the pool only outside of a transaction. Otherwise it is removed.
 *
 * Errors are those of pg. `failures.ts` tells what they mean.
 */
import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { endsSession } from './failures';
import { streamOf } from './statements';

/** Work on one session. */
type Work<T> = (client: PoolClient) => Promise<T>;

const ofDataSource = new WeakMap<DataSource, Sessions>();

/** Returns the sessions of the data source, which must be initialized. */
export function sessionsOf(dataSource: DataSource): Sessions {
  const known = ofDataSource.get(dataSource);
  if (known) return known;
  const { master } = dataSource.driver as unknown as { master: Pool | undefined };
  if (!master) throw new Error('Driver not Connected');
  const sessions = new Sessions(master);
  ofDataSource.set(dataSource, sessions);
  return sessions;
}

export class Sessions {
  constructor(private readonly pool: Pool) {}

  /**
   * Runs work on a session.
   *
   * @throws what `work` throws, or pg's error when no session can be had
   */
  async use<T>(work: Work<T>): Promise<T> {
    const client = await this.borrow();
    let hasEnded = false;
    try {
      return await work(client);
    } catch (error) {
      hasEnded = endsSession(error);
      throw error;
    } finally {
      this.giveBack(client, hasEnded);
    }
  }

  /**
   * Lends a session for longer than one unit of work. The borrower gives it back by
   * {@link giveBack}.
   *
   * @throws pg's error when no session can be had
   */
  async borrow(): Promise<PoolClient> {
    for (;;) {
      const client = await this.pool.connect();
      // The pool listens for the errors of idle connections only, and an 'error' event without a
      // listener would end the process. The loss of the connection also rejects the statement.
      client.on('error', ignore);
      if (isOpen(client)) return client;
      this.giveBack(client, true);
    }
  }

  /** Returns a session to the pool, or removes it from the pool when it must not be lent again. */
  giveBack(client: PoolClient, hasEnded: boolean): void {
    client.off('error', ignore);
    // `true` removes the connection from the pool.
    client.release(hasEnded || !isOpen(client) || client.getTransactionStatus() !== 'I');
  }
}

/** True while neither side has ended the connection, as far as this process has read. */
function isOpen(client: PoolClient): boolean {
  const { destroyed, readable, writable } = streamOf(client);
  return !destroyed && readable && writable;
}

function ignore(): void {}
