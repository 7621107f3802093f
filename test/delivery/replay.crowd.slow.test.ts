import { Seat } from '../../src/delivery/seat';
import { SharedReplay } from '../../src/delivery/shared-replay';
import { SourceIterator } from '../../src/delivery/source.iterator';
import { LogTopic } from '../../src/delivery/topic';
import { UnavailableError } from '../../src/errors';
import type { LogEvent } from '../../src/events';
import { MessageResolver } from '../../src/graphql/resolvers/message.resolver';
import { EditMessageDocument, MessageAddedDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import { openLogbook } from '../support/logbook';

const HEAD = 450;
/** By then a database that does not answer is away. */
const LONG_MS = 10_000;

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** A log of 450 events whose reads go on when told to; where they began, in order. */
function heldLog() {
  let head = HEAD;
  const reads: number[][] = [];
  const held: { answer: () => void; fail: (error: Error) => void }[] = [];
  const read = async (positions: readonly number[], limit: number) => {
    reads.push([...positions]);
    await new Promise<void>((answer, fail) => held.push({ answer, fail }));
    return positions.map((after) => {
      const events = numbers(after + 1, Math.min(after + limit, head)).map(
        (sequence) => ({ name: 'log.appended', sequence, kind: 'MESSAGE_ADDED' }) as LogEvent,
      );
      return { events, reached: events.at(-1)?.sequence ?? after };
    });
  };
  const topic = new LogTopic(read, openLogbook().logger);
  topic.open(HEAD);
  const next = async () => {
    await eventually(() => expect(held.length).toBeGreaterThan(0));
    return held.shift()!;
  };
  const append = () =>
    topic.receive({ name: 'log.appended', sequence: ++head, kind: 'MESSAGE_ADDED' } as LogEvent);
  return { topic, reads, held, next, append };
}

describe('those who replay one log at once', () => {
  test('are given the pages that they ask for while others are read together, as one', async () => {
    const { topic, reads, next } = heldLog();
    const replay = topic.replay();
    const first = replay.read(10);
    const { answer } = await next();
    const others = [199, 10, 200, 0, 399, 400].map((after) => replay.read(after));
    expect(reads).toEqual([[0]]);
    answer();
    expect((await first).events).toHaveLength(200);
    (await next()).answer();
    const pages = await Promise.all(others);
    // Three pages, one statement.
    expect(reads).toEqual([[0], [0, 200, 400]]);
    expect(pages.map(({ events }) => events[0]!.sequence)).toEqual([1, 1, 201, 1, 201, 401]);
    expect(new Set(pages).size).toBe(3);
    // What was read before they asked is not theirs.
    expect(pages).not.toContain(await first);
    // Nobody replays any more: who comes next asks anew, at once.
    void replay.read(0);
    await next();
    expect(reads).toEqual([[0], [0, 200, 400], [0]]);
  });

  test('get what follows their own position, in order and once, and then go live', async () => {
    const { topic, held, append } = heldLog();
    const positions = [0, 1, 37, 199, 200, 201, 399, 400, 449, 450];
    const seats = positions.map((position) => {
      const seat: Seat = new Seat({ accepts: () => true }, position, topic.replay(), {
        remove: (one) => topic.seats.delete(one),
      });
      topic.seats.add(seat);
      return new SourceIterator(seat);
    });
    const received = positions.map((): number[] => []);
    const reading = seats.map(async (seat, index) => {
      for (let step = await seat.next(); !step.done; step = await seat.next())
        received[index]!.push((step.value as LogEvent).sequence);
    });
    const answeredUpTo = (sequence: number) =>
      eventually(() => {
        for (const one of held.splice(0)) one.answer();
        expect(received).toEqual(positions.map((position) => numbers(position + 1, sequence)));
      });
    await answeredUpTo(HEAD);
    append();
    await answeredUpTo(HEAD + 1);
    append();
    await answeredUpTo(HEAD + 2);
    for (const seat of seats) await seat.return();
    await Promise.all(reading);
    topic.close();
  });

  test('a lost connection fails nobody: each page is read once more, by itself', async () => {
    const { topic, reads, next } = heldLog();
    const replay = topic.replay();
    const pages = Promise.all([0, 10, 200, 400].map((after) => replay.read(after)));
    (await next()).fail(new UnavailableError());
    for (let count = 0; count < 3; count++) (await next()).answer();
    expect((await pages).map(({ events }) => events[0]!.sequence)).toEqual([1, 1, 201, 401]);
    expect(reads).toEqual([[0, 200, 400], [0], [200], [400]]);
  });

  test('a page that was refused with others before its turn is read for who asks for it later', async () => {
    const { topic, reads, next } = heldLog();
    const replay = topic.replay();
    const first = [replay.read(0), replay.read(1)];
    const { fail } = await next();
    const waiting = replay.read(200);
    const now = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + LONG_MS);
    fail(new UnavailableError());
    for (const one of [...first, waiting]) await expect(one).rejects.toThrow(UnavailableError);
    now.mockRestore();
    // Others come while these are waited for.
    const others = replay.read(400);
    const later = replay.read(200);
    (await next()).answer();
    expect((await others).events).toHaveLength(HEAD - 400);
    expect((await later).events).toHaveLength(200);
    expect(reads).toEqual([[0], [400, 200]]);
  });

  test('fail together where their pages could not be read, and nobody else does', async () => {
    const { topic, reads, next } = heldLog();
    const replay = topic.replay();
    const failing = [replay.read(0), replay.read(10)];
    const { fail } = await next();
    const later = replay.read(20);
    fail(new UnavailableError());
    for (const one of failing) await expect(one).rejects.toThrow(UnavailableError);
    (await next()).answer();
    expect((await later).events).toHaveLength(200);
    expect(reads).toEqual([[0], [0]]);
  });
});

