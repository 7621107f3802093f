import { randomUUID } from 'node:crypto';
import type { Bus, BusMessage } from '../../src/bus/bus';
import { MemoryBus } from '../../src/bus/bus.memory';
import { RedisBus } from '../../src/bus/bus.redis';
import type { BusEvent, LogEvent } from '../../src/events';
import { eventually } from '../support/eventually';
import { openLogbook } from '../support/logbook';

const logbook = openLogbook();

/** The nodes of one installation, started. The in-process bus has one node, which plays all parts. */
const implementations: [name: string, create: (channelPrefix: string) => () => Bus][] = [
  [
    'MemoryBus',
    () => {
      const bus = new MemoryBus(logbook.logger);
      return () => bus;
    },
  ],
  [
    'RedisBus',
    (channelPrefix) => () =>
      new RedisBus({
        url: process.env.PARLEY_TEST_REDIS_URL!,
        channelPrefix,
        logger: logbook.logger,
      }),
  ],
];

function logged(conversationId: string, sequence: number): LogEvent {
  return {
    name: 'log.appended',
    conversationId,
    sequence,
    kind: 'MESSAGE_ADDED',
    actorId: 'alice',
    messageId: 'm',
    offerId: null,
    offerAction: null,
    participantId: null,
    at: '2026-01-01T00:00:00.000Z',
  };
}

const hint = (topic: string, sequence: number): BusMessage => ({
  topic,
  event: logged('c', sequence),
});
const sequences = (events: readonly BusEvent[]) =>
  events.map((event) => (event as LogEvent).sequence);

