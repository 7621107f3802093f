import type { Sink } from 'graphql-ws';
import { ResultIterator } from '../../client/src/resumable/result.iterator';

/** An iterator, the sink that fills it, and whether it has ended its subscription. */
function begin() {
  let sink!: Sink<number>;
  const unsubscribed = jest.fn(() => sink.complete());
  const iterator = new ResultIterator<number>((given) => {
    sink = given;
    return unsubscribed;
  });
  return { iterator, sink, unsubscribed };
}

const DONE = { value: undefined, done: true };
const is = (value: number) => ({ value, done: false });

describe('the iterator of results', () => {
  test('answers several calls that wait, in their order', async () => {
    const { iterator, sink } = begin();
    const asked = [iterator.next(), iterator.next(), iterator.next()];
    for (const value of [1, 2, 3]) sink.next(value);
    expect(await Promise.all(asked)).toEqual([is(1), is(2), is(3)]);
  });

  test('keeps what comes faster than it is asked for', async () => {
    const { iterator, sink } = begin();
    for (let value = 0; value < 1_000; value++) sink.next(value);
    sink.complete();
    const taken: number[] = [];
    for await (const value of iterator) {
      taken.push(value);
      await new Promise(setImmediate);
    }
    expect(taken).toEqual(Array.from({ length: 1_000 }, (_, index) => index));
  });

  test('answers all calls that wait when it is completed', async () => {
    const { iterator, sink } = begin();
    const asked = [iterator.next(), iterator.next(), iterator.next()];
    sink.next(1);
    sink.complete();
    expect(await Promise.all(asked)).toEqual([is(1), DONE, DONE]);
    expect(await iterator.next()).toEqual(DONE);
  });

  test.each(['while a call waits', 'before it'])('throws an error once, %s', async (when) => {
    const { iterator, sink } = begin();
    const asked = when === 'before it' ? [] : [iterator.next(), iterator.next()];
    sink.error(new Error('lost'));
    sink.next(1);
    const [first, ...others] = asked.length > 0 ? asked : [iterator.next(), iterator.next()];
    await expect(first).rejects.toThrow('lost');
    expect(await Promise.all(others)).toEqual([DONE]);
    expect(await iterator.next()).toEqual(DONE);
  });

  test('throws errors that are nothing, as others', async () => {
    const { iterator, sink } = begin();
    sink.error(undefined);
    await expect(iterator.next()).rejects.toBeUndefined();
    expect(await iterator.next()).toEqual(DONE);
  });

  test('answers all calls that wait when it is ended, and delivers nothing after that', async () => {
    const { iterator, sink, unsubscribed } = begin();
    const asked = [iterator.next(), iterator.next()];
    expect(await iterator.return(7)).toEqual({ value: 7, done: true });
    sink.next(1);
    sink.error(new Error('late'));
    expect(await Promise.all(asked)).toEqual([DONE, DONE]);
    expect(await iterator.next()).toEqual(DONE);
    expect(unsubscribed).toHaveBeenCalledTimes(1);
  });

  test('forgets what was not taken when it is ended', async () => {
    const { iterator, sink } = begin();
    sink.next(1);
    await iterator.return();
    expect(await iterator.next()).toEqual(DONE);
  });

  test('ends by throw while calls wait, and by a signal', async () => {
    const { iterator, unsubscribed } = begin();
    const asked = [iterator.next(), iterator.next()];
    await expect(iterator.throw(new Error('enough'))).rejects.toThrow('enough');
    expect(await Promise.all(asked)).toEqual([DONE, DONE]);
    expect(unsubscribed).toHaveBeenCalledTimes(1);

    const { iterator: other, sink } = begin();
    const abort = new AbortController();
    abort.signal.addEventListener('abort', () => void other.return());
    const taken: number[] = [];
    sink.next(1);
    sink.next(2);
    for await (const value of other) {
      taken.push(value);
      abort.abort();
    }
    expect(taken).toEqual([1]);
  });
});
