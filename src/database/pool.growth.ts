/**
 * Lets the pool work with fewer sessions than it may have, when the server or a pooler has no more
 * for it.
 *
 * pg's pool opens a session for a request when none is free, and the request then waits for that
 * one alone. At a server without a free slot the request fails, and at a pooler without one it
 * waits until it fails, while other sessions come back.
 *
 * - A request for which a session is being opened takes any session that is given back before. The
 *   new one goes to the next request, or to the pool.
 * - Once it is seen that no more can be had, the pool does not grow for 2 s, and requests wait in
 *   its queue. It is seen when the server says so, or when other work gets its answers while a
 *   session is being opened for 1 s.
 *
 * A request that meets a free session is not touched by this.
 */
import type { Pool, PoolClient } from 'pg';
import { isShortage } from './failures';

/** A session is opened in less, unless no more can be had or the database is away. */
const SLOW_MS = 1_000;
/** The time after which the pool is allowed to grow again. */
const PAUSE_MS = 2_000;

/** A request for which a session is being opened. */
interface Opening {
  take(client: PoolClient): void;
}

export class PoolGrowth {
  /** The sessions that are lent for long, so that no request may wait for them. */
  readonly kept = new Set<PoolClient>();
  private readonly openings = new Set<Opening>();
  private readonly largest: number;
  private open: number;
  /** Counts the sessions that were given back. */
  private returned = 0;
  private pause: NodeJS.Timeout | undefined;

  /** @param giveBack gives back a session that came after its request took another one */
  constructor(
    private readonly pool: Pool,
    private readonly giveBack: (client: PoolClient) => void,
  ) {
    this.largest = pool.options.max ?? 1;
    this.open = pool.totalCount;
    pool.on('connect', () => this.open++);
    pool.on('remove', () => this.open--);
  }

  /** The requests for which a session is being opened. */
  get openingCount(): number {
    return this.openings.size;
  }

  /** The sessions that the pool may have. */
  get limit(): number {
    return this.largest;
  }

  /** Returns a session of the pool. @throws pg's error when none can be had */
  connect(): Promise<PoolClient> {
    return this.mustGrow ? this.connectNew() : this.pool.connect();
  }

  /**
   * Returns when a request that got no session may try again, and then waits for those that are
   * there.
   *
   * @throws the error, unless it says that there is no further session
   */
  requireShortage(error: unknown): void {
    if (!isShortage(error) || this.open <= this.kept.size) throw error;
    this.stop();
  }

  /**
   * Hands a session that is given back to the request that waits longest for a new one.
   *
   * @returns false when there is none, so the session goes back to the pool
   */
  handOver(client: PoolClient): boolean {
    this.returned++;
    for (const opening of this.openings) {
      this.openings.delete(opening);
      opening.take(client);
      return true;
    }
    return false;
  }

  /** True when the pool has no session for the next request, and may open one. */
  private get mustGrow(): boolean {
    const { idleCount, waitingCount, totalCount, options } = this.pool;
    return idleCount <= waitingCount && totalCount < options.max!;
  }

  private connectNew(): Promise<PoolClient> {
    return new Promise((resolve, reject) => {
      const opening: Opening = { take: resolve };
      this.openings.add(opening);
      const { returned } = this;
      const timer = setTimeout(() => {
        if (this.returned > returned) this.stop();
      }, SLOW_MS);
      this.pool.connect().then(
        (client) => {
          clearTimeout(timer);
          if (this.openings.delete(opening)) resolve(client);
          else this.giveBack(client);
        },
        (error: unknown) => {
          clearTimeout(timer);
          if (this.openings.delete(opening)) reject(error);
        },
      );
    });
  }

  /** Keeps the pool at its present size for a while. */
  private stop(): void {
    if (this.open <= this.kept.size || this.open >= this.largest) return;
    this.pool.options.max = this.open;
    clearTimeout(this.pause);
    this.pause = setTimeout(() => {
      this.pool.options.max = this.largest;
    }, PAUSE_MS).unref();
  }
}
