/**
 * Limits how often each user may do something, over all nodes.
 *
 * A limit has one or more rates, such as 20 in 1 s and 300 in 60 s. Each rate has fixed windows: a
 * user's window begins with its first action and ends after the rate's seconds.
 *
 * A node counts its users' actions in memory. Once a user has used a tenth of a rate on a node, the
 * node also counts the user's further actions in Redis, and awaits the answer. So users who are far
 * from a limit, as nearly all users are, cost Redis nothing. The price is that actions on
 * several nodes may exceed a rate: each node accepts up to a tenth of it without counting in Redis.
 *
 * - While Redis is away, or when it does not answer within 500 ms, a node decides by its own count.
 * - A refused action counts nowhere: it is taken out of every count, of the other rates as well.
 *   So what is refunded after it can be used again, on every node.
 * - Actions that come at the same time cannot exceed a rate on one node together, since the count
 *   in memory is synchronous. Across nodes, Redis counts atomically.
 * - `consume` returns a function that undoes its count, e.g. for a repeated request. After the end
 *   of the window the function does nothing, since it would allow an extra action in the next one.
 */
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import { RateLimitedError } from '../errors';
import type { Logger } from '../logger';
import { RedisConnection } from '../redis/redis.connection';
import { RedisHealth } from '../redis/redis.health';
import { Tally } from '../runtime/tally';

/**
 * An action waits for Redis to count it. After this time the count on the node decides instead.
 */
const COMMAND_TIMEOUT_MS = 500;
/** Up to this share of a limit, a user's actions are counted only on their node. */
const LOCAL_SHARE = 0.1;

/** At most `limit` actions in a window of `seconds`, which begins with its first action. */
export interface Rate {
  limit: number;
  seconds: number;
}

/** Undoes one count, unless its window has already ended. */
export type Refund = () => void;

export interface RateLimitsOptions {
  /** null when this node is the only one. It then counts in its memory. */
  redisUrl: string | null;
  /** The start of each key, so that installations can share one Redis. */
  keyPrefix: string;
  logger: Logger;
  /** The registry in which the limits report their trouble. Default: one of their own. */
  health?: RedisHealth;
}

/** Makes the limits of this node, and holds their connection to Redis. */
export class RateLimits {
  /** Actions that were accepted, by what is limited. */
  readonly accepted = new Tally();
  /** Actions that were refused, by what is limited. */
  readonly refused = new Tally();
  /** Counts that this node made alone although there is a Redis, which was away or too slow. */
  readonly countedAlone = new Tally();
  private readonly connection: RedisConnection | null;

  constructor(private readonly options: RateLimitsOptions) {
    const { redisUrl: url, logger, keyPrefix, health = new RedisHealth(logger) } = options;
    this.connection =
      url === null
        ? null
        : new RedisConnection({
            url,
            commandTimeoutMs: COMMAND_TIMEOUT_MS,
            part: health.part('rate limits', 'this node counts alone'),
            rights: {
              commands: ['SET', 'INCRBY', 'PTTL', 'EXPIRE', 'EVALSHA'].map((name) =>
                name === 'EVALSHA' ? [name, '', '1', keyPrefix] : [name, keyPrefix],
              ),
              writeKey: `${keyPrefix}rate:probe`,
            },
          });
  }

  /** Resolves once Redis is known to be up or away. It does not reject when Redis is away. */
  async start(): Promise<void> {
    await this.connection?.start();
  }

  async stop(): Promise<void> {
    await this.connection?.stop();
  }

  /**
   * Makes the limit of one kind of action.
   *
   * @param what the name of what is limited, for the error and the keys in Redis, e.g. `messages`
   */
  of(what: string, rates: readonly Rate[]): RateLimit {
    return new RateLimit(
      what,
      rates.map((rate) => this.windowOf(what, rate)),
      this,
    );
  }

