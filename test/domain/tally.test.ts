import * as fc from 'fast-check';
import { Tally } from '../../src/rate-limit/tally';

const LENGTH_MS = 1_000;

describe('a tally', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('counts each key within windows that start with its first', () => {
    const step = fc.record({ key: fc.constantFrom('a', 'b', 'c'), afterMs: fc.integer({ min: 0, max: 700 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const tally = new Tally(LENGTH_MS);
        const expected = new Map<string, { count: number; endsAtMs: number }>();
        for (const { key, afterMs } of steps) {
          jest.advanceTimersByTime(afterMs);
          const nowMs = performance.now();
          const last = expected.get(key);
          const window = last && nowMs < last.endsAtMs ? last : { count: 0, endsAtMs: nowMs + LENGTH_MS };
          window.count++;
          expected.set(key, window);
          expect(tally.add(key)).toEqual(window);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('takes back from the window in which it was counted, and from no later one', () => {
    const tally = new Tally(LENGTH_MS);
    const first = tally.add('a');
    first.count--;
    expect(tally.add('a').count).toBe(1);
    jest.advanceTimersByTime(LENGTH_MS);
    const second = tally.add('a');
    first.count--;
    expect(second.count).toBe(1);
  });

  test('forgets who has not come again for two lengths', () => {
    const tally = new Tally(LENGTH_MS);
    for (let index = 0; index < 100; index++) tally.add(`person ${index}`);
    expect(tally.size).toBe(100);
    for (const key of ['b', 'c']) {
      jest.advanceTimersByTime(LENGTH_MS);
      tally.add(key);
    }
    expect(tally.size).toBe(2);
  });
});
