import { Seat, type SeatOptions } from '../../src/delivery/seat';
import { SourceIterator } from '../../src/delivery/source.iterator';
import { HintTopic, LogTopic } from '../../src/delivery/topic';
import type { BusEvent, LogEvent } from '../../src/events';
import { openLogbook } from '../support/logbook';

const FAILURE = new Error('of one subscriber');

function logged(sequence: number, kind = 'MESSAGE_ADDED'): LogEvent {
  return { name: 'log.appended', sequence, kind } as LogEvent;
}

function typing(userId: string): BusEvent {
  return { name: 'typing.changed', userId } as BusEvent;
}

/** A reader that keeps what it is given, and throws at some of it. */
function reader(throwsAt: (event: BusEvent) => boolean = () => false) {
  const events: BusEvent[] = [];
  const ends: (Error | null)[] = [];
  return {
    isReady: true,
    underWay: [],
    events,
    ends,
    push(event: BusEvent) {
      if (throwsAt(event)) throw FAILURE;
      events.push(event);
    },
    ended: (error: Error | null) => void ends.push(error),
  };
}

function numbersOf(events: BusEvent[]): number[] {
  return events.map((event) => (event as LogEvent).sequence);
}

const fail = (): never => {
  throw FAILURE;
};

/** The places at which one subscriber can throw at event 2, which is a removal. */
const PLACES: [string, Partial<SeatOptions>, (event: BusEvent) => boolean][] = [
  ['what it accepts', { accepts: (event) => (event as LogEvent).sequence !== 2 || fail() }, no],
  ['where it ends', { endsAfter: fail }, no],
  ['its reader', {}, (event) => (event as LogEvent).sequence === 2],
  ['its end', { endsAfter: () => new Error('removed'), onClosed: fail }, no],
];

function no(): boolean {
  return false;
}

describe('an exception of one subscriber', () => {
  test.each(PLACES)('of a log, in %s, leaves the others alone', (_place, options, throwsAt) => {
    const logbook = openLogbook();
    const topic = new LogTopic(async () => [], logbook.logger);
    topic.open(0);
    const failing = reader(throwsAt);
    const others = [reader(), reader()];
    const registry = { remove: (one: Seat) => topic.seats.delete(one) };
    const seatOf = (own: Partial<SeatOptions>, one: ReturnType<typeof reader>) => {
      const seat = new Seat({ accepts: () => true, ...own }, 0, null, registry);
      topic.seats.add(seat);
      seat.readBy(one);
    };
    seatOf({}, others[0]!);
    seatOf(options, failing);
    seatOf({}, others[1]!);
    topic.receive(logged(1));
    // The third waits for the second, and is delivered in the same call.
    topic.receive(logged(3));
    topic.receive(logged(2, 'PARTICIPANT_REMOVED'));
    topic.receive(logged(4));
    for (const { events } of others) expect(numbersOf(events)).toEqual([1, 2, 3, 4]);
    // It is told, once, and gets nothing that follows what it has missed.
    expect(numbersOf(failing.events).filter((sequence) => sequence > 2)).toEqual([]);
    expect(failing.ends).toHaveLength(1);
    expect(failing.ends[0]).toBeInstanceOf(Error);
    expect(topic.seats.size).toBe(2);
    topic.close();
  });

  test('counts the event as not received', () => {
    const topic = new LogTopic(async () => [], openLogbook().logger);
    topic.open(0);
    const done: number[] = [];
    const options = { accepts: () => true, onClosed: (_: unknown, at: number) => done.push(at) };
    const seat = new Seat(options, 0, null, { remove: (one) => topic.seats.delete(one) });
    topic.seats.add(seat);
    seat.readBy(reader((event) => (event as LogEvent).sequence === 2));
    for (const sequence of [1, 2, 3]) topic.receive(logged(sequence));
    expect(done).toEqual([1]);
    topic.close();
  });

  test.each([
    ['a topic without a log', () => new HintTopic(openLogbook().logger)],
    ['a log', () => new LogTopic(async () => [], openLogbook().logger)],
  ])('at a hint of %s drops that hint, for this subscriber', (_name, create) => {
    const topic = create();
    const isBad = (event: BusEvent) => 'userId' in event && event.userId === 'bad';
    const readers = [reader(), reader(isBad), reader()];
    for (const one of readers) {
      const seat = new Seat({ accepts: () => true }, 0, null, { remove() {} });
      topic.seats.add(seat);
      seat.readBy(one);
    }
    for (const userId of ['alice', 'bad', 'bob']) topic.receive(typing(userId));
    expect(readers.map(({ events }) => events.length)).toEqual([3, 2, 3]);
    expect(readers.flatMap(({ ends }) => ends)).toEqual([]);
    topic.close();
  });

  test('at an event that waited for its reader is told once, in place of what waited', () => {
    const seat = new Seat({ accepts: () => true }, 0, null, { remove() {} });
    for (const sequence of [1, 2, 3]) seat.pushLogged(logged(sequence));
    const failing = reader((event) => (event as LogEvent).sequence === 2);
    seat.readBy(failing);
    expect(numbersOf(failing.events)).toEqual([1]);
    expect(failing.ends).toEqual([FAILURE]);
  });

  test.each(PLACES)(
    'that replays, in %s, is its end, and no unhandled rejection',
    async (_place, options, throwsAt) => {
      const events = [logged(1), logged(2, 'PARTICIPANT_REMOVED'), logged(3)];
      const replay = { read: async () => ({ events, reached: 3 }), caughtUp: () => true };
      const seat = new Seat({ accepts: () => true, ...options }, 0, replay, { remove() {} });
      const failing = reader(throwsAt);
      seat.readBy(failing);
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
      expect(numbersOf(failing.events).filter((sequence) => sequence > 2)).toEqual([]);
      expect(failing.ends).toEqual([expect.any(Error)]);
    },
  );

  test('that replays pages which cannot be read is told once', async () => {
    for (const read of [async () => undefined as never, () => fail()]) {
      const seat = new Seat(
        { accepts: () => true },
        0,
        { read, caughtUp: () => true },
        {
          remove() {},
        },
      );
      const failing = reader();
      seat.readBy(failing);
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
      expect(failing.ends).toEqual([expect.any(Error)]);
    }
  });

  test('whose end throws is free all the same, however it ends', async () => {
    const registry = { remove() {}, failed: jest.fn() };
    const ended = new Seat({ accepts: () => true, onClosed: fail }, 0, null, registry);
    const next = new SourceIterator(ended).next();
    ended.end();
    expect(await next).toMatchObject({ done: true });
    const closed = new Seat({ accepts: () => true, onClosed: fail }, 0, null, registry);
    closed.close();
    expect(registry.failed.mock.calls).toEqual([[FAILURE], [FAILURE]]);
  });
});
