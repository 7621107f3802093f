/**
 * Lends the connections of TypeORM's pool, each of which is one session of the server, and decides
 * which of them are not lent again.
 *
 * - A session that has ended is removed from the pool: its connection was lost, the server said
 *   that it ends it, or a statement got no answer in time. pg counts a connection as lost only once
 *   it has read the end of its socket, and until then the pool would lend it to other work.
 * - A session is returned to the pool only outside of a transaction. Otherwise it is removed.
 * - A read whose connection is lost is repeated at once on another one, up to three times within a
 *   second. The server may have ended many connections together, and this process may not have read
 *   that yet. So the first repeat waits until it has read what has arrived, and the later ones
 *   demand a connection that was opened after the loss. A write is never repeated here, since it
 *   may have been committed.
 *
 * Errors are those of pg. `failures.ts` tells what they mean.
 */
import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { endsSession, isLostConnection } from './failures';
import { streamOf } from './statements';

/** The largest number of repeats of one read. */
const REPEATS = 3;
/** The time after the first loss within which a read is repeated. */
const REPEAT_WINDOW_MS = 1_000;

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
  /** Numbers the sessions in the order in which they were opened. */
  private readonly numbers = new WeakMap<PoolClient, number>();
  private newest = 0;

  constructor(private readonly pool: Pool) {
    pool.on('connect', (client) => this.numbers.set(client, ++this.newest));
  }

  /**
   * Runs a read on a session. Runs it again, on another session, when the connection is lost.
   *
   * @param work writes nothing, so that it may run several times
   * @throws what `work` throws, or pg's error when no session can be had
   */
  async read<T>(work: Work<T>): Promise<T> {
    let from = 0;
    let lostAtMs = 0;
    for (let repeats = 0; ; repeats++) {
      try {
        return await this.use(from, work);
      } catch (error) {
        const nowMs = performance.now();
        if (repeats === 0) lostAtMs = nowMs;
        if (!isLostConnection(error) || repeats === REPEATS) throw error;
        if (nowMs - lostAtMs > REPEAT_WINDOW_MS) throw error;
        if (repeats === 0) await new Promise(setImmediate);
        else from = this.newest + 1;
      }
    }
  }

  /**
   * Runs a unit of work that may write, on a session.
   *
   * @throws what `work` throws, or pg's error when no session can be had
   */
  write<T>(work: Work<T>): Promise<T> {
    return this.use(0, work);
  }

  /**
   * Lends a session for longer than one unit of work. The borrower gives it back by
   * {@link giveBack}.
   *
   * @throws pg's error when no session can be had
   */
  async borrow(): Promise<PoolClient> {
    return this.lend(0);
  }

  /** Returns a session to the pool, or removes it from the pool when it must not be lent again. */
  giveBack(client: PoolClient, hasEnded: boolean): void {
    client.off('error', ignore);
    // `true` removes the connection from the pool.
    client.release(hasEnded || !isOpen(client) || client.getTransactionStatus() !== 'I');
  }

  private async use<T>(from: number, work: Work<T>): Promise<T> {
    const client = await this.lend(from);
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

  /** Lends a session with this number or a greater one, and removes the others that it meets. */
  private async lend(from: number): Promise<PoolClient> {
    for (;;) {
      const client = await this.pool.connect();
      // The pool listens for the errors of idle connections only, and an 'error' event without a
      // listener would end the process. The loss of the connection also rejects the statement.
      client.on('error', ignore);
      if (this.numberOf(client) >= from && isOpen(client)) return client;
      this.giveBack(client, true);
    }
  }

  private numberOf(client: PoolClient): number {
    return this.numbers.get(client) ?? 0;
  }
}

/** True while neither side has ended the connection, as far as this process has read. */
function isOpen(client: PoolClient): boolean {
  const { destroyed, readable, writable } = streamOf(client);
  return !destroyed && readable && writable;
}

function ignore(): void {}
