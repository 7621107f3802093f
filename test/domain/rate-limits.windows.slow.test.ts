import { setTimeout as delay, setImmediate as immediate } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { RateLimitedError } from '../../src/errors';
import type { RateLimit } from '../../src/rate-limit/rate.limit';
import { RateLimits } from '../../src/rate-limit/rate-limits';
import { eventually } from '../support/eventually';
import { openLogbook } from '../support/logbook';
import { type RedisService, startRedis } from '../support/services';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const RATE = { limit: 30, seconds: 60 };

/** Lets this many milliseconds pass. A timer of Node alone may end up to one early. */
async function pass(ms: number): Promise<void> {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs) await delay(Math.ceil(endMs - performance.now()));
}

/** Takes so many at once, from each limit in turn; resolves with how many were accepted. */
async function burst(
  count: number,
  limits: readonly RateLimit[],
  userId = 'alice',
): Promise<number> {
  const takes = Array.from({ length: count }, (_, index) =>
    limits[index % limits.length]!.consume(userId),
  );
  const settled = await Promise.allSettled(takes);
  for (const take of settled)
    if (take.status === 'rejected') expect(take.reason).toBeInstanceOf(RateLimitedError);
  return settled.filter(({ status }) => status === 'fulfilled').length;
}

/** The milliseconds that the refusal of the next one tells. */
async function retryAfterMs(limit: RateLimit, userId = 'alice'): Promise<number> {
  const error = await limit.consume(userId).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RateLimitedError);
  return (error as RateLimitedError).extensions.retryAfterMs;
}

describe('the windows of rate limits', () => {
  let redis: RedisService;
  let raw: Redis;
  const logbook = openLogbook();
  const started: RateLimits[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    raw = new Redis(redis.url, { retryStrategy: () => 50 });
    raw.on('error', () => {});
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await Promise.all(started.splice(0).map((limits) => limits.stop()));
    await raw.flushall();
  });
  afterAll(async () => {
    raw.disconnect();
    await redis.stop();
  });

  async function start(redisUrl: string | null = redis.url): Promise<RateLimits> {
    const { logger } = logbook;
    const limits = new RateLimits({ redisUrl, keyPrefix: 'test:', refusedPerMinute: 100, logger });
    started.push(limits);
    await limits.start();
    return limits;
  }

  test('let exactly as many through as the rate says, of many at once, on one node and on three', async () => {
    expect(await burst(40, [(await start(null)).of('things', [RATE])])).toBe(30);
    expect(await burst(40, [(await start()).of('things', [RATE])])).toBe(30);
    const nodes = [await start(), await start(), await start()];
    expect(
      await burst(
        90,
        nodes.map((node) => node.of('other things', [RATE])),
      ),
    ).toBe(30);
  });

  test('let the next one through after the time that a refusal tells', async () => {
    const short = { limit: 2, seconds: 1 };
    for (const redisUrl of [null, redis.url]) {
      const [one, other] = [await start(redisUrl), await start(redisUrl)];
      const limits = [one.of('things', [short]), other.of('things', [short])] as const;
      for (const [round, userId] of ['alice', 'bob'].entries()) {
        const limit = limits[redisUrl === null ? 0 : round]!;
        expect(await burst(3, [limit], userId)).toBe(2);
        await pass(await retryAfterMs(limit, userId));
        await limit.consume(userId);
      }
    }
  });

  test('are as long as they should be when the clock of the node is set', async () => {
    for (const shiftMs of [-HOUR_MS, HOUR_MS]) {
      const limit = (await start(null)).of('things', [RATE]);
      await burst(20, [limit]);
      const now = Date.now();
      jest.spyOn(Date, 'now').mockReturnValue(now + shiftMs);
      expect(await burst(20, [limit])).toBe(10);
      const waitMs = await retryAfterMs(limit);
      expect(waitMs).toBeGreaterThan(0);
      expect(waitMs).toBeLessThanOrEqual(MINUTE_MS);
      jest.restoreAllMocks();
    }
  });

  test('do not outlast their time when the clock of Redis is set back', async () => {
    const limit = (await start()).of('things', [RATE]);
    await limit.consume('alice');
    // To a server whose clock was set back, a window seems to end much later.
    await raw.pexpire('test:rate:things:60:alice', HOUR_MS);
    await limit.consume('alice');
    expect(await raw.pttl('test:rate:things:60:alice')).toBeLessThanOrEqual(MINUTE_MS);
  });

  test.each([
    ['without Redis', false],
    ['with Redis', true],
  ])('are of one user each, whatever their id is, %s', async (_, shared) => {
    const limits = await start(shared ? redis.url : null);
    const limit = limits.of('things', [{ limit: 2, seconds: 60 }]);
    const userIds = ['a', 'A', 'a ', ' a', 'a:b', 'a:', ':a', '60:a', '*', 'a*', 'ä', 'a\u0308'];
    userIds.push(
      '__proto__',
      'constructor',
      '{a}',
      '🙂',
      '"',
      "'",
      '\\',
      '\n',
      '%',
      'x'.repeat(128),
    );
    for (const userId of userIds) {
      await Promise.all([limit.consume(userId), limit.consume(userId)]);
      expect(await retryAfterMs(limit, userId)).toBeGreaterThan(0);
    }
  });

  test('go on in the node when Redis dies in the middle of a burst, and the log says so once', async () => {
    const limits = await start();
    const limit = limits.of('things', [RATE]);
    const first = burst(25, [limit]);
    process.kill(redis.pid, 'SIGSTOP');
    const others = burst(25, [limit]);
    await redis.kill();
    expect((await first) + (await others)).toBe(30);
    expect(await burst(5, [limit, limits.of('other things', [RATE])])).toBe(2);
    await redis.start();
    await eventually(() => expect(logbook.about('Redis is back')).toHaveLength(1));
    expect(logbook.about('rate limits: Redis is away, this node counts alone')).toHaveLength(1);
    expect(await burst(5, [limit])).toBe(0);
  });

  test('count what Redis has answered while the node was too busy to read it', async () => {
    const limits = await start();
    const counted = limits.of('things', [RATE]).consume('alice');
    // The command leaves at the end of this turn.
    await immediate();
    const endMs = performance.now() + 700;
    while (performance.now() < endMs);
    await counted;
    expect([...limits.countedAlone.entries()]).toEqual([]);
    expect(await raw.get('test:rate:things:60:alice')).toBe('1');
  });

  test('take nothing back in a window that Redis has lost', async () => {
    const limit = (await start()).of('things', [{ limit: 2, seconds: 60 }]);
    const refund = await limit.consume('alice');
    await raw.flushall();
    refund();
    await limit.consume('alice');
    expect(await raw.get('test:rate:things:60:alice')).toBe('1');
  });
});
