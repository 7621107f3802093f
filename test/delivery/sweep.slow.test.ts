import { MemoryBus } from '../../src/bus/bus.memory';
import { Hub } from '../../src/delivery/hub';
import { SourceIterator } from '../../src/delivery/source.iterator';
import { type LogEvent, topics } from '../../src/events';
import type { LogEpoch } from '../../src/log/log.epoch';
import type { LogHeads, LogSurvey } from '../../src/log/log.heads';
import { eventually } from '../support/eventually';
import { openLogbook } from '../support/logbook';

const TOPIC = topics.conversation('one');
const EPOCH = 'epoch';

function logged(sequence: number): LogEvent {
  return { name: 'log.appended', sequence, kind: 'MESSAGE_ADDED' } as LogEvent;
}

/** A hub with one seat at a log of three events, whose heads are read when the test says so. */
async function follow() {
  const { logger, about } = openLogbook();
  const bus = new MemoryBus(logger);
  const surveys: ((survey: LogSurvey) => void)[] = [];
  const heads = {
    readMany: async (keys: readonly string[]) => keys.map(() => 3),
    survey: () => new Promise<LogSurvey>((resolve) => surveys.push(resolve)),
  };
  const epoch = { current: EPOCH };
  const hub = new Hub(bus, heads as unknown as LogHeads, epoch as LogEpoch, logger);
  const read = async ([after]: readonly number[]) => [{ events: [], reached: after! }];
  await bus.start();
  hub.start();
  const source = { topic: TOPIC, read };
  const seat = await hub.subscribeLog(
    source,
    { position: 3, replay: false },
    { accepts: () => true },
  );
  const events = new SourceIterator(seat);
  const answer = async (...survey: [head: number, epoch?: string]) => {
    await eventually(() => expect(surveys).toHaveLength(1));
    const [head, seen = EPOCH] = survey;
    surveys.shift()!({ heads: [head], epoch: seen, isNewTimeline: false });
  };
  const begun = () => eventually(() => expect(surveys).toHaveLength(1));
  return { hub, bus, events, answer, begun, epoch, about };
}

describe('a comparison of the heads', () => {
  test('does not take an event for a lost one that came while they were read', async () => {
    const { hub, bus, events, answer, begun, about } = await follow();
    await begun();
    bus.deliver(TOPIC, logged(4));
    await answer(3);
    expect((await events.next()).value).toEqual(logged(4));
    const next = events.next();
    await begun();
    bus.deliver(TOPIC, logged(5));
    expect((await next).value).toEqual(logged(5));
    expect(about('log went back')).toEqual([]);
    hub.stop();
  });

  test('ends the seats of a log whose head is below what was delivered', async () => {
    const { hub, events, answer, about } = await follow();
    const next = events.next();
    await answer(2);
    await expect(next).rejects.toMatchObject({
      code: 'RESYNC_REQUIRED',
      extensions: { lastSequence: 2 },
    });
    expect(about('log went back')).toMatchObject([{ topic: TOPIC, delivered: 3, head: 2 }]);
    expect(hub.size).toEqual({ topics: 0, seats: 0 });
    hub.stop();
  });

  test('ends the seats of all logs at a new epoch, also of one that opened meanwhile', async () => {
    const { hub, events, answer, begun, epoch } = await follow();
    const next = events.next();
    await begun();
    const later = await hub.subscribeLog(
      { topic: topics.inbox('later'), read: async () => [] },
      { position: 0, replay: false },
      { accepts: () => true },
    );
    const nextOfLater = new SourceIterator(later).next();
    await answer(3, 'another');
    for (const one of [next, nextOfLater])
      await expect(one).rejects.toMatchObject({ extensions: { lastSequence: 3 } });
    expect(epoch.current).toBe('another');
    expect(hub.size).toEqual({ topics: 0, seats: 0 });
    hub.stop();
  });
});
