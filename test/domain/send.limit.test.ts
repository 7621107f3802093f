import {
  ForbiddenError,
  IdempotencyMismatchError,
  RateLimitedError,
  UnavailableError,
} from '../../src/errors';
import type { SendOutcome } from '../../src/message/message.writer';
import { SendLimit } from '../../src/message/send.limit';
import { RateLimits } from '../../src/rate-limit/rate-limits';
import { openLogbook } from '../support/logbook';

const LIMIT = 2;
const SENT = { outcome: 'SENT' } as SendOutcome;
const REPEATED = { outcome: 'REPEATED' } as SendOutcome;

function keyOf(inputHash: string) {
  return { senderId: 'alice', clientMessageId: 'once', inputHash };
}

describe('the limit of what one sends', () => {
  let limit: SendLimit;
  let known: string[];

  beforeEach(() => {
    known = [];
    const { logger } = openLogbook();
    const rates = new RateLimits({ redisUrl: null, keyPrefix: '', logger });
    const database = {
      query: async (_sql: string, parameters: readonly unknown[] = []) =>
        (parameters[2] as string[]).map((hash) => ({ repeated: known.includes(hash) })),
    };
    limit = new SendLimit(
      rates.of('messages', [{ limit: LIMIT, seconds: 600 }]),
      database as never,
    );
  });

  /** Sends one after the other that nothing has sent before, until one is refused. */
  async function room(): Promise<number> {
    for (let count = 0; ; count++)
      try {
        await limit.run('alice', null, async () => SENT);
      } catch (error) {
        expect(error).toBeInstanceOf(RateLimitedError);
        return count;
      }
  }

  test('equal ones at once are run once, and all get the outcome', async () => {
    const send = jest.fn(async () => SENT);
    const runs = Array.from({ length: 60 }, () => limit.run('alice', keyOf('a'), send));
    for (const outcome of await Promise.all(runs)) expect(outcome).toBe(SENT);
    expect(send).toHaveBeenCalledTimes(1);
    expect(await room()).toBe(LIMIT - 1);
  });

  test('equal ones of two senders, and with two inputs, are not equal', async () => {
    const send = jest.fn(async () => SENT);
    await Promise.all([
      limit.run('alice', keyOf('a'), send),
      limit.run('alice', keyOf('b'), send),
      limit.run('bob', { ...keyOf('a'), senderId: 'bob' }, send),
    ]);
    expect(send).toHaveBeenCalledTimes(3);
    expect(await room()).toBe(0);
  });

  test.each([
    ['UNAVAILABLE', new UnavailableError(), LIMIT],
    ['UNAVAILABLE with an unknown outcome', new UnavailableError({ outcome: 'UNKNOWN' }), LIMIT],
    ['an unexpected error', new Error('a bug'), LIMIT],
    ['FORBIDDEN', new ForbiddenError(), LIMIT - 1],
    ['IDEMPOTENCY_MISMATCH', new IdempotencyMismatchError('x'), LIMIT - 1],
  ])('%s is the end of all equal ones at once', async (_, failure, left) => {
    const send = jest.fn(async () => Promise.reject(failure));
    const runs = Array.from({ length: 10 }, () => limit.run('alice', keyOf('a'), send));
    for (const run of runs) await expect(run).rejects.toBe(failure);
    expect(send).toHaveBeenCalledTimes(1);
    expect(await room()).toBe(left);
  });

  test('one that comes after the end of an equal one is run, and counts only if it is sent', async () => {
    const failing = jest.fn(async () => Promise.reject(new UnavailableError()));
    await expect(limit.run('alice', keyOf('a'), failing)).rejects.toThrow(UnavailableError);
    expect(await limit.run('alice', keyOf('a'), async () => SENT)).toBe(SENT);
    for (let repeat = 0; repeat < 5; repeat++)
      expect(await limit.run('alice', keyOf('a'), async () => REPEATED)).toBe(REPEATED);
    expect(await room()).toBe(LIMIT - 1);
  });

  test('beyond the limit a repeat is run, and what is new is not', async () => {
    expect(await room()).toBe(LIMIT);
    known = ['a'];
    expect(await limit.run('alice', keyOf('a'), async () => REPEATED)).toBe(REPEATED);
    const send = jest.fn(async () => SENT);
    await expect(limit.run('alice', keyOf('b'), send)).rejects.toThrow(RateLimitedError);
    expect(send).not.toHaveBeenCalled();
  });

  test('new ones wait for the end of those that may be repeats, and none waits for ever', async () => {
    let end = (_: SendOutcome) => {};
    const outcome = new Promise<SendOutcome>((resolve) => {
      end = resolve;
    });
    const repeats = ['a', 'b'].map((hash) => limit.run('alice', keyOf(hash), () => outcome));
    const fresh = ['c', 'd', 'e'].map((hash) =>
      limit.run('alice', keyOf(hash), async () => SENT).catch((error: unknown) => error),
    );
    end(REPEATED);
    await Promise.all(repeats);
    expect(await Promise.all(fresh)).toEqual([SENT, SENT, expect.any(RateLimitedError)]);
  });
});