  private windowOf(what: string, rate: Rate): RateWindow {
    const { keyPrefix } = this.options;
    const limits = { points: rate.limit, duration: rate.seconds };
    const shared =
      this.connection &&
      new RateLimiterRedis({
        ...limits,
        keyPrefix: `${keyPrefix}rate:${what}:${rate.seconds}`,
        storeClient: this.connection.client,
        rejectIfRedisNotReady: true,
      });
    const sharedNow = () => (this.connection?.isUp ? shared : null);
    const noteAlone = () => {
      if (shared) this.countedAlone.add(what);
    };
    return new RateWindow(rate, new RateLimiterMemory(limits), sharedNow, noteAlone);
  }
}

/** The result of counting one action. */
interface Count {
  /** Milliseconds until the window ends; null when the action is accepted. */
  refusedForMs: number | null;
  /** The number of actions in the window, including this one. */
  used: number;
  refund: Refund;
}

/** One rate of a limit, counted in memory and, if needed, in Redis. */
class RateWindow {
  constructor(
    readonly rate: Rate,
    private readonly local: RateLimiterAbstract,
    /** Returns null while this node counts alone. */
    private readonly shared: () => RateLimiterAbstract | null,
    /** Called when a count that should be shared was made by this node alone. */
    private readonly noteAlone: () => void,
  ) {}

  /** Counts one action. The count in memory is made synchronously, before this returns. */
  async consume(userId: string): Promise<Count> {
    // Only a store that does not answer returns null, and memory always answers.
    const local = (await countIn(this.local, userId))!;
    if (local.refusedForMs !== null) {
      local.refund();
      return local;
    }
    if (local.used <= this.rate.limit * LOCAL_SHARE) return local;
    const limiter = this.shared();
    const shared = limiter && (await countIn(limiter, userId));
    if (shared === null) {
      this.noteAlone();
      return local;
    }
    if (shared.refusedForMs !== null) {
      local.refund();
      shared.refund();
      return shared;
    }
    const refund = () => {
      local.refund();
      shared.refund();
    };
    return { ...shared, refund };
  }
}

/** Limits how often each user may do one thing. It may have several rates, and all apply. */
export class RateLimit {
  constructor(
    private readonly what: string,
    private readonly windows: readonly RateWindow[],
    private readonly tallies: { accepted: Tally; refused: Tally },
  ) {}

  /**
   * Counts one action of the user.
   *
   * @returns a function that undoes the count
   * @throws {RateLimitedError} when a rate refuses the action; with several, the error names the
   *   one with the longest wait. The action does not count then
   */
  async consume(userId: string): Promise<Refund> {
    // All windows count in memory before the first await. So of actions that come at the same time,
    // each sees the counts of those before it.
    const counts = await Promise.all(this.windows.map((window) => window.consume(userId)));
    const refused = counts.filter(({ refusedForMs }) => refusedForMs !== null);
    const accepted = counts.filter(({ refusedForMs }) => refusedForMs === null);
    const refund = () => {
      for (const count of accepted) count.refund();
    };
    const tally = refused.length === 0 ? this.tallies.accepted : this.tallies.refused;
    tally.add(this.what);
    if (refused.length === 0) return refund;
    refund();
    const longest = refused.reduce((one, other) =>
      other.refusedForMs! > one.refusedForMs! ? other : one,
    );
    const { limit, seconds } = this.windows[counts.indexOf(longest)]!.rate;
    throw new RateLimitedError(
      `Too many ${this.what}: at most ${limit} in ${seconds} s.`,
      longest.refusedForMs!,
    );
  }
}

/** Counts one action in a store. Returns null when the store does not answer. */
async function countIn(limiter: RateLimiterAbstract, userId: string): Promise<Count | null> {
  // Read before the count, so the end that `refund` computes is not later than the window's end.
  const startMs = Date.now();
  const countOf = ({ msBeforeNext, consumedPoints }: RateLimiterRes, refused: boolean): Count => ({
    refusedForMs: refused ? Math.max(1, Math.ceil(msBeforeNext)) : null,
    used: consumedPoints,
    refund: () => {
      // After the end of its window, a refund would allow an extra action in the next window.
      if (Date.now() < startMs + msBeforeNext) limiter.reward(userId).catch(() => undefined);
    },
  });
  try {
    return countOf(await limiter.consume(userId), false);
  } catch (reason) {
    return reason instanceof RateLimiterRes ? countOf(reason, true) : null;
  }
}