describe('devices that come back together', () => {
  const MESSAGES = 30;
  const DEVICES = 20;
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());
  afterEach(() => jest.restoreAllMocks());

  test('share what each event shows, from places of their own, as it is when they come', async () => {
    const people = await cluster.persons('alice', 'bob', 'carl');
    const [alice] = people;
    const { id } = await conversationOf(people);
    const messages = [];
    for (let count = 0; count < MESSAGES; count++)
      messages.push(await sendBy(alice!, id, { content: `${count}` }));
    const {
      delivery: { log },
    } = cluster.node.services;
    const { readMany } = log;
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const read = jest.spyOn(log, 'readMany').mockImplementationOnce(async (...args) => {
      const found = await readMany.apply(log, args);
      await held;
      return found;
    });
    const executed = jest.spyOn(MessageResolver.prototype, 'messageAdded');
    const asked = jest.spyOn(SharedReplay.prototype, 'pageAfter');
    // However long it takes until all have asked, no reading begins beside the one that is held.
    const now = jest.spyOn(performance, 'now').mockReturnValue(performance.now());
    const asking = () => asked.mock.calls.length;
    const streams = [];
    for (let index = 0; index < DEVICES; index++) {
      const device = cluster.device(people[index % people.length]!);
      streams.push(device.subscribe(MessageAddedDocument, { conversationId: id, after: index }));
      if (index === 0) await eventually(() => expect(read).toHaveBeenCalledTimes(1));
    }
    await eventually(() => expect(asking()).toBe(DEVICES));
    // After the first page was read, before the others'.
    const { id: messageId } = messages.at(-1)!;
    await alice!.ask(EditMessageDocument, { input: { messageId, content: 'edited' } });
    now.mockRestore();
    goOn();
    for (const [index, stream] of streams.entries()) {
      const said = (await stream.take(MESSAGES - index)).map(({ messageAdded }) => messageAdded);
      expect(said.map(({ sequence }) => sequence)).toEqual(numbers(index + 1, MESSAGES));
      expect(said.at(-1)!.content).toBe('edited');
    }
    // Once for the first device, and once for all others.
    expect(executed).toHaveBeenCalledTimes(2 * MESSAGES - 1);
    // The first device's page was behind the edit, so that it may have looked once more.
    expect(read.mock.calls.length).toBeLessThanOrEqual(3);
    // Nothing is kept for who comes later.
    await alice!.ask(EditMessageDocument, { input: { messageId, content: 'edited again' } });
    const late = cluster
      .device(alice!)
      .subscribe(MessageAddedDocument, { conversationId: id, after: MESSAGES - 1 });
    expect((await late.next()).messageAdded.content).toBe('edited again');
  });
});
