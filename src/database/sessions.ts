/**
 * Lends the connections of TypeORM's pool, each of which is one session of the server, and decides
 * which of them are not lent again.
 *
 * - A session that has ended is removed from the pool: its connection was lost, the server said
 *   that it ends it, or a statement got no answer in time. pg counts a connection as lost only once
 *   it has read the end of its socket, and until then the pool would lend it to other work.
 * - The pool works with the sessions that it gets, also when it may have more (`pool.growth.ts`).
 * - A session is returned to the pool only outside of a transaction. Otherwise it is removed.
 * - After a failover, sessions may remain at a server that has become read-only. One that says so
 *   (25006) is removed. From then on no write gets a session that was opened before that, and the
 *   write itself is repeated once on a new session, since nothing was written. Reads keep the older
 *   sessions until a write has succeeded, because at a database that stays read-only new ones would
 *   be no better. After that it is known that the older ones are at the wrong server, and no work
 *   gets them any more.
 *
 * Work may run again on another session: `repeats.ts` says when.
 *
 * Errors are those of pg. `failures.ts` tells what they mean.
 */
import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { endsSession, isReadOnly } from './failures';
import { PoolGrowth } from './pool.growth';
import { repeating, SecondReads } from './repeats';
import { type CountedClient, rowsOf, StatementCounts, streamOf } from './statements';

/** A request that the pool refuses, for lack of a further session, tries again so often. */
const MAX_REFUSALS = 3;

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

/** The sessions of a pool at one moment. */
export interface SessionUsage {
  /** Sessions that are open at most. */
  limit: number;
  /** Open sessions that do nothing. */
  idle: number;
  /** Open sessions that work, or are lent for long. */
  lent: number;
  /** Requests that wait for a session, also for one that is being opened. */
  waiting: number;
}

export class Sessions {
  readonly statements = new StatementCounts();
  /** Numbers the sessions in the order in which they were opened. */
  private readonly numbers = new WeakMap<PoolClient, number>();
  private newest = 0;
  /** Writes get only sessions with this number or a greater one. */
  private writableFrom = 0;
  /** All work gets only sessions with this number or a greater one. */
  private usableFrom = 0;
  private readonly secondReads = new SecondReads();
  private readonly growth: PoolGrowth;

  constructor(private readonly pool: Pool) {
    this.growth = new PoolGrowth(pool, (client) => this.giveBack(client, false));
    pool.on('connect', (client) => {
      this.numbers.set(client, ++this.newest);
    });
  }

  get usage(): SessionUsage {
    const { idleCount: idle, totalCount, waitingCount } = this.pool;
    const { openingCount, limit } = this.growth;
    const waiting = waitingCount + openingCount;
    // The pool counts a session that is still being opened as one that it has.
    return { limit, idle, lent: Math.max(0, totalCount - idle - openingCount), waiting };
  }

  /**
   * Runs a read on a session. Runs it again, on another session, when the connection is lost. Runs
   * it on another one as well when it has not been answered for 3 s, and returns the first answer.
   *
   * @param work writes nothing, so that it may run several times
   * @throws what `work` throws, or pg's error when no session can be had
   */
  read<T>(work: Work<T>): Promise<T> {
    return this.secondReads.run(() => this.readOnce(work));
  }

  private readOnce<T>(work: Work<T>): Promise<T> {
    return repeating(
      (from) => this.use(Math.max(from, this.usableFrom), work),
      () => this.newest + 1,
    );
  }

  /**
   * Runs a unit of work that may write, on a session. Runs it again, on a new session, when an
   * older one turns out to be read-only: nothing was written then.
   *
   * @param work commits what it writes, or rejects
   * @throws what `work` throws, or pg's error when no session can be had
   */
  write<T>(work: Work<T>): Promise<T> {
    return this.writeFrom(0, work);
  }

  /**
   * Runs a unit of work as {@link write} does. Runs it again, on another session, when the
   * connection is lost before a commit was sent.
   *
   * @param work rejects with `outcome: 'UNKNOWN'` when the answer to its commit was lost
   * @throws what `work` throws, or pg's error when no session can be had
   */
  writeRepeatedly<T>(work: Work<T>): Promise<T> {
    return repeating(
      (from) => this.writeFrom(from, work),
      () => this.newest + 1,
    );
  }

