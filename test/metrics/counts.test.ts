import { DeliveryCounts } from '../../src/delivery/delivery.counts';
import { Seat } from '../../src/delivery/seat';
import { LogTopic } from '../../src/delivery/topic';
import type { LogEvent } from '../../src/events';
import type { Context } from '../../src/graphql/context';
import { hintSeat } from '../../src/graphql/streams/seat.options';
import { Histogram } from '../../src/runtime/histogram';
import { openLogbook } from '../support/logbook';

function logged(sequence: number, at = new Date()): LogEvent {
  return {
    name: 'log.appended',
    sequence,
    kind: 'MESSAGE_ADDED',
    at: at.toISOString(),
  } as LogEvent;
}

test('a histogram counts each duration in its class, and those above the last one in none', () => {
  const histogram = new Histogram([0.1, 1]);
  for (const seconds of [0, 0.1, 0.2, 1, 5, -3, Number.NaN]) histogram.observe(seconds);
  expect([...histogram.counts]).toEqual([4, 2]);
  expect(histogram.count).toBe(7);
  expect(histogram.sumS).toBeCloseTo(6.3);
});

describe('a topic of a log', () => {
  test('is as far behind as the newest event of which it knows', async () => {
    const topic = new LogTopic(async () => [{ events: [], reached: 1 }], openLogbook().logger);
    expect(topic.lag).toBe(0);
    topic.open(1);
    expect(topic.lag).toBe(0);
    topic.receive(logged(4));
    expect(topic.lag).toBe(3);
    topic.receive(logged(2));
    expect(topic.lag).toBe(2);
    topic.receive(logged(3));
    expect(topic.lag).toBe(0);
    topic.noteHead(9);
    expect(topic.lag).toBe(5);
    topic.close();
  });

  test('observes an event once, however many seats have it, and the time since its commit', () => {
    const counts = new DeliveryCounts();
    const topic = new LogTopic(async () => [], openLogbook().logger, counts);
    topic.open(0);
    for (let seats = 0; seats < 3; seats++)
      topic.seats.add(new Seat({ accepts: () => true }, 0, null, { remove() {} }));
    topic.receive(logged(1, new Date(Date.now() - 60_000)));
    topic.receive(logged(1));
    expect([counts.events, counts.commitToDelivery.count]).toEqual([1, 1]);
    expect(counts.commitToDelivery.sumS).toBeGreaterThanOrEqual(60);
    topic.close();
  });
});

test('a hint that leaves a full queue is counted', () => {
  const counts = new DeliveryCounts();
  const context = {
    connection: { keepsUp: true, queueLimit: 2 },
    services: { delivery: { hub: { counts } } },
  } as unknown as Context;
  const seat = new Seat(
    hintSeat(context, () => true),
    0,
    null,
    { remove() {} },
  );
  for (let hints = 0; hints < 5; hints++) seat.pushHint(logged(hints));
  expect(counts.hintsDropped).toBe(3);
});
