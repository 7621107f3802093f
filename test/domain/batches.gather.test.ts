import { Batches, batchedByUrgency } from '../../src/runtime/batches';

const LONG_MS = 60_000;

/** Batches of numbers, the calls of their work in order, and what makes the work fail. */
function gathering(gatherMs: number, maxSize: number) {
  const calls: number[][] = [];
  const failing = new Set<number>();
  const work = async (items: readonly number[]) => {
    calls.push([...items]);
    if (items.some((item) => failing.has(item))) throw new Error('bad item');
    return items.map((item) => item * 10);
  };
  const batches = new Batches({ work, maxSize, gatherMs, isSafeToRetry: () => true });
  return { calls, failing, submit: (item: number) => batches.submit(item) };
}

describe('batches that gather', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] }));
  afterEach(() => jest.useRealTimers());

  test('begin at once when none has begun shortly before', async () => {
    const { submit } = gathering(LONG_MS, 10);
    expect(await submit(1)).toBe(10);
    jest.advanceTimersByTime(LONG_MS);
    expect(await submit(2)).toBe(20);
  });

  test('begin at least so far apart, and take all that came meanwhile', async () => {
    const { calls, submit } = gathering(20, 10);
    await submit(1);
    const results = [submit(2)];
    jest.advanceTimersByTime(19);
    results.push(submit(3));
    await new Promise(setImmediate);
    expect(calls).toEqual([[1]]);
    jest.advanceTimersByTime(1);
    expect(await Promise.all(results)).toEqual([20, 30]);
    expect(calls).toEqual([[1], [2, 3]]);
  });

  test('begin as soon as they are full', async () => {
    const { calls, submit } = gathering(LONG_MS, 3);
    await submit(1);
    expect(await Promise.all([2, 3, 4].map(submit))).toEqual([20, 30, 40]);
    expect(calls).toEqual([[1], [2, 3, 4]]);
  });

  test('try the items of one that failed alone, without a wait', async () => {
    const { failing, submit } = gathering(LONG_MS, 10);
    failing.add(2);
    const results = await Promise.allSettled([1, 2, 3].map(submit));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  test('let ten of their callers go on in one turn of the event loop, in order', async () => {
    const { calls, submit } = gathering(LONG_MS, 100);
    await submit(0);
    const items = Array.from({ length: 25 }, (_, index) => index + 1);
    const settled: number[] = [];
    for (const item of items) void submit(item).then((result) => settled.push(result));
    jest.advanceTimersByTime(LONG_MS);
    const counts: number[] = [];
    while (settled.length < 25) {
      await new Promise(setImmediate);
      counts.push(settled.length);
    }
    expect(counts).toEqual([10, 20, 25]);
    expect(settled).toEqual(items.map((item) => item * 10));
    expect(calls).toEqual([[0], items]);
  });

  test('a request does not wait for those that gather', async () => {
    const calls: number[][] = [];
    const read = batchedByUrgency(async (keys: readonly number[]) => {
      calls.push([...keys]);
      return keys;
    });
    await read.start([1]);
    const second = read.start([2]);
    expect(await read.request([3])).toEqual([3]);
    expect(calls).toEqual([[1], [3]]);
    jest.advanceTimersByTime(1_000);
    expect(await second).toEqual([2]);
  });
});
