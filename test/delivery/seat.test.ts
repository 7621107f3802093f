import { Seat } from '../../src/delivery/seat';
import type { LogEvent } from '../../src/events';
import type { LogPage } from '../../src/log/log.source';

const LAST = 3;

function event(sequence: number): LogEvent {
  return { name: 'log.appended', sequence, kind: 'MESSAGE_ADDED' } as LogEvent;
}

describe('a seat that is given up says up to where its reader was done', () => {
  let done: number | null;

  /** Three events wait for the reader. */
  function seat(): Seat {
    done = null;
    const one = new Seat({ accepts: () => true, onVacated: (_error, at) => (done = at) }, 0, null, {
      leave() {},
    });
    for (let sequence = 1; sequence <= LAST; sequence++) one.offerLogged(event(sequence));
    return one;
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
      onVacated: (_error: unknown, at: number) => (done = at),
    };
    const passing = new Seat(options, 0, null, { leave() {} });
    passing.offerLogged(event(1));
    await passing.return();
    expect(done).toBe(1);
    const waiting = new Seat({ ...options, accepts: () => true }, 0, null, { leave() {} });
    const next = waiting.next();
    waiting.offerLogged(event(1));
    await next;
    await waiting.return();
    expect(done).toBe(0);
  });

  test('what was read of the log, when it was still behind it', async () => {
    const page: LogPage = { events: [event(1), event(2)], reached: 2 };
    const replay = { read: async () => page, caughtUp: () => true };
    const one = new Seat(
      { accepts: () => true, onVacated: (_error, at) => (done = at) },
      0,
      replay,
      { leave() {} },
    );
    await one.next();
    await one.next();
    await one.return();
    expect(done).toBe(1);
  });
});
