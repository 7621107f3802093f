import { Batches } from '../../src/batches';

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

describe('batches', () => {
  test('the first goes at once and alone; what comes meanwhile goes together, each with its own result', async () => {
    const { calls, work, goOn } = workshop();
    const onIdle = jest.fn();
    const batches = new Batches({ work, most: 3, isUndone: () => false, onIdle });
    const results = [1, 2, 3, 4, 5].map((item) => batches.add(item));
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
    const batches = new Batches({ work, most: 10, isUndone: (error) => (error as Error).message === 'undone' });
    const results = [1, 2, 3, 4].map((item) => batches.add(item));
    const settled = Promise.allSettled(results);
    for (let call = 0; call < 5; call++) {
      goOn();
      await new Promise(setImmediate);
    }
    expect((await settled).map((one) => one.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(calls).toEqual([[1], [2, 3, 4], [2], [3], [4]]);
  });

  test('where it may have been done nothing is tried again, and later ones go on', async () => {
    const { calls, work, goOn } = workshop((item) => {
      if (item === 2) throw new Error('lost');
      return item;
    });
    const batches = new Batches({ work, most: 10, isUndone: (error) => (error as Error).message === 'undone' });
    const settled = Promise.allSettled([1, 2, 3].map((item) => batches.add(item)));
    for (let call = 0; call < 2; call++) {
      goOn();
      await new Promise(setImmediate);
    }
    expect((await settled).map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    const later = batches.add(4);
    goOn();
    expect(await later).toBe(4);
    expect(calls).toEqual([[1], [2, 3], [4]]);
  });
});
