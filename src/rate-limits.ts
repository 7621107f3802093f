import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { RateLimitedError } from './errors';
import type { Logger } from './logger';
import { RedisConnection } from './redis';

/** An action waits for the count: where Redis takes longer, the node counts for itself. */
const COMMAND_TIMEOUT_MS = 500;

/** At most `most` within `seconds` of the first of them. */
export interface Rate {
  most: number;
  seconds: number;
}

/** What was taken does not count, as far as its time is not over anyway. */
export type GiveBack = () => void;

export interface RateLimitsOptions {
  /** Null: this node is the only one, and counts in its memory. */
  redisUrl: string | null;
  /** Stands before each key, so that installations can share one Redis. */
  keyPrefix: string;
  logger: Logger;
}

/**
 * How often each person may do something, over all nodes. They count in Redis; while it is away each node counts for
 * itself, so that a person has at most as many times the limit as there are nodes.
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

  /** @param what is limited, as the refusal calls it, and in Redis: `messages` */
  of(what: string, rates: readonly Rate[]): RateLimit {
    const limits = rates.map((rate) => ({ rate, limiter: this.limiter(what, rate) }));
    return new RateLimit(what, limits);
  }

  private limiter(what: string, { most, seconds }: Rate): RateLimiterAbstract {
    const options = {
      keyPrefix: `${this.options.keyPrefix}rate:${what}:${seconds}`,
      points: most,
      duration: seconds,
    };
    const here = new RateLimiterMemory(options);
    if (!this.connection) return here;
    return new RateLimiterRedis({
      ...options,
      storeClient: this.connection.client,
      rejectIfRedisNotReady: true,
      insuranceLimiter: here,
      // Whoever goes on beyond the limit is refused without Redis.
      inMemoryBlockOnConsumed: most + 1,
    });
  }
}

interface Limit {
  rate: Rate;
  limiter: RateLimiterAbstract;
}

/** How often each person may do one thing. */
export class RateLimit {
  constructor(
    private readonly what: string,
    private readonly limits: readonly Limit[],
  ) {}

  /**
   * Counts one.
   *
   * @throws {RateLimitedError} it is one too many; it does not count then
   */
  async take(userId: string): Promise<GiveBack> {
    // Before Redis counts, so that what is believed to go on still does.
    const nowMs = Date.now();
    const answers = await Promise.allSettled(this.limits.map(({ limiter }) => limiter.consume(userId)));
    const taken: { limiter: RateLimiterAbstract; untilMs: number }[] = [];
    let refused: { rate: Rate; retryAfterMs: number } | null = null;
    for (const [index, answer] of answers.entries()) {
      const { rate, limiter } = this.limits[index]!;
      if (answer.status === 'fulfilled') taken.push({ limiter, untilMs: nowMs + answer.value.msBeforeNext });
      else if (!(answer.reason instanceof RateLimiterRes)) throw answer.reason;
      else if (answer.reason.msBeforeNext > (refused?.retryAfterMs ?? 0))
        refused = { rate, retryAfterMs: answer.reason.msBeforeNext };
    }
    // Given back to a time that is over, it would be one more than the next may have.
    const giveBack = () => {
      for (const { limiter, untilMs } of taken) if (Date.now() < untilMs) void limiter.reward(userId);
    };
    if (!refused) return giveBack;
    giveBack();
    const { most, seconds } = refused.rate;
    throw new RateLimitedError(`Too many ${this.what}: at most ${most} in ${seconds} s.`, refused.retryAfterMs);
  }
}
