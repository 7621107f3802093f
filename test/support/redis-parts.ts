import { Redis } from 'ioredis';
import { RedisBus } from '../../src/bus/bus.redis';
import { RedisPresenceStore } from '../../src/presence/store/presence.store.redis';
import { RateLimits } from '../../src/rate-limit/rate-limits';
import { RedisHealth } from '../../src/redis/redis.health';
import { openLogbook } from './logbook';

/** The rights that a user of Parley needs, as the documentation gives them. */
export const RIGHTS = ['on', '>secret', '~parley:*', '&parley:*', '-@all'].concat(
  '+@connection +@read +@write +@scripting +@pubsub +time +info'.split(' '),
);

/** The parts of a node that work through Redis. */
export async function startRedisParts(url: string) {
  const logbook = openLogbook();
  const { logger } = logbook;
  const health = new RedisHealth(logger);
  const shared = { logger, health, url, keyPrefix: 'parley:x:' };
  const bus = new RedisBus({ ...shared, channelPrefix: 'parley:x:' });
  const store = new RedisPresenceStore({ ...shared, nodeId: 'node' });
  const rates = new RateLimits({ ...shared, redisUrl: url, refusedPerMinute: 100 });
  const parts = [bus, store, rates];
  await Promise.all(parts.map((part) => part.start()));
  return {
    ...{ health, logbook, bus, store, rates },
    stop: async () => void (await Promise.all(parts.map((part) => part.stop()))),
  };
}

export type RedisParts = Awaited<ReturnType<typeof startRedisParts>>;

/** Sends a command, written as in redis-cli. */
export async function command(url: string, text: string): Promise<unknown> {
  const client = new Redis(url, { retryStrategy: null });
  client.on('error', () => {});
  try {
    const [name, ...words] = text.split(' ');
    return await client.call(name!, ...words);
  } finally {
    client.disconnect();
  }
}

/** The same address with a user and a password. */
export function urlOf(url: string, user: string, password: string, more = ''): string {
  return `${url.replace('//', `//${user}:${password}@`)}${more}`;
}
