import { Seat } from '../../src/delivery/seat';
import { SourceIterator } from '../../src/delivery/source.iterator';
import type { BusEvent, LogEvent } from '../../src/events';
import type { LogPage } from '../../src/log/log.source';

const LAST = 3;

function event(sequence: number): LogEvent {
  return { name: 'log.appended', sequence, kind: 'MESSAGE_ADDED' } as LogEvent;
}

describe('a seat that is given up says up to where its reader was done', () => {
  let done: number | null;

  /** Three events wait for the reader. */
  function seat(): SourceIterator<BusEvent> {
    done = null;
    const one = new Seat({ accepts: () => true, onClosed: (_error, at) => (done = at) }, 0, null, {
      remove() {},
    });
    for (let sequence = 1; sequence <= LAST; sequence++) one.pushLogged(event(sequence));
    return new SourceIterator(one);
  }

  test.each([
    ['with what was never asked for', 0, 0],
    ['with what it was busy with', 1, 0],
    ['with what it has dealt with', 2, 1],
    ['with the last one that it was busy with', 3, 2],
  ])('%s', async (_name, asked, expected) => {
    const one = seat();
    for (let count = 0; count < asked; count++) await one.next();
    await one.return();
    expect(done).toBe(expected);
  });

  test('all of it, when it waits for more', async () => {
    const one = seat();
    for (let count = 0; count < LAST; count++) await one.next();
    const more = one.next();
    await one.return();
    expect(done).toBe(LAST);
    expect(await more).toMatchObject({ done: true });
  });

  test('what passed it by counts as done, what came while it waited does not', async () => {
    const options = {
      accepts: () => false,
      onClosed: (_error: unknown, at: number) => (done = at),
    };
    const passing = new Seat(options, 0, null, { remove() {} });
    passing.pushLogged(event(1));
    passing.close();
    expect(done).toBe(1);
    const waiting = new Seat({ ...options, accepts: () => true }, 0, null, { remove() {} });
    const events = new SourceIterator(waiting);
    const next = events.next();
    waiting.pushLogged(event(1));
    await next;
    await events.return();
    expect(done).toBe(0);
  });

  test('what was read of the log, when it was still behind it', async () => {
    const page: LogPage = { events: [event(1), event(2)], reached: 2 };
    const replay = { read: async () => page, caughtUp: () => true };
    const one = new Seat(
      { accepts: () => true, onClosed: (_error, at) => (done = at) },
      0,
      replay,
      { remove() {} },
    );
    const events = new SourceIterator(one);
    await events.next();
    await events.next();
    await events.return();
    expect(done).toBe(1);
  });
});

describe('a seat whose queue is full', () => {
  const take = (onOverflow: () => 'end' | 'drop oldest') => {
    const seat = new Seat({ accepts: () => true, queueLimit: 2, onOverflow }, 0, null, {
      remove() {},
    });
    for (let sequence = 1; sequence <= LAST; sequence++) seat.pushLogged(event(sequence));
    return new SourceIterator(seat);
  };

  test('ends without what was queued', async () => {
    expect(await take(() => 'end').next()).toMatchObject({ done: true });
  });

  test('goes on without the oldest event, where that may be dropped', async () => {
    const events = take(() => 'drop oldest');
    expect((await events.next()).value).toEqual(event(2));
    expect((await events.next()).value).toEqual(event(LAST));
    const more = events.next();
    await events.return();
    expect(await more).toMatchObject({ done: true });
  });
});
