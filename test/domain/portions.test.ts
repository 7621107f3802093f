import { setImmediate as immediate } from 'node:timers/promises';
import { Portions } from '../../src/runtime/portions';

/** Resolves after the next turn with pieces, whose length is known in the turn after it. */
async function turn(): Promise<void> {
  await immediate();
  await immediate();
}

/** Portions with a clock that each piece moves on. */
function shop() {
  let timeMs = 0;
  const done: string[] = [];
  const waits: number[] = [];
  const portions = new Portions(
    () => timeMs,
    (serve, waitMs) => {
      waits.push(waitMs);
      setImmediate(serve);
    },
  );
  const run = (owner: string, name: string, ms: number) =>
    portions.run(owner, () => {
      timeMs += ms;
      done.push(name);
      return name;
    });
  const take = () => done.splice(0);
  const pass = (ms: number) => {
    timeMs += ms;
  };
  return { portions, run, take, pass, waits };
}

describe('portions', () => {
  test('run no piece in the turn that gave it, and then as many as there is time for', async () => {
    const { run, take } = shop();
    for (let index = 0; index < 5; index++) void run('a', String(index), 1);
    expect(take()).toEqual([]);
    await turn();
    expect(take()).toEqual(['0', '1']);
    await turn();
    expect(take()).toEqual(['2', '3']);
    await turn();
    expect(take()).toEqual(['4']);
  });

  test('run one piece in a turn, however long it takes', async () => {
    const { run, take } = shop();
    for (const name of ['a', 'b']) void run('owner', name, 50);
    await turn();
    expect(take()).toEqual(['a']);
    await turn();
    expect(take()).toEqual(['b']);
  });

  test('serve the owners one after the other', async () => {
    const { run, take } = shop();
    for (let index = 0; index < 4; index++) void run('a', `a${index}`, 1);
    for (const name of ['b', 'c']) void run(name, name, 1);
    const all: string[] = [];
    for (let count = 0; count < 4; count++) {
      await turn();
      all.push(...take());
    }
    expect(all).toEqual(['a0', 'b', 'c', 'a1', 'a2', 'a3']);
  });

  test('let nothing follow in a turn whose work is done by one who waited', async () => {
    const { portions, run, take } = shop();
    const waited = portions.wait('a');
    void run('b', 'b', 0);
    await waited;
    expect(take()).toEqual([]);
    await turn();
    expect(take()).toEqual(['b']);
  });

  test('leave others some time after each turn with pieces, also when none waits at its end', async () => {
    const { run, take, pass, waits } = shop();
    pass(1_000);
    for (const name of ['a', 'b', 'c']) void run('owner', name, 1);
    await turn();
    expect(take()).toEqual(['a', 'b']);
    await turn();
    expect(take()).toEqual(['c']);
    void run('owner', 'd', 1);
    await turn();
    pass(50);
    void run('owner', 'e', 1);
    expect(waits).toEqual([-1_000, 8, 4, -46]);
  });

  test('leave others four times the time of the turn, with what went on after its pieces', async () => {
    const { portions, run, pass, waits } = shop();
    pass(1_000);
    void portions.run('owner', () => 'begun').then(() => pass(30));
    await turn();
    void run('owner', 'next', 1);
    expect(waits).toEqual([-1_000, 120]);
  });

  test('answer what a piece answers, and go on when one fails', async () => {
    const { portions, run } = shop();
    const failing = portions.run('a', () => {
      throw new Error('failed');
    });
    const next = run('a', 'next', 0);
    await expect(failing).rejects.toThrow('failed');
    expect(await next).toBe('next');
    expect(await portions.run('a', async () => 'later')).toBe('later');
  });
});
