import { Redis } from 'ioredis';
import { RateLimitedError } from '../../src/errors';
import { RateLimits } from '../../src/rate-limit/rate-limits';
import { eventually } from '../support/eventually';
import { openLogbook } from '../support/logbook';
import { type RedisService, startRedis } from '../support/services';
import { startTcpProxy } from '../support/tcp-proxy';

const FEW = { limit: 2, seconds: 60 };
const MANY = { limit: 4, seconds: 600 };

describe('rate limits', () => {
  let redis: RedisService;
  let raw: Redis;
  const { logger } = openLogbook();
  const started: RateLimits[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    raw = new Redis(redis.url);
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((limits) => limits.stop()));
    await raw.flushall();
  });
  afterAll(async () => {
    raw.disconnect();
    await redis.stop();
  });

  async function start(redisUrl: string | null): Promise<RateLimits> {
    const limits = new RateLimits({ redisUrl, keyPrefix: 'test:', refusedPerMinute: 100, logger });
    started.push(limits);
    await limits.start();
    return limits;
  }

  const counted = async (seconds: number) =>
    Number(await raw.get(`test:rate:things:${seconds}:alice`));

  test('count for each person, over all nodes', async () => {
    const [here, there] = [await start(redis.url), await start(redis.url)];
    const [one, other] = [here.of('things', [FEW]), there.of('things', [FEW])];
    await one.consume('alice');
    await other.consume('alice');
    await expect(one.consume('alice')).rejects.toThrow(RateLimitedError);
    await expect(other.consume('alice')).rejects.toThrow('Too many things: at most 2 in 60 s.');
    await other.consume('bob');
    await here.of('other things', [FEW]).consume('alice');
  });

  test('with a local share, ask Redis only for those who have done more than that', async () => {
    const tens = { limit: 20, seconds: 600 };
    const [one, other] = [
      (await start(redis.url)).of('things', [tens], 0.1),
      (await start(redis.url)).of('things', [tens], 0.1),
    ];
    for (let index = 0; index < 2; index++)
      await Promise.all([one.consume('alice'), other.consume('alice')]);
    expect(await raw.keys('*')).toEqual([]);
    await one.consume('alice');
    expect(await counted(tens.seconds)).toBe(1);
    // All else is counted for both.
    for (let index = 0; index < 19; index++) await (index % 2 === 0 ? other : one).consume('alice');
    for (const limit of [one, other])
      await expect(limit.consume('alice')).rejects.toThrow('at most 20 in 600 s');
  });

  test('let no more pass on one node than they say, told or not', async () => {
    const limit = (await start(redis.url)).of('things', [{ limit: 20, seconds: 600 }]);
    const takes = await Promise.allSettled(
      Array.from({ length: 50 }, () => limit.consume('alice')),
    );
    expect(takes.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
  });

  test('what one of them refuses does not count for the others', async () => {
    const limit = (await start(redis.url)).of('things', [FEW, MANY]);
    for (let index = 0; index < 2; index++) await limit.consume('alice');
    for (let index = 0; index < 10; index++)
      await expect(limit.consume('alice')).rejects.toThrow('at most 2 in 60 s');
    await eventually(async () => expect(await counted(MANY.seconds)).toBe(2));
  });

  test('a count that was refunded can be used again', async () => {
    for (const redisUrl of [redis.url, null]) {
      const limit = (await start(redisUrl)).of('things', [FEW]);
      for (let index = 0; index < 10; index++) (await limit.consume('alice'))();
      await Promise.all([limit.consume('alice'), limit.consume('alice')]);
      await expect(limit.consume('alice')).rejects.toThrow(RateLimitedError);
    }
  });

  test('a refusal uses nothing up: what is refunded after it can be used again', async () => {
    for (const redisUrl of [redis.url, null]) {
      const limit = (await start(redisUrl)).of('things', [FEW]);
      const [refund] = await Promise.all([limit.consume('alice'), limit.consume('alice')]);
      for (let index = 0; index < 5; index++)
        await expect(limit.consume('alice')).rejects.toThrow(RateLimitedError);
      refund();
      await limit.consume('alice');
    }
  });

  test('a refusal by Redis uses nothing up on any node', async () => {
    const [one, other, third] = [
      (await start(redis.url)).of('things', [FEW]),
      (await start(redis.url)).of('things', [FEW]),
      (await start(redis.url)).of('things', [FEW]),
    ];
    const refund = await one.consume('alice');
    await other.consume('alice');
    for (const limit of [third, third, one, other, third])
      await expect(limit.consume('alice')).rejects.toThrow(RateLimitedError);
    refund();
    await eventually(async () => expect(await counted(FEW.seconds)).toBe(1));
    await third.consume('alice');
    await expect(one.consume('alice')).rejects.toThrow(RateLimitedError);
  });

  test('a refund after the window has ended allows nobody one more', async () => {
    for (const redisUrl of [redis.url, null]) {
      const limit = (await start(redisUrl)).of('things', [{ limit: 1, seconds: 1 }]);
      const refund = await limit.consume('alice');
      const isOver = async () => (await limit.consume('alice').catch(() => null)) !== null;
      await eventually(async () => expect(await isOver()).toBe(true));
      refund();
      await expect(limit.consume('alice')).rejects.toThrow(RateLimitedError);
    }
  });

  test('without an answer of Redis, and without Redis, the node counts for itself', async () => {
    const proxy = await startTcpProxy(redis.port);
    const limits = await start(proxy.url);
    const [unanswered, away] = [limits.of('unanswered', [FEW]), limits.of('away', [FEW])];
    proxy.stall();
    for (let index = 0; index < 2; index++) await unanswered.consume('alice');
    await expect(unanswered.consume('alice')).rejects.toThrow(RateLimitedError);
    await proxy.stop();
    for (let index = 0; index < 2; index++) await away.consume('alice');
    await expect(away.consume('alice')).rejects.toThrow(RateLimitedError);
  });
});
