import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { RateLimitedError } from '../errors';
import type { Logger } from '../logger';
import { RedisConnection } from '../redis/redis.connection';
import { Tally } from './tally';

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
    const everywhere =
      this.connection &&
      new RateLimiterRedis({
        keyPrefix: `${this.options.keyPrefix}rate:${what}:${rate.seconds}`,
        points: rate.most,
        duration: rate.seconds,
        storeClient: this.connection.client,
        rejectIfRedisNotReady: true,
        // Whoever goes on beyond the limit is refused without Redis.
        inMemoryBlockOnConsumed: rate.most + 1,
      });
    return new Limit(rate, everywhere);
  }
}

/** What became of one that was to be counted. */
interface Take {
  /** Null: it is not refused. */
  refusedForMs: number | null;
  giveBack: GiveBack;
}

/** One rate of one thing. */
class Limit {
  private readonly here: Tally;

  constructor(
    readonly rate: Rate,
    private readonly everywhere: RateLimiterRedis | null,
  ) {
    this.here = new Tally(rate.seconds * 1_000);
  }

  /** At once for whoever Redis need not be told of: that is nearly everybody, with every message. */
  take(userId: string): Take | Promise<Take> {
    const { most } = this.rate;
    const window = this.here.add(userId);
    const giveBack = () => {
      window.count--;
    };
    if (window.count > most) {
      giveBack();
      return { refusedForMs: Math.max(1, Math.ceil(window.endsAtMs - performance.now())), giveBack: nothing };
    }
    if (!this.everywhere || window.count <= most * UNTOLD_SHARE) return { refusedForMs: null, giveBack };
    return takeEverywhere(this.everywhere, userId, giveBack);
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
    const takes: Take[] = [];
    // All of them at once: what is under way with one of them is counted by the others.
    for (const take of this.limits.map((limit) => limit.take(userId))) takes.push(isSettled(take) ? take : await take);
    const giveBack = () => {
      for (const take of takes) take.giveBack();
    };
    const refusedForMs = Math.max(...takes.map((take) => take.refusedForMs ?? -1));
    if (refusedForMs < 0) return giveBack;
    giveBack();
    const index = takes.findIndex((take) => take.refusedForMs === refusedForMs);
    const { most, seconds } = this.limits[index]!.rate;
    throw new RateLimitedError(`Too many ${this.what}: at most ${most} in ${seconds} s.`, refusedForMs);
  }
}

async function takeEverywhere(limiter: RateLimiterRedis, userId: string, giveBackHere: GiveBack): Promise<Take> {
  // Before it is counted, so that what is believed to go on still does.
  const nowMs = Date.now();
  try {
    const { msBeforeNext } = await limiter.consume(userId);
    const giveBack = () => {
      giveBackHere();
      // Given back to a time that is over, it would be one more than the next may have.
      if (Date.now() < nowMs + msBeforeNext) limiter.reward(userId).catch(() => undefined);
    };
    return { refusedForMs: null, giveBack };
  } catch (reason) {
    // Redis is away.
    if (!(reason instanceof RateLimiterRes)) return { refusedForMs: null, giveBack: giveBackHere };
    giveBackHere();
    return { refusedForMs: reason.msBeforeNext, giveBack: nothing };
  }
}

function isSettled(take: Take | Promise<Take>): take is Take {
  return !(take instanceof Promise);
}

function nothing(): void {}
