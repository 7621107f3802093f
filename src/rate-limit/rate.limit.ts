import { ParleyError, RateLimitedError, UnavailableError } from '../errors';
import type { Tally } from '../runtime/tally';
import type { RefusedAttempts } from './refused.attempts';
import { MemoryWindows, waitOf } from './windows.memory';
import type { RedisWindows } from './windows.redis';

/** At most `limit` actions in a window of `seconds`, which begins with its first action. */
export interface Rate {
  limit: number;
  seconds: number;
}

/** Undoes one count, unless its window has already ended. Called once at most. */
export type Refund = () => void;

/** The result of counting one action in one window. */
interface Count {
  /** Milliseconds until the action would be accepted; 0 when it is. */
  waitMs: number;
  refund: Refund;
}

const NO_REFUND = () => undefined;

/** One rate of a limit, counted in memory and, if needed, in Redis. */
export class RateWindow {
  private readonly local: MemoryWindows;

  /**
   * @param shared null when this node is the only one
   * @param localShare the share of the limit up to which a user's actions are counted on their node
   *   only
   * @param noteAlone called when a count that should be shared was made by this node alone
   */
  constructor(
    readonly rate: Rate,
    private readonly shared: RedisWindows | null,
    private readonly localShare: number,
    private readonly noteAlone: () => void,
  ) {
    this.local = new MemoryWindows(rate.seconds);
  }

  /** Counts one action. The count in memory is made synchronously, before this returns. */
  consume(userId: string): Count | Promise<Count> {
    const { limit } = this.rate;
    const window = this.local.of(userId);
    if (window.used >= limit) return { waitMs: waitOf(window), refund: NO_REFUND };
    window.used++;
    const refund = () => {
      window.used--;
    };
    if (this.shared === null || window.used <= limit * this.localShare)
      return { waitMs: 0, refund };
    return this.consumeShared(this.shared, userId, window, refund);
  }

  private async consumeShared(
    windows: RedisWindows,
    userId: string,
    window: { fullUntilMs: number },
    refundHere: Refund,
  ): Promise<Count> {
    const shared = await windows.count(userId);
    if (shared === null) {
      this.noteAlone();
      return { waitMs: 0, refund: refundHere };
    }
    const { used, leftMs } = shared;
    if (used >= this.rate.limit) window.fullUntilMs = performance.now() + leftMs;
    if (used > this.rate.limit) {
      refundHere();
      return { waitMs: leftMs, refund: NO_REFUND };
    }
    const refund = () => {
      refundHere();
      windows.refund(userId, shared);
    };
    return { waitMs: 0, refund };
  }
}

/** Limits how often each user may do one thing. It may have several rates, and all apply. */
export class RateLimit {
  constructor(
    private readonly what: string,
    private readonly windows: readonly RateWindow[],
    private readonly attempts: RefusedAttempts,
    private readonly tallies: { accepted: Tally; refused: Tally },
  ) {}

  /**
   * Counts an action of the user, and carries it out. An action that fails counts nothing; see
   * {@link fail}.
   *
   * @throws {RateLimitedError} as {@link consume}
   * @throws what `work` throws
   */
  async run<T>(userId: string, work: () => Promise<T>): Promise<T> {
    const refund = await this.consume(userId);
    try {
      return await work();
    } catch (error) {
      this.fail(userId, refund, error);
      throw error;
    }
  }

  /**
   * Counts one action of the user.
   *
   * @returns a function that undoes the count
   * @throws {RateLimitedError} when a rate refuses the action; with several, the error names the
   *   one with the longest wait. The action does not count then. Also when the user has had too
   *   many refused attempts
   */
  async consume(userId: string): Promise<Refund> {
    try {
      this.attempts.check(userId);
      const refund = await this.count(userId);
      this.tallies.accepted.add(this.what);
      return refund;
    } catch (error) {
      this.tallies.refused.add(this.what);
      throw error;
    }
  }

  /**
   * Gives the count of an action back that failed. If the action was refused for what it asked for,
   * it is counted among the user's refused attempts.
   */
  fail(userId: string, refund: Refund, error: unknown): void {
    refund();
    const isRefused = error instanceof ParleyError && !(error instanceof UnavailableError);
    if (isRefused && !(error instanceof RateLimitedError)) this.attempts.add(userId);
  }

  private async count(userId: string): Promise<Refund> {
    // All windows count in memory before the first await. So of actions that come at the same time,
    // each sees the counts of those before it.
    const counts = await Promise.all(this.windows.map((window) => window.consume(userId)));
    const refund = () => {
      for (const count of counts) count.refund();
    };
    const waitMs = Math.max(...counts.map((count) => count.waitMs));
    if (waitMs === 0) return refund;
    refund();
    const longest = counts.findIndex((count) => count.waitMs === waitMs);
    const { limit, seconds } = this.windows[longest]!.rate;
    const message = `Too many ${this.what}: at most ${limit} in ${seconds} s.`;
    throw new RateLimitedError(message, waitMs);
  }
}
