import { Redis } from 'ioredis';
import { RateLimitedError } from '../../src/errors';
import { RateLimits } from '../../src/rate-limit/rate-limits';
import { eventually } from '../support/eventually';
import { openLogbook } from '../support/logbook';
import { type RedisService, startRedis } from '../support/services';
import { startTcpProxy } from '../support/tcp-proxy';

const FEW = { most: 2, seconds: 60 };
const MANY = { most: 4, seconds: 600 };

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
    const limits = new RateLimits({ redisUrl, keyPrefix: 'test:', logger });
    started.push(limits);
    await limits.start();
    return limits;
  }

  const counted = async (seconds: number) => Number(await raw.get(`test:rate:things:${seconds}:alice`));

  test('count for each person, over all nodes', async () => {
    const [here, there] = [await start(redis.url), await start(redis.url)];
    const [one, other] = [here.of('things', [FEW]), there.of('things', [FEW])];
    await one.take('alice');
    await other.take('alice');
    await expect(one.take('alice')).rejects.toThrow(RateLimitedError);
    await expect(other.take('alice')).rejects.toThrow('Too many things: at most 2 in 60 s.');
    await other.take('bob');
    await here.of('other things', [FEW]).take('alice');
  });

  test('ask Redis only for those who have done more than a tenth of what they may', async () => {
    const tens = { most: 20, seconds: 600 };
    const [one, other] = [(await start(redis.url)).of('things', [tens]), (await start(redis.url)).of('things', [tens])];
    for (let index = 0; index < 2; index++) await Promise.all([one.take('alice'), other.take('alice')]);
    expect(await raw.keys('*')).toEqual([]);
    await one.take('alice');
    expect(await counted(tens.seconds)).toBe(1);
    // All else is counted for both.
    for (let index = 0; index < 19; index++) await (index % 2 === 0 ? other : one).take('alice');
    for (const limit of [one, other]) await expect(limit.take('alice')).rejects.toThrow('at most 20 in 600 s');
  });

  test('let no more pass on one node than they say, told or not', async () => {
    const limit = (await start(redis.url)).of('things', [{ most: 20, seconds: 600 }]);
    const takes = await Promise.allSettled(Array.from({ length: 50 }, () => limit.take('alice')));
    expect(takes.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
  });

  test('what one of them refuses does not count for the others', async () => {
    const limit = (await start(redis.url)).of('things', [FEW, MANY]);
    for (let index = 0; index < 2; index++) await limit.take('alice');
    for (let index = 0; index < 10; index++) await expect(limit.take('alice')).rejects.toThrow('at most 2 in 60 s');
    await eventually(async () => expect(await counted(MANY.seconds)).toBe(2));
  });

  test('what was given back can be taken again', async () => {
    for (const redisUrl of [redis.url, null]) {
      const limit = (await start(redisUrl)).of('things', [FEW]);
      for (let index = 0; index < 10; index++) (await limit.take('alice'))();
      await Promise.all([limit.take('alice'), limit.take('alice')]);
      await expect(limit.take('alice')).rejects.toThrow(RateLimitedError);
    }
  });

  test('what is given back when its time is over is not one more for the next', async () => {
    const limit = (await start(redis.url)).of('things', [{ most: 1, seconds: 1 }]);
    const giveBack = await limit.take('alice');
    await eventually(async () => expect(await raw.exists('test:rate:things:1:alice')).toBe(0));
    giveBack();
    await limit.take('alice');
    await expect(limit.take('alice')).rejects.toThrow(RateLimitedError);
  });

  test('without an answer of Redis, and without Redis, the node counts for itself', async () => {
    const proxy = await startTcpProxy(redis.port);
    const limits = await start(proxy.url);
    const [unanswered, away] = [limits.of('unanswered', [FEW]), limits.of('away', [FEW])];
    proxy.stall();
    for (let index = 0; index < 2; index++) await unanswered.take('alice');
    await expect(unanswered.take('alice')).rejects.toThrow(RateLimitedError);
    await proxy.stop();
    for (let index = 0; index < 2; index++) await away.take('alice');
    await expect(away.take('alice')).rejects.toThrow(RateLimitedError);
  });
});
