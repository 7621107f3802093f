import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import { RateLimitedError } from '../errors';
import type { Logger } from '../logger';
import { RedisConnection } from '../redis/redis.connection';

/** An action waits for the count in Redis: where Redis takes longer, the node counts for itself. */
const COMMAND_TIMEOUT_MS = 500;
/** Up to this share of a limit a user's actions are counted on their node alone. */
const LOCAL_SHARE = 0.1;

/** At most `limit` within `seconds`, counted from the first of them. */
export interface Rate {
  limit: number;
  seconds: number;
}

/** Takes one count back, unless its window has ended already. */
export type Refund = () => void;

export interface RateLimitsOptions {
  /** null: this node is the only one, and counts in its memory. */
  redisUrl: string | null;
  /** Stands before each key, so that installations can share one Redis. */
  keyPrefix: string;
  logger: Logger;
}

/**
 * Limits how often each user may do something, over all nodes.
 *
 * A node counts its own users' actions in memory. Only once a user has used a tenth of a limit
 * there, their further actions are counted in Redis as well, and wait for its answer. So users who
 * are far from a limit, which is nearly all of them with every message, cost Redis nothing; and
 * several nodes together let a user pass at most a tenth of the limit more for each further node.
 *
 * While Redis is away, each node counts for itself.
 */
export class RateLimits {
  private readonly connection: RedisConnection | null;

  constructor(private readonly options: RateLimitsOptions) {
    const { redisUrl: url, logger } = options;
    this.connection =
      url === null
        ? null
        : new RedisConnection({
            url,
            commandTimeoutMs: COMMAND_TIMEOUT_MS,
            onUp: () => logger.info('rate limits: Redis is there'),
            onAway: ({ message }) =>
              logger.warn({ cause: message }, 'rate limits: Redis is away, this node counts alone'),
          });
  }

  /** Resolves when Redis is known to be there or away: being away never fails a start. */
  async start(): Promise<void> {
    await this.connection?.start();
  }

  async stop(): Promise<void> {
    await this.connection?.stop();
  }

  /** @param what is limited, as the refusal and the keys in Redis call it, e.g. `messages` */
  of(what: string, rates: readonly Rate[]): RateLimit {
    return new RateLimit(
      what,
      rates.map((rate) => this.windowOf(what, rate)),
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
        // A user who goes on beyond the limit is refused without Redis.
        inMemoryBlockOnConsumed: rate.limit + 1,
      });
    return new RateWindow(rate, new RateLimiterMemory(limits), shared);
  }
}

/** The answer to one action that was to be counted. */
interface Count {
  /** null: it is not refused. */
  refusedForMs: number | null;
  /** Actions in the window, this one included. */
  used: number;
  refund: Refund;
}

/** One rate of one thing. */
class RateWindow {
  constructor(
    readonly rate: Rate,
    private readonly local: RateLimiterAbstract,
    private readonly shared: RateLimiterAbstract | null,
  ) {}

  /** The count in memory is made before this returns its promise. */
  async consume(userId: string): Promise<Count> {
    // The memory always answers.
    const local = (await countIn(this.local, userId))!;
    if (local.refusedForMs !== null) {
      local.refund();
      return local;
    }
    if (!this.shared || local.used <= this.rate.limit * LOCAL_SHARE) return local;
    const shared = await countIn(this.shared, userId);
    if (shared === null) return local;
    if (shared.refusedForMs !== null) {
      local.refund();
      return shared;
    }
    const refund = () => {
      local.refund();
      shared.refund();
    };
    return { ...shared, refund };
  }
}

/** Limits one thing that users do, within one window of time or several at once. */
export class RateLimit {
  constructor(
    private readonly what: string,
    private readonly windows: readonly RateWindow[],
  ) {}

  /**
   * Counts one action.
   *
   * @throws {RateLimitedError} it is one too many; it does not count then
   */
  async consume(userId: string): Promise<Refund> {
    // All windows count before the first answers, so actions that come at once do not pass each
    // other.
    const counts = await Promise.all(this.windows.map((window) => window.consume(userId)));
    const refused = counts.filter(({ refusedForMs }) => refusedForMs !== null);
    const accepted = counts.filter(({ refusedForMs }) => refusedForMs === null);
    const refund = () => {
      for (const count of accepted) count.refund();
    };
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

/** Counts one action; null when the store does not answer. */
async function countIn(limiter: RateLimiterAbstract, userId: string): Promise<Count | null> {
  // Taken before the count, so that a window that seems to be open still is.
  const startMs = Date.now();
  const countOf = ({ msBeforeNext, consumedPoints }: RateLimiterRes, refused: boolean): Count => ({
    refusedForMs: refused ? Math.max(1, Math.ceil(msBeforeNext)) : null,
    used: consumedPoints,
    refund: () => {
      // In a window that has ended it would allow one action more than the limit.
      if (Date.now() < startMs + msBeforeNext) limiter.reward(userId).catch(() => undefined);
    },
  });
  try {
    return countOf(await limiter.consume(userId), false);
  } catch (reason) {
    return reason instanceof RateLimiterRes ? countOf(reason, true) : null;
  }
}
