import { UnavailableError } from '../../src/errors';
import { Batches, batched } from '../../src/runtime/batches';

/** Work that goes on when told to; its calls, in order. */
function workshop(answer: (item: number) => number = (item) => item * 10) {
  const calls: number[][] = [];
  const going: (() => void)[] = [];
  const work = async (items: readonly number[]) => {
    calls.push([...items]);
    await new Promise<void>((resolve) => going.push(resolve));
    return items.map(answer);
  };
  return { calls, work, goOn: () => going.shift()!() };
}

/** The first is under way, the others are added then. */
async function addedMeanwhile(
  batches: Batches<number, number>,
  items: readonly number[],
): Promise<Promise<number>[]> {
  const first = batches.submit(items[0]!);
  await new Promise(setImmediate);
  return [first, ...items.slice(1).map((item) => batches.submit(item))];
}

describe('batches', () => {
  test('what comes in one turn goes together, and not before the turn is over', async () => {
    const { calls, work, goOn } = workshop();
    const batches = new Batches({ work, maxSize: 10, isSafeToRetry: () => false });
    const results: Promise<number>[] = [];
    process.nextTick(() => results.push(batches.submit(3)));
    results.push(batches.submit(1), batches.submit(2));
    expect(calls).toEqual([]);
    await new Promise(setImmediate);
    goOn();
    expect(await Promise.all(results)).toEqual([10, 20, 30]);
    expect(calls).toEqual([[1, 2, 3]]);
  });

  test('after a batch that asks for a pause, those that come meanwhile go together', async () => {
    const calls: number[][] = [];
    const work = async (items: readonly number[]) => {
      calls.push([...items]);
      return items;
    };
    const pauses: number[][] = [];
    const pauseMs = (batch: readonly number[]) => {
      pauses.push([...batch]);
      return batch.length > 1 ? 10 : 0;
    };
    const batches = new Batches({ work, maxSize: 10, pauseMs, isSafeToRetry: () => false });
    await Promise.all([batches.submit(1), batches.submit(2)]);
    const third = batches.submit(3);
    // The batch is done, and what comes now is waited for.
    await new Promise(setImmediate);
    const fourth = batches.submit(4);
    expect(await Promise.all([third, fourth])).toEqual([3, 4]);
    expect(calls).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(pauses[0]).toEqual([1, 2]);
  });

  test('an error that is everybody’s is told to those who wait, too, and nothing is asked in vain', async () => {
    const { calls, work, goOn } = workshop(() => {
      throw new UnavailableError();
    });
    const isEverybodys = (error: unknown) => error instanceof UnavailableError;
    const batches = new Batches({
      work,
      maxSize: 2,
      isSafeToRetry: () => false,
      failsWaiting: isEverybodys,
    });
    const results = Promise.allSettled(await addedMeanwhile(batches, [1, 2, 3, 4, 5]));
    goOn();
    expect((await results).map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
    expect(calls).toEqual([[1]]);
  });

  test('an error that is everybody’s ends the trying of each alone, too', async () => {
    const { calls, work, goOn } = workshop((item) => {
      throw new Error(calls.at(-1)!.length > 1 ? 'undone' : `everybody's, says ${item}`);
    });
    const isUndone = (error: unknown) => (error as Error).message === 'undone';
    const batches = new Batches({
      work,
      maxSize: 3,
      isSafeToRetry: isUndone,
      failsWaiting: (error) => !isUndone(error),
    });
    const first = batches.submit(0);
    const results = Promise.allSettled([
      first,
      ...[1, 2, 3, 4].map((item) => batches.submit(item)),
    ]);
    for (let call = 0; call < 2; call++) {
      await new Promise(setImmediate);
      goOn();
    }
    expect((await results).map((one) => (one as PromiseRejectedResult).reason.message)).toEqual(
      Array(5).fill("everybody's, says 0"),
    );
    expect(calls).toEqual([[0, 1, 2], [0]]);
  });

  test('what comes while one is under way goes together, each with its own result', async () => {
    const { calls, work, goOn } = workshop();
    const onIdle = jest.fn();
    const batches = new Batches({ work, maxSize: 3, isSafeToRetry: () => false, onIdle });
    const results = await addedMeanwhile(batches, [1, 2, 3, 4, 5]);
    for (let call = 1; call <= 3; call++) {
      expect(calls).toHaveLength(call);
      expect(onIdle).not.toHaveBeenCalled();
      goOn();
      await new Promise(setImmediate);
    }
    expect(await Promise.all(results)).toEqual([10, 20, 30, 40, 50]);
    expect(calls).toEqual([[1], [2, 3, 4], [5]]);
    expect(onIdle).toHaveBeenCalledTimes(1);
  });

  test('where nothing was done each is tried alone, and one that fails takes no other with it', async () => {
    const { calls, work, goOn } = workshop((item) => {
      if (item === 3) throw new Error('undone');
      return item;
    });
    const batches = new Batches({
      work,
      maxSize: 10,
      isSafeToRetry: (error) => (error as Error).message === 'undone',
    });
    const results = await addedMeanwhile(batches, [1, 2, 3, 4]);
    const settled = Promise.allSettled(results);
    for (let call = 0; call < 5; call++) {
      goOn();
      await new Promise(setImmediate);
    }
    expect((await settled).map((one) => one.status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(calls).toEqual([[1], [2, 3, 4], [2], [3], [4]]);
  });

  test('where it may have been done nothing is tried again, and later ones go on', async () => {
    const { calls, work, goOn } = workshop((item) => {
      if (item === 2) throw new Error('lost');
      return item;
    });
    const batches = new Batches({
      work,
      maxSize: 10,
      isSafeToRetry: (error) => (error as Error).message === 'undone',
    });
    const settled = Promise.allSettled(await addedMeanwhile(batches, [1, 2, 3]));
    for (let call = 0; call < 2; call++) {
      goOn();
      await new Promise(setImmediate);
    }
    expect((await settled).map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    const later = batches.submit(4);
    await new Promise(setImmediate);
    goOn();
    expect(await later).toBe(4);
    expect(calls).toEqual([[1], [2, 3], [4]]);
  });
});

describe('joined reads', () => {
  test('each get their own values, of keys that they share, too', async () => {
    const calls: string[][] = [];
    const read = batched(async (keys: readonly string[]) => {
      calls.push([...keys]);
      return keys.map((key) => key.toUpperCase());
    });
    expect(await Promise.all([read(['a', 'b']), read([]), read(['b']), read(['c'])])).toEqual([
      ['A', 'B'],
      [],
      ['B'],
      ['C'],
    ]);
    expect(calls).toEqual([['a', 'b', 'b', 'c']]);
  });

  test('fail together', async () => {
    const read = batched(async () => {
      throw new Error('away');
    });
    const settled = await Promise.allSettled([read(['a']), read(['b'])]);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
