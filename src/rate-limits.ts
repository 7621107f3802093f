import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { RateLimitedError } from './errors';
import type { Logger } from './logger';
import { RedisConnection } from './redis';

/** An action waits for the count: where Redis takes longer, the node counts for itself. */
const COMMAND_TIMEOUT_MS = 500;
/** What Redis is not told of. */
const UNTOLD_SHARE = 0.1;

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
 * How often each person may do something, over all nodes. Each node counts what is done there; only who has done more than a
 * tenth of what they may is counted in Redis as well, and waited for. So a node lets at most as many pass as the limit
 * says, all together at most a tenth more for each of them, and whoever is far from the limit costs Redis nothing. While
 * it is away each node counts for itself.
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
    return new RateLimit(
      what,
      rates.map((rate) => this.limit(what, rate)),
    );
  }

  private limit(what: string, rate: Rate): Limit {
    const options = {
      keyPrefix: `${this.options.keyPrefix}rate:${what}:${rate.seconds}`,
      points: rate.most,
      duration: rate.seconds,
    };
    const everywhere =
      this.connection &&
      new RateLimiterRedis({
        ...options,
        storeClient: this.connection.client,
        rejectIfRedisNotReady: true,
        // Whoever goes on beyond the limit is refused without Redis.
        inMemoryBlockOnConsumed: rate.most + 1,
      });
    return new Limit(rate, new RateLimiterMemory(options), everywhere);
  }
}

/** What became of one that was to be counted. */
interface Take {
  /** Within the present window, with this one. */
  count: number;
  /** Null: it is not refused. */
  refusedForMs: number | null;
  giveBack: GiveBack;
}

/** One rate of one thing. */
class Limit {
  constructor(
    readonly rate: Rate,
    private readonly here: RateLimiterMemory,
    private readonly everywhere: RateLimiterRedis | null,
  ) {}

  async take(userId: string): Promise<Take> {
    const here = await take(this.here, userId);
    if (here.refusedForMs !== null || !this.everywhere || here.count <= this.rate.most * UNTOLD_SHARE) return here;
    const everywhere = await take(this.everywhere, userId).catch(() => null);
    // Redis is away.
    if (!everywhere) return here;
    if (everywhere.refusedForMs !== null) here.giveBack();
    const giveBack = () => {
      here.giveBack();
      everywhere.giveBack();
    };
    return { ...everywhere, giveBack };
  }
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
    const takes = await Promise.all(this.limits.map((limit) => limit.take(userId)));
    let longest = 0;
    for (const [index, { refusedForMs }] of takes.entries())
      if (refusedForMs !== null && refusedForMs >= (takes[longest]!.refusedForMs ?? 0)) longest = index;
    const taken = takes.filter(({ refusedForMs }) => refusedForMs === null);
    const giveBack = () => {
      for (const one of taken) one.giveBack();
    };
    const { refusedForMs } = takes[longest]!;
    if (refusedForMs === null) return giveBack;
    giveBack();
    const { most, seconds } = this.limits[longest]!.rate;
    throw new RateLimitedError(`Too many ${this.what}: at most ${most} in ${seconds} s.`, refusedForMs);
  }
}

/** @throws what keeps it from counting */
async function take(limiter: RateLimiterAbstract, userId: string): Promise<Take> {
  // Before it is counted, so that what is believed to go on still does.
  const nowMs = Date.now();
  try {
    const { consumedPoints, msBeforeNext } = await limiter.consume(userId);
    const giveBack = () => {
      // Given back to a time that is over, it would be one more than the next may have.
      if (Date.now() < nowMs + msBeforeNext) limiter.reward(userId).catch(() => undefined);
    };
    return { count: consumedPoints, refusedForMs: null, giveBack };
  } catch (reason) {
    if (!(reason instanceof RateLimiterRes)) throw reason;
    return { count: reason.consumedPoints, refusedForMs: reason.msBeforeNext, giveBack() {} };
  }
}
