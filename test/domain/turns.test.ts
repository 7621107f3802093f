import { Turns } from '../../src/runtime/turns';
import { eventually } from '../support/eventually';

/** Resolves in the next turn, after the work that was due in it has begun. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

function shop(units: number, waitingUnits: number, now?: () => number) {
  const turns = new Turns({ units, waitingUnits }, now);
  const begun: string[] = [];
  const run = (key: string, name: string, cost = 1) =>
    turns.run(key, cost, () => void begun.push(name));
  const take = () => begun.splice(0);
  return { turns, run, take };
}

describe('turns', () => {
  test('begin so much work of a key at once, and the rest in later turns, in order', async () => {
    const { run, take } = shop(3, 100);
    for (let index = 0; index < 8; index++) run('a', String(index));
    expect(take()).toEqual(['0', '1', '2']);
    await turn();
    expect(take()).toEqual(['3', '4', '5']);
    // The key still waits, so what comes now has to wait as well.
    run('a', '8');
    expect(take()).toEqual([]);
    await turn();
    expect(take()).toEqual(['6', '7', '8']);
    await turn();
    run('a', '9');
    expect(take()).toEqual(['9']);
  });

  test('let no key wait for another', () => {
    const { run, take } = shop(1, 1);
    run('a', 'a1');
    run('a', 'a2');
    run('b', 'b1');
    expect(take()).toEqual(['a1', 'b1']);
  });

  test('share what waits among the keys, and leave none out', async () => {
    const { run, take } = shop(10, 2);
    const keys = ['a', 'b', 'c'];
    for (const key of keys) for (let index = 0; index < 14; index++) run(key, key);
    take();
    const counts = new Map(keys.map((key) => [key, 0]));
    for (let count = 0; count < 3; count++) {
      await turn();
      const begun = take();
      expect(begun).toHaveLength(2);
      for (const key of begun) counts.set(key, counts.get(key)! + 1);
    }
    expect([...counts.values()]).toEqual([2, 2, 2]);
  });

  test('begin work that is greater than a turn, which the turns after it pay for', async () => {
    const { run, take } = shop(2, 2);
    run('a', 'great', 6);
    run('a', 'next');
    expect(take()).toEqual(['great']);
    await turn();
    await turn();
    expect(take()).toEqual([]);
    await turn();
    expect(take()).toEqual(['next']);
  });

  test('pay for great work that has waited before the work of any other key', async () => {
    const { run, take } = shop(2, 2);
    for (const key of ['a', 'b']) {
      run(key, key, 2);
      run(key, `${key} great`, 6);
    }
    take();
    await turn();
    expect(take()).toEqual(['a great']);
    for (let count = 0; count < 2; count++) await turn();
    expect(take()).toEqual([]);
    await turn();
    expect(take()).toEqual(['b great']);
  });

  test('rest after long work that had waited, for all keys, while other work begins', async () => {
    let nowMs = 0;
    const { turns, run, take } = shop(1, 10, () => nowMs);
    for (const key of ['a', 'b']) for (const name of ['1', '2', '3']) run(key, key + name);
    expect(take()).toEqual(['a1', 'b1']);
    turns.run('c', 1, () => {});
    // Long enough that the turns below end before it, on a busy machine as well.
    turns.run('c', 1, () => (nowMs += 100));
    await turn();
    expect(take()).toEqual(['a2', 'b2']);
    for (let count = 0; count < 5; count++) {
      await turn();
      run('d', 'd');
      expect(take()).toEqual(['d']);
    }
    await eventually(() => expect(take()).toEqual(['a3', 'b3']));
  });

  test('does not rest after short work', async () => {
    let nowMs = 0;
    const { run, take, turns } = shop(1, 10, () => nowMs);
    turns.run('a', 1, () => {});
    turns.run('a', 1, () => (nowMs += 2));
    run('a', 'next');
    await turn();
    await turn();
    expect(take()).toEqual(['next']);
  });

  test('keep nothing of a key that has nothing to do', async () => {
    const { turns, run } = shop(1, 10);
    for (let index = 0; index < 3; index++) run(`key ${index}`, 'work', 2);
    for (let count = 0; count < 4; count++) await turn();
    expect((turns as unknown as { accounts: Map<unknown, unknown> }).accounts.size).toBe(0);
  });
});
