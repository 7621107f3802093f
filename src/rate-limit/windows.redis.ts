import type { RedisConnection } from '../redis/redis.connection';
import { rightsOfScripts } from '../redis/redis.examination';
import { RedisScript } from '../redis/redis.script';

/*
 * A user's window of one rate is one key: the number of its actions, which expires with the window.
 * The time at which it expires tells it from the windows before and after it.
 */

/**
 * Counts one action, unless the window is full. A window begins with its first action. One that
 * would last too long, because the server's clock was set back, begins anew.
 */
const COUNT = new RedisScript(
  `
local limit, lengthMs = tonumber(ARGV[1]), tonumber(ARGV[2])
local used = redis.call('INCRBY', KEYS[1], 1)
local leftMs = redis.call('PTTL', KEYS[1])
if leftMs < 0 or leftMs > lengthMs then
  redis.call('PEXPIRE', KEYS[1], lengthMs)
  leftMs = lengthMs
end
if used > limit then redis.call('INCRBY', KEYS[1], -1) end
return {used, leftMs, redis.call('PEXPIRETIME', KEYS[1])}`,
  'rateLimitCount',
);

/** Undoes one count, if the window in which it was made is still the present one. */
const REFUND = new RedisScript(
  `
if redis.call('PEXPIRETIME', KEYS[1]) == tonumber(ARGV[1])
  and tonumber(redis.call('GET', KEYS[1])) > 0 then
  redis.call('INCRBY', KEYS[1], -1)
end`,
  'rateLimitRefund',
);

/** One count in a window that all nodes share. */
export interface SharedCount {
  /** The actions in the window, this one included. It was not counted if they exceed the limit. */
  used: number;
  /** Milliseconds until the window is over. */
  leftMs: number;
  /** The time at which the window ends, by Redis' clock. Identifies the window. */
  window: number;
}

/** Returns the rights that counting needs, for keys with a prefix. */
export function rightsOfWindows(keyPrefix: string): string[][] {
  return rightsOfScripts(COUNT.text + REFUND.text, keyPrefix);
}

/** The windows of one rate in Redis, in which all nodes count. */
export class RedisWindows {
  /** @param keyPrefix the start of each key; the user's id follows */
  constructor(
    private readonly connection: RedisConnection,
    private readonly keyPrefix: string,
    private readonly limit: number,
    private readonly seconds: number,
  ) {}

  /** Counts one action, atomically. Returns null when Redis is away or does not answer in time. */
  async count(userId: string): Promise<SharedCount | null> {
    const { client, isUp } = this.connection;
    if (!isUp) return null;
    const lengthMs = this.seconds * 1_000;
    try {
      const answer = await COUNT.run(client, this.keyOf(userId), this.limit, lengthMs);
      const [used, leftMs, window] = answer as [number, number, number];
      // Redis ends a window in the millisecond after the one that it tells.
      return { used, leftMs: leftMs + 1, window };
    } catch {
      return null;
    }
  }

  /** Undoes a count, unless its window is over. Does nothing while Redis is away. */
  refund(userId: string, { window }: SharedCount): void {
    const { client, isUp } = this.connection;
    if (isUp) REFUND.run(client, this.keyOf(userId), window).catch(() => undefined);
  }

  private keyOf(userId: string): string {
    return `${this.keyPrefix}:${userId}`;
  }
}
