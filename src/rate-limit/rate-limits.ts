/**
 * Limits how often each user may do something, over all nodes.
 *
 * A limit has one or more rates, such as 20 in 1 s and 300 in 60 s. Each rate has fixed windows: a
 * user's window begins with its first action and ends after the rate's seconds.
 *
 * A node counts its users' actions in memory, and then in Redis, whose answer it awaits: one round
 * trip. What is frequent, such as messages, may have a *local share*, e.g. a tenth of its rates.
 * Actions up to it are counted in memory only. So users who are far from the limit, as nearly all
 * users are, cost Redis nothing. The price is that actions on several nodes may exceed such a rate:
 * each node accepts up to its share without counting in Redis.
 *
 * - While Redis is away, or when it does not answer within 500 ms, a node decides by its own count.
 *   The log says so once, and once when Redis is back (`redis.health`).
 * - A refused action counts nowhere: it is taken out of every count, of the other rates as well.
 *   So what is refunded after it can be used again, on every node.
 * - Actions that come at the same time cannot exceed a rate on one node together, since the count
 *   in memory is synchronous. Across nodes, Redis counts atomically.
 * - A refusal says after how many milliseconds the next action is accepted. It holds if the user
 *   does nothing else meanwhile.
 * - `consume` returns a function that undoes its count, e.g. for a repeated request. After the end
 *   of the window the function does nothing, since it would allow an extra action in the next one.
 * - Clocks that are set while nodes run change nothing: a node counts by a clock that only runs on,
 *   and Redis starts a window anew that would last longer than it may.
 */
import type { Logger } from '../logger';
import { RedisConnection } from '../redis/redis.connection';
import { RedisHealth } from '../redis/redis.health';
import { Tally } from '../runtime/tally';
import { type Rate, RateLimit, RateWindow } from './rate.limit';
import { RefusedAttempts } from './refused.attempts';
import { RedisWindows, rightsOfWindows } from './windows.redis';

/**
 * An action waits for Redis to count it. After this time the count on the node decides instead.
 */
const COMMAND_TIMEOUT_MS = 500;

export interface RateLimitsOptions {
  /** null when this node is the only one. It then counts in its memory. */
  redisUrl: string | null;
  /** The start of each key, so that installations can share one Redis. */
  keyPrefix: string;
  /** Attempts of one user that may be refused in a minute, of all kinds together. */
  refusedPerMinute: number;
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
  private readonly attempts: RefusedAttempts;
  private readonly connection: RedisConnection | null;

  constructor(private readonly options: RateLimitsOptions) {
    const { redisUrl: url, logger, keyPrefix, health = new RedisHealth(logger) } = options;
    this.attempts = new RefusedAttempts(options.refusedPerMinute);
    this.connection =
      url === null
        ? null
        : new RedisConnection({
            url,
            commandTimeoutMs: COMMAND_TIMEOUT_MS,
            part: health.part('rate limits', 'this node counts alone'),
            rights: {
              commands: rightsOfWindows(keyPrefix),
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
   * @param localShare up to this share of a rate, a user's actions are counted only on their node.
   *   Default: 0, so that no number of nodes exceeds the rate
   */
  of(what: string, rates: readonly Rate[], localShare = 0): RateLimit {
    const windows = rates.map((rate) => {
      const { limit, seconds } = rate;
      const keyPrefix = `${this.options.keyPrefix}rate:${what}:${seconds}`;
      const shared =
        this.connection && new RedisWindows(this.connection, keyPrefix, limit, seconds);
      return new RateWindow(rate, shared, localShare, () => this.countedAlone.add(what));
    });
    return new RateLimit(what, windows, this.attempts, this);
  }
}