  /**
   * Lends a session for longer than one unit of work. The borrower gives it back by
   * {@link giveBack}.
   *
   * @throws pg's error when no session can be had
   */
  async borrow(): Promise<PoolClient> {
    const client = await this.lend(this.usableFrom);
    this.growth.kept.add(client);
    return client;
  }

  /** Returns a session to the pool, or removes it from the pool when it must not be lent again. */
  giveBack(client: PoolClient, hasEnded: boolean): void {
    this.growth.kept.delete(client);
    const isUsable = !hasEnded && isOpen(client) && client.getTransactionStatus() === 'I';
    // `true` removes the connection from the pool.
    if (!isUsable || !this.growth.handOver(client)) client.release(!isUsable);
  }

  /**
   * Ends the connection of every session, whatever runs on it, so that its work rejects at once. No
   * session can be had any more.
   */
  endAll(): void {
    this.usableFrom = Number.POSITIVE_INFINITY;
    // pg's pool names the connections that it has lent only in this field.
    const { _clients: clients } = this.pool as unknown as { _clients: PoolClient[] };
    for (const client of clients) streamOf(client).destroy();
  }

  /** True when a write has found out that the session is at a server that has become read-only. */
  isOutdated(client: PoolClient): boolean {
    return this.numberOf(client) < this.usableFrom;
  }

  private async writeFrom<T>(from: number, work: Work<T>): Promise<T> {
    const newest = this.newest;
    let number = 0;
    const attempt = async () => {
      const result = await this.use(Math.max(from, this.writableFrom), (client) => {
        number = this.numberOf(client);
        return work(client);
      });
      if (number >= this.writableFrom) this.usableFrom = this.writableFrom;
      return result;
    };
    try {
      return await attempt();
    } catch (error) {
      const isNew = number > newest;
      if (!isReadOnly(error) || isNew) throw error;
      return attempt();
    }
  }

  private async use<T>(from: number, work: Work<T>): Promise<T> {
    const client = await this.lend(from);
    let hasEnded = false;
    try {
      return await work(client);
    } catch (error) {
      hasEnded = endsSession(error);
      if (isReadOnly(error)) {
        this.writableFrom = this.newest + 1;
        await leaveOpen(client);
      }
      throw error;
    } finally {
      this.giveBack(client, hasEnded);
    }
  }

  /**
   * Lends a session with this number or a greater one. Older ones stay in the pool, unless it is
   * full and one of them has to make room, or no work may have them any more.
   */
  private async lend(from: number): Promise<PoolClient> {
    if (this.usableFrom === Number.POSITIVE_INFINITY) throw new Error('Driver not Connected');
    let older: PoolClient[] | null = null;
    let refusals = 0;
    try {
      for (;;) {
        let client: PoolClient;
        try {
          client = await this.growth.connect();
        } catch (error) {
          if (++refusals > MAX_REFUSALS) throw error;
          this.growth.requireShortage(error);
          continue;
        }
        const isUsable = isOpen(client) && !this.isOutdated(client);
        if (isUsable && this.numberOf(client) >= from) return this.counted(client);
        if (isUsable && this.hasRoom) older = [...(older ?? []), client];
        else await this.remove(client);
      }
    } finally {
      for (const client of older ?? []) this.giveBack(client, false);
    }
  }

  private async remove(client: PoolClient): Promise<void> {
    if (this.isOutdated(client)) await leaveOpen(client);
    this.giveBack(client, true);
  }

  /** The pool may have opened it before there was anybody to count. */
  private counted(client: CountedClient): PoolClient {
    client.statementCounts = this.statements;
    return client;
  }

  /** True while the pool lends a session at once. */
  private get hasRoom(): boolean {
    const { idleCount, totalCount, options } = this.pool;
    return idleCount > 0 || totalCount < (options.max ?? 0);
  }

  private numberOf(client: PoolClient): number {
    return this.numbers.get(client) ?? 0;
  }
}

/**
 * Begins a transaction in a session that is about to be removed. A pooler hands on a session whose
 * client has left, and one at a server that is read-only must not come back as a new one. It ends a
 * session whose client left within a transaction.
 */
async function leaveOpen(client: PoolClient): Promise<void> {
  await rowsOf(client, 'begin').catch(() => undefined);
}

/** True while neither side has ended the connection, as far as this process has read. */
function isOpen(client: PoolClient): boolean {
  const { destroyed, readable, writable } = streamOf(client);
  return !destroyed && readable && writable;
}
