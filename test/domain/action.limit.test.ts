import {
  ConflictError,
  ForbiddenError,
  IdempotencyMismatchError,
  RateLimitedError,
  UnavailableError,
} from '../../src/errors';
import { ActionLimit } from '../../src/rate-limit/action.limit';
import { RateLimits } from '../../src/rate-limit/rate-limits';
import { openLogbook } from '../support/logbook';

const LIMIT = 2;
const REFUSED = 4;
const DONE = { isRepeat: false };
const REPEATED = { isRepeat: true };

describe('the limit of actions', () => {
  let limit: ActionLimit<{ isRepeat: boolean }>;
  let other: ActionLimit<{ isRepeat: boolean }>;
  let known: string[];

  const requestOf = (hash: string) => ({ hash, wasDone: async () => known.includes(hash) });

  beforeEach(() => {
    known = [];
    const { logger } = openLogbook();
    const options = { redisUrl: null, keyPrefix: '', refusedPerMinute: REFUSED, logger };
    const rates = new RateLimits(options);
    const limitOf = (what: string) =>
      new ActionLimit(
        rates.of(what, [{ limit: LIMIT, seconds: 600 }]),
        ({ isRepeat }: { isRepeat: boolean }) => isRepeat,
      );
    limit = limitOf('things');
    other = limitOf('other things');
  });

  /** Does one after the other that nothing has done before, until one is refused. */
  async function room(userId = 'alice'): Promise<number> {
    for (let count = 0; ; count++)
      try {
        await limit.run(userId, null, async () => DONE);
      } catch (error) {
        expect(error).toBeInstanceOf(RateLimitedError);
        return count;
      }
  }

  /** Attempts what is forbidden until nothing more may be attempted. */
  async function attemptsLeft(): Promise<number> {
    for (let count = 0; ; count++) {
      const forbidden = () => Promise.reject(new ForbiddenError());
      const error = await other.run('alice', null, forbidden).catch((reason: unknown) => reason);
      if (error instanceof RateLimitedError) return count;
      expect(error).toBeInstanceOf(ForbiddenError);
    }
  }

  test('equal ones at once are run once, and all get the outcome', async () => {
    const work = jest.fn(async () => DONE);
    const runs = Array.from({ length: 60 }, () => limit.run('alice', requestOf('a'), work));
    for (const outcome of await Promise.all(runs)) expect(outcome).toBe(DONE);
    expect(work).toHaveBeenCalledTimes(1);
    expect(await room()).toBe(LIMIT - 1);
  });

  test('equal ones of two users, and with two inputs, are not equal', async () => {
    const work = jest.fn(async () => DONE);
    await Promise.all([
      limit.run('alice', requestOf('a'), work),
      limit.run('alice', requestOf('b'), work),
      limit.run('bob', requestOf('a'), work),
    ]);
    expect(work).toHaveBeenCalledTimes(3);
    expect(await room()).toBe(0);
  });

  test.each([
    ['UNAVAILABLE', new UnavailableError(), 0],
    ['UNAVAILABLE with an unknown outcome', new UnavailableError({ outcome: 'UNKNOWN' }), 0],
    ['an unexpected error', new Error('a bug'), 0],
    ['FORBIDDEN', new ForbiddenError(), 1],
    ['CONFLICT', new ConflictError('changed'), 1],
    ['IDEMPOTENCY_MISMATCH', new IdempotencyMismatchError('x'), 1],
  ])('%s is the end of all equal ones at once, and counts nothing', async (_, failure, refused) => {
    const work = jest.fn(async () => Promise.reject(failure));
    const runs = Array.from({ length: 10 }, () => limit.run('alice', requestOf('a'), work));
    for (const run of runs) await expect(run).rejects.toBe(failure);
    expect(work).toHaveBeenCalledTimes(1);
    expect(await attemptsLeft()).toBe(REFUSED - refused);
    expect(await room('bob')).toBe(LIMIT);
  });

  test('after too many refused attempts, of all kinds, a user waits, and nothing is asked', async () => {
    expect(await attemptsLeft()).toBe(REFUSED);
    const work = jest.fn(async () => DONE);
    for (const one of [limit, other])
      await expect(one.run('alice', null, work)).rejects.toMatchObject({
        message: `Too many refused attempts: at most ${REFUSED} in 60 s.`,
        extensions: { retryAfterMs: expect.any(Number) },
      });
    expect(work).not.toHaveBeenCalled();
    known = ['a'];
    expect(await limit.run('alice', requestOf('a'), async () => REPEATED)).toBe(REPEATED);
    expect(await room('bob')).toBe(LIMIT);
  });

  test('a refused attempt leaves the room that there was', async () => {
    for (let attempt = 1; attempt < REFUSED; attempt++)
      await expect(
        limit.run('alice', null, () => Promise.reject(new ForbiddenError())),
      ).rejects.toThrow(ForbiddenError);
    expect(await room()).toBe(LIMIT);
  });

  test('what proves to be new although it was taken for a repeat fails as the limit says', async () => {
    expect(await room()).toBe(LIMIT);
    known = ['a'];
    const run = limit.run('alice', requestOf('a'), async (refusal) => Promise.reject(refusal));
    await expect(run).rejects.toThrow('Too many things');
    expect(await attemptsLeft()).toBe(REFUSED);
  });

  test('one that comes after the end of an equal one is run, and counts only if it is done', async () => {
    const failing = jest.fn(async () => Promise.reject(new UnavailableError()));
    await expect(limit.run('alice', requestOf('a'), failing)).rejects.toThrow(UnavailableError);
    expect(await limit.run('alice', requestOf('a'), async () => DONE)).toBe(DONE);
    for (let repeat = 0; repeat < 5; repeat++)
      expect(await limit.run('alice', requestOf('a'), async () => REPEATED)).toBe(REPEATED);
    expect(await room()).toBe(LIMIT - 1);
  });

  test('beyond the limit a repeat is run, and what is new is not', async () => {
    expect(await room()).toBe(LIMIT);
    known = ['a'];
    expect(await limit.run('alice', requestOf('a'), async () => REPEATED)).toBe(REPEATED);
    const work = jest.fn(async () => DONE);
    await expect(limit.run('alice', requestOf('b'), work)).rejects.toThrow(RateLimitedError);
    expect(work).not.toHaveBeenCalled();
  });

  test('new ones wait for the end of those that may be repeats, and none waits for ever', async () => {
    let end = (_: { isRepeat: boolean }) => {};
    const outcome = new Promise<{ isRepeat: boolean }>((resolve) => {
      end = resolve;
    });
    const repeats = ['a', 'b'].map((hash) => limit.run('alice', requestOf(hash), () => outcome));
    const fresh = ['c', 'd', 'e'].map((hash) =>
      limit.run('alice', requestOf(hash), async () => DONE).catch((error: unknown) => error),
    );
    end(REPEATED);
    await Promise.all(repeats);
    expect(await Promise.all(fresh)).toEqual([DONE, DONE, expect.any(RateLimitedError)]);
  });
});