describe.each(implementations)('%s', (_, createNode) => {
  let here: Bus;
  let there: Bus;

  beforeEach(async () => {
    const node = createNode(`${randomUUID()}:`);
    [here, there] = [node(), node()];
    await Promise.all([here.start(), there.start()]);
  });

  afterEach(async () => {
    await Promise.all([here.stop(), there.stop()]);
  });

  /** What one listener at a topic got, and a way to wait for everything that is published so far. */
  async function listen(bus: Bus, topic: string) {
    const events: BusEvent[] = [];
    const end = await bus.subscribe(topic, (event) => events.push(event));
    return { events, end };
  }

  /** Everything that `there` published before has arrived at `bus` when this resolves. */
  async function settled(bus: Bus): Promise<void> {
    const topic = `marker:${randomUUID()}`;
    const marker = await listen(bus, topic);
    there.publish([hint(topic, 1)]);
    await eventually(() => expect(marker.events).toHaveLength(1));
    await marker.end();
  }

  it('is connected once started, and says so', async () => {
    const bus = createNode(`${randomUUID()}:`)();
    const states: boolean[] = [];
    bus.onStateChange((connected) => {
      states.push(connected);
      throw new Error('a listener that disturbs nobody');
    });
    bus.onStateChange((connected) => states.push(connected));
    expect(bus.connected).toBe(false);
    await bus.start();
    expect(bus.connected).toBe(true);
    await bus.stop();
    expect(bus.connected).toBe(false);
    expect(states).toEqual([true, true, false, false]);
  });

  it('brings whatever is published after the subscription is in force', async () => {
    for (let i = 0; i < 50; i++) {
      const { events } = await listen(here, `topic:${i}`);
      there.publish([hint(`topic:${i}`, i)]);
      await eventually(() => expect(sequences(events)).toEqual([i]));
    }
  });

  it('keeps the order of one publisher, over calls and batches', async () => {
    const { events } = await listen(here, 'topic:a');
    const expected = Array.from({ length: 1_000 }, (_, i) => i);
    for (let i = 0; i < 1_000; ) {
      const batch = expected.slice(i, i + 1 + (i % 7));
      there.publish(
        batch.flatMap((sequence) => [hint('topic:a', sequence), hint('topic:b', sequence)]),
      );
      i += batch.length;
    }
    await eventually(() => expect(events).toHaveLength(1_000));
    expect(sequences(events)).toEqual(expected);
  });

  it('brings a publisher its own events, but not within the call', async () => {
    const { events } = await listen(here, 'topic:a');
    here.publish([hint('topic:a', 1)]);
    expect(events).toEqual([]);
    await eventually(() => expect(events).toEqual([logged('c', 1)]));
  });

  it('brings a publisher its own events before whatever else waits for its turn', async () => {
    const { events } = await listen(here, 'topic:a');
    const before = await new Promise<number[]>((resolve) => {
      setImmediate(() => {
        setImmediate(() => resolve(sequences(events)));
        here.publish([hint('topic:a', 1)]);
      });
    });
    expect(before).toEqual([1]);
  });

  it('lets others have their turn between an event and what a listener publishes because of it', async () => {
    let others = 0;
    let sawOthers: number[] = [];
    await here.subscribe('topic:a', (event) => {
      const { sequence } = event as LogEvent;
      sawOthers = [...sawOthers, others];
      if (sequence < 5) here.publish([hint('topic:a', sequence + 1)]);
    });
    here.publish([hint('topic:a', 1)]);
    const count = () => {
      others++;
      if (sawOthers.length < 5) setImmediate(count);
    };
    setImmediate(count);
    await eventually(() => expect(sawOthers).toHaveLength(5));
    expect(new Set(sawOthers).size).toBe(5);
  });

  it('brings listeners the events of their topic only', async () => {
    const a = await listen(here, 'topic:a');
    const b = await listen(here, 'topic:b');
    there.publish([hint('topic:a', 1), hint('topic:b', 2), hint('topic:c', 3), hint('topic:', 4)]);
    await settled(here);
    expect([sequences(a.events), sequences(b.events)]).toEqual([[1], [2]]);
  });

  it('brings nothing from the call on that ends the subscription, not even what is on its way', async () => {
    const ended = await listen(here, 'topic:a');
    const other = await listen(here, 'topic:a');
    here.publish([hint('topic:a', 1)]);
    await eventually(() => expect(other.events).toHaveLength(1));
    here.publish([hint('topic:a', 2)]);
    const end = ended.end();
    await eventually(() => expect(other.events).toHaveLength(2));
    await end;
    await ended.end();
    expect(sequences(ended.events)).toEqual([1]);
  });

  it('brings nothing to a listener that another one ended with the same event', async () => {
    const events: BusEvent[] = [];
    let endLast = async () => {};
    await here.subscribe('topic:a', () => void endLast());
    endLast = await here.subscribe('topic:a', (event) => events.push(event));
    there.publish([hint('topic:a', 1)]);
    await settled(here);
    expect(events).toEqual([]);
  });

  it('calls a listener once for each of its subscriptions', async () => {
    const listener = jest.fn();
    const ends = [
      await here.subscribe('topic:a', listener),
      await here.subscribe('topic:a', listener),
    ];
    there.publish([hint('topic:a', 1)]);
    await eventually(() => expect(listener).toHaveBeenCalledTimes(2));
    await ends[0]!();
    await ends[0]!();
    there.publish([hint('topic:a', 2)]);
    await settled(here);
    expect(listener).toHaveBeenCalledTimes(3);
  });

  it('goes on after a listener that subscribes anew with each event', async () => {
    const listener = jest.fn();
    // Keeps the topic open in between.
    await listen(here, 'topic:a');
    let end = await here.subscribe('topic:a', renew);
    function renew(): void {
      listener();
      void end();
      void here.subscribe('topic:a', renew).then((next) => {
        end = next;
      });
    }
    there.publish([hint('topic:a', 1)]);
    await settled(here);
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('lets no listener that throws disturb another, and logs what it threw', async () => {
    const topic = `topic:${randomUUID()}`;
    await here.subscribe(topic, () => {
      throw new Error('broken listener');
    });
    const { events } = await listen(here, topic);
    there.publish([hint(topic, 1), hint(topic, 2)]);
    await eventually(() => expect(sequences(events)).toEqual([1, 2]));
    expect(logbook.lines.filter((line) => line.topic === topic)).toHaveLength(2);
  });

  it('shows nobody what the publisher or another listener does to an event', async () => {
    await here.subscribe('topic:a', (event) => {
      (event as LogEvent).sequence = 99;
    });
    const { events } = await listen(here, 'topic:a');
    const event = logged('c', 1);
    there.publish([{ topic: 'topic:a', event }]);
    event.sequence = 77;
    await eventually(() => expect(sequences(events)).toEqual([1]));
  });

  it('ends up as it was asked last, however fast subscribing and ending follow each other', async () => {
    for (let i = 0; i < 50; i++) {
      const first = await listen(here, 'topic:a');
      const ended = first.end();
      const [second, third] = await Promise.all([listen(here, 'topic:a'), listen(here, 'topic:a')]);
      void second.end();
      there.publish([hint('topic:a', i)]);
      await eventually(() => expect(sequences(third.events)).toEqual([i]));
      expect([first.events, second.events]).toEqual([[], []]);
      await Promise.all([ended, third.end()]);
      expect(here.topicCount).toBe(0);
    }
  });

  it('counts the topics that have a listener', async () => {
    const a = await listen(here, 'topic:a');
    const sameTopic = await listen(here, 'topic:a');
    const b = await listen(here, 'topic:b');
    expect(here.topicCount).toBe(2);
    await Promise.all([a.end(), a.end(), b.end()]);
    expect(here.topicCount).toBe(1);
    await sameTopic.end();
    expect(here.topicCount).toBe(0);
  });

  it('ends everything when it stops; later calls do nothing', async () => {
    const { events, end } = await listen(here, 'topic:a');
    here.publish([hint('topic:a', 1)]);
    await here.stop();
    await here.stop();
    expect(here.topicCount).toBe(0);
    here.publish([hint('topic:a', 2)]);
    await (await here.subscribe('topic:a', (event) => events.push(event)))();
    await new Promise((resolve) => setImmediate(resolve));
    expect(events).toEqual([]);
    await end();
  });

  it('drops what is published before it is connected', async () => {
    const bus = createNode(`${randomUUID()}:`)();
    const events: BusEvent[] = [];
    await bus.subscribe('topic:a', (event) => events.push(event));
    bus.publish([hint('topic:a', 1)]);
    await bus.start();
    bus.publish([hint('topic:a', 2)]);
    await eventually(() => expect(sequences(events)).toEqual([2]));
    await bus.stop();
  });
});
