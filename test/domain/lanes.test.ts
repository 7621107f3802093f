import { Lanes } from '../../src/runtime/lanes';

/** Work that ends when told to, and the names of what has begun, in order. */
function workshop() {
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const work = (name: string) => () =>
    new Promise<string>((resolve, reject) => {
      begun.push(name);
      ends.set(name, (error) => (error ? reject(error) : resolve(name)));
    });
  return { begun, work, end: (name: string, error?: Error) => ends.get(name)!(error) };
}

function lanesOf(width: number, maxWaiting = 100, maxWaitMs = 60_000) {
  return new Lanes({ width, maxWaiting, maxWaitMs, refusal: (reason) => new Error(reason) });
}

const settle = () => new Promise(setImmediate);

describe('lanes', () => {
  test('let so many begin at once, and each further one when one has ended, in order', async () => {
    const { begun, work, end } = workshop();
    const lanes = lanesOf(2);
    const all = ['a', 'b', 'c', 'd'].map((name) => lanes.run('key', work(name)));
    expect(begun).toEqual(['a', 'b']);
    end('b');
    await settle();
    expect(begun).toEqual(['a', 'b', 'c']);
    for (const name of ['a', 'c']) end(name);
    await settle();
    end('d');
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('pass the place on when work fails, also at once', async () => {
    const { begun, work, end } = workshop();
    const lanes = lanesOf(1);
    const failed = lanes.run('key', work('a'));
    const thrown = lanes.run('key', () => {
      throw new Error('at once');
    });
    const last = lanes.run('key', work('c'));
    end('a', new Error('later'));
    await expect(failed).rejects.toThrow('later');
    await expect(thrown).rejects.toThrow('at once');
    await settle();
    expect(begun).toEqual(['a', 'c']);
    end('c');
    await last;
    // Nothing of it is left, so the next begins at once.
    const next = lanes.run('key', work('d'));
    expect(begun).toEqual(['a', 'c', 'd']);
    end('d');
    await next;
  });

  test('keep keys apart', async () => {
    const { begun, work, end } = workshop();
    const lanes = lanesOf(1);
    const both = [lanes.run('one', work('a')), lanes.run('__proto__', work('b'))];
    expect(begun).toEqual(['a', 'b']);
    end('a');
    end('b');
    await Promise.all(both);
  });

  test('refuse what would wait beyond the limit, and let the others go on', async () => {
    const { work, end } = workshop();
    const lanes = lanesOf(1, 1);
    const first = lanes.run('key', work('a'));
    const second = lanes.run('key', work('b'));
    await expect(lanes.run('key', work('c'))).rejects.toThrow('full');
    end('a');
    await settle();
    end('b');
    expect(await Promise.all([first, second])).toEqual(['a', 'b']);
  });

  test('give up what has waited too long, without beginning it, and leave its place to the next', async () => {
    const { begun, work, end } = workshop();
    const lanes = lanesOf(1, 1, 20);
    const first = lanes.run('key', work('a'));
    await expect(lanes.run('key', work('b'))).rejects.toThrow('timeout');
    const third = lanes.run('key', work('c'));
    end('a');
    await settle();
    expect(begun).toEqual(['a', 'c']);
    end('c');
    expect(await Promise.all([first, third])).toEqual(['a', 'c']);
  });

  test('give a wide piece the place of several, and let none overtake it', async () => {
    const { begun, work, end } = workshop();
    const lanes = lanesOf(3);
    const all = [
      lanes.run('key', work('a')),
      lanes.run('key', work('b')),
      lanes.run('key', work('wide'), 2),
      lanes.run('key', work('c')),
    ];
    expect(begun).toEqual(['a', 'b']);
    end('a');
    await settle();
    expect(begun).toEqual(['a', 'b', 'wide']);
    end('b');
    await settle();
    expect(begun).toEqual(['a', 'b', 'wide', 'c']);
    end('wide');
    end('c');
    await Promise.all(all);
  });

  test('let a piece that is too wide be alone', async () => {
    const { begun, work, end } = workshop();
    const lanes = lanesOf(2);
    const all = [lanes.run('key', work('a')), lanes.run('key', work('wide'), 9)];
    const last = lanes.run('key', work('b'));
    end('a');
    await settle();
    expect(begun).toEqual(['a', 'wide']);
    end('wide');
    await settle();
    end('b');
    await Promise.all([...all, last]);
  });

  test('let the next begin when one has given up that was too wide for the place', async () => {
    const { begun, work, end } = workshop();
    const lanes = lanesOf(2, 100, 20);
    const first = lanes.run('key', work('a'));
    await expect(lanes.run('key', work('wide'), 2)).rejects.toThrow('timeout');
    const next = lanes.run('key', work('b'));
    expect(begun).toEqual(['a', 'b']);
    end('a');
    end('b');
    await Promise.all([first, next]);
  });
});
