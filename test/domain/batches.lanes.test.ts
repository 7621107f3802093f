import { UnavailableError } from '../../src/errors';
import { LogHeads } from '../../src/log/log.heads';
import { Batches, batched } from '../../src/runtime/batches';
import { eventually } from '../support/eventually';

/** Work of which each call goes on when told to; its calls, in order. */
function workshop() {
  const calls: number[][] = [];
  const held: { answer: () => void; fail: (error: unknown) => void }[] = [];
  const work = async (items: readonly number[]) => {
    calls.push([...items]);
    await new Promise<void>((answer, fail) => held.push({ answer, fail }));
    return items.map((item) => item * 10);
  };
  const called = (count: number) => eventually(() => expect(calls).toHaveLength(count));
  return { calls, held, work, called };
}

const OPTIONS = { maxSize: 2, lanes: 3, laneAfterMs: 1, isSafeToRetry: () => false };

describe('batches in lanes', () => {
  test('go on beside one that is not answered, as many as there are lanes', async () => {
    const { calls, held, work, called } = workshop();
    const batches = new Batches({ ...OPTIONS, work });
    const results = [1, 2, 3, 4, 5, 6, 7].map((item) => batches.submit(item));
    await called(3);
    // The fourth has no lane.
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(calls).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    held[1]!.answer();
    expect(await results[3]).toBe(40);
    await called(4);
    for (const one of held) one.answer();
    expect(await Promise.all(results)).toEqual([10, 20, 30, 40, 50, 60, 70]);
  });

  test('wait for one that answers in time, and share the next one', async () => {
    const { calls, held, work, called } = workshop();
    const batches = new Batches({ ...OPTIONS, laneAfterMs: 60_000, maxSize: 10, work });
    const results = [batches.submit(1)];
    await called(1);
    for (const item of [2, 3, 4]) {
      results.push(batches.submit(item));
      await new Promise(setImmediate);
    }
    held[0]!.answer();
    await called(2);
    held[1]!.answer();
    await Promise.all(results);
    expect(calls).toEqual([[1], [2, 3, 4]]);
  });

  test('that come when one is known to be silent begin with the tick', async () => {
    const { calls, held, work, called } = workshop();
    const batches = new Batches({ ...OPTIONS, work });
    const silent = batches.submit(1);
    await called(1);
    await new Promise((resolve) => setTimeout(resolve, 10));
    const other = batches.submit(2);
    await new Promise(process.nextTick);
    expect(calls).toEqual([[1], [2]]);
    held[1]!.answer();
    expect(await other).toBe(20);
    held[0]!.answer();
    await silent;
  });

  test('are not failed by one that failed alone', async () => {
    const { held, work, called } = workshop();
    const onIdle = jest.fn();
    const batches = new Batches({ ...OPTIONS, lanes: 2, work, onIdle, failsWaiting: () => true });
    const results = [1, 2, 3, 4, 5, 6, 7, 8].map((item) => batches.submit(item));
    const settled = Promise.allSettled(results);
    await called(2);
    held[1]!.answer();
    await called(3);
    held[0]!.fail(new UnavailableError());
    await called(4);
    for (const one of held) one.answer();
    expect((await settled).map(({ status }) => status)).toEqual([
      ...Array(2).fill('rejected'),
      ...Array(6).fill('fulfilled'),
    ]);
    await eventually(() => expect(onIdle).toHaveBeenCalledTimes(1));
  });

  test('fail together when none has succeeded since, and those that wait know their outcome', async () => {
    const { calls, held, work, called } = workshop();
    const batches = new Batches({ ...OPTIONS, lanes: 2, work, failsWaiting: () => true });
    const before = batches.submit(0);
    await called(1);
    held[0]!.answer();
    await before;
    const settled = Promise.allSettled([1, 2, 3, 4, 5, 6].map((item) => batches.submit(item)));
    await called(3);
    held[1]!.fail(new UnavailableError({ outcome: 'UNKNOWN' }));
    held[2]!.fail(new UnavailableError({ outcome: 'UNKNOWN' }));
    const reasons = (await settled).map((one) => (one as PromiseRejectedResult).reason);
    expect(reasons.map(({ extensions }) => extensions.outcome)).toEqual([
      ...Array(4).fill('UNKNOWN'),
      ...Array(2).fill(undefined),
    ]);
    expect(calls).toHaveLength(3);
  });
});

test('a joined read goes on beside one that is silent', async () => {
  const { held, work, called } = workshop();
  const read = batched(work);
  const silent = read([1]);
  await called(1);
  const other = read([2]);
  await called(2);
  held[1]!.answer();
  expect(await other).toEqual([20]);
  held[0]!.answer();
  expect(await silent).toEqual([10]);
});

test('the heads of all logs are read beside those of topics that open', async () => {
  let asked = 0;
  const heads = new LogHeads({
    query: () => {
      asked++;
      return new Promise(() => {});
    },
  });
  for (let count = 0; count < 4; count++) {
    void heads.readMany([`conversation:${count}`]);
    await eventually(() => expect(asked).toBe(count + 1));
  }
  void heads.readMany(['conversation:waits']);
  void heads.survey(['conversation:all']);
  await new Promise(setImmediate);
  expect(asked).toBe(5);
});
