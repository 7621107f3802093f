import { BusInstallation, becomes, eventOf, listen, textsOf } from '../support/bus-nodes';
import { eventually } from '../support/eventually';

const installation = new BusInstallation();

describe('a Redis that is killed and started again', () => {
  it('is told, loses only what was published meanwhile, and restores every topic', async () => {
    const [here, there] = await Promise.all([installation.start(), installation.start()]);
    const states: boolean[] = [];
    here.onStateChange((connected) => states.push(connected));
    const topicNames = Array.from({ length: 50 }, (_, i) => `topic:${i}`);
    const listeners = await Promise.all(topicNames.map((topic) => listen(here, topic)));
    const away = Promise.all([becomes(here, false), becomes(there, false)]);
    await installation.redis.kill();
    await away;
    for (const topic of topicNames) there.publish([{ topic, event: eventOf('lost') }]);
    await eventually(() => expect(there.droppedCount).toBe(50));
    const back = Promise.all([becomes(here, true), becomes(there, true)]);
    await installation.redis.start();
    await back;
    for (const topic of topicNames) there.publish([{ topic, event: eventOf(topic) }]);
    await eventually(() =>
      expect(listeners.map(({ events }) => textsOf(events))).toEqual(topicNames.map((t) => [t])),
    );
    expect(states).toEqual([false, true]);
    expect([
      installation.logbook.about('away').length,
      installation.logbook.about('back').length,
    ]).toEqual([2, 2]);
  });

  it('fails no start and no call; what was subscribed to meanwhile is in force on its return', async () => {
    await installation.redis.kill();
    const bus = await installation.start(installation.proxy.url);
    expect(bus.connected).toBe(false);
    const kept = await listen(bus, 'kept');
    const ended = await listen(bus, 'ended');
    await ended.end();
    bus.publish([{ topic: 'kept', event: eventOf('heard by its own') }]);
    // Several attempts fail: still one line.
    await eventually(() => expect(installation.proxy.connections).toBeGreaterThan(6));
    const back = becomes(bus, true);
    await installation.redis.start();
    await back;
    expect([
      await installation.subscribers('kept'),
      await installation.subscribers('ended'),
    ]).toEqual([1, 0]);
    bus.publish([{ topic: 'kept', event: eventOf('first') }]);
    await eventually(() => expect(textsOf(kept.events)).toEqual(['heard by its own', 'first']));
    expect([
      installation.logbook.about('away').length,
      installation.logbook.about('back').length,
    ]).toEqual([1, 1]);
  });
});

describe('a network that fails', () => {
  it('is said to be back only when every topic is in force again', async () => {
    const bus = await installation.start(installation.proxy.url);
    const topicNames = Array.from({ length: 2_500 }, (_, i) => `topic:${i}`);
    const listeners = await Promise.all(topicNames.map((topic) => listen(bus, topic)));
    installation.proxy.delayMs = 100;
    const away = becomes(bus, false);
    installation.proxy.cut();
    await away;
    const late = await listen(bus, 'late');
    await becomes(bus, true);
    for (const topic of [...topicNames, 'late'])
      void installation.send(topic, JSON.stringify(eventOf('direct')));
    await eventually(() => expect(listeners.every(({ events }) => events.length === 1)).toBe(true));
    await eventually(() => expect(textsOf(late.events)).toEqual(['direct']));
  });

  it('is noticed when it stands still, without a word from it', async () => {
    const bus = await installation.start(installation.proxy.url);
    const { events } = await listen(bus, 'topic');
    const away = becomes(bus, false);
    installation.proxy.stall();
    await away;
    await becomes(bus, true);
    bus.publish([{ topic: 'topic', event: eventOf('after') }]);
    await eventually(() => expect(textsOf(events)).toEqual(['after']));
    expect(
      await installation.send('topic', JSON.stringify(eventOf('direct'))),
    ).toBeGreaterThanOrEqual(1);
    await eventually(() => expect(textsOf(events)).toEqual(['after', 'direct']));
  });

  it('lets a subscription that it interrupts resolve, and take effect later', async () => {
    const bus = await installation.start(installation.proxy.url);
    installation.proxy.stall();
    const { events } = await listen(bus, 'topic');
    await becomes(bus, true);
    expect(await installation.subscribers('topic')).toBe(1);
    bus.publish([{ topic: 'topic', event: eventOf('after') }]);
    await eventually(() => expect(textsOf(events)).toEqual(['after']));
  });

  it('drops and counts what cannot be sent, instead of keeping it', async () => {
    const bus = await installation.start(installation.proxy.url);
    installation.proxy.stall();
    const batch = Array.from({ length: 1_000 }, () => ({ topic: 'topic', event: eventOf('kept') }));
    for (let i = 0; i < 25; i++) bus.publish(batch);
    expect(bus.droppedCount).toBe(5_000);
    await becomes(bus, false);
    await becomes(bus, true);
    expect(bus.droppedCount).toBe(25_000);
    const { events } = await listen(bus, 'topic');
    bus.publish([{ topic: 'topic', event: eventOf('after') }]);
    await eventually(() => expect(textsOf(events)).toEqual(['after']));
  });

  it('ends up as it was asked last, whenever it fails in the middle of subscribing and ending', async () => {
    const bus = await installation.start(installation.proxy.url);
    const topicNames = ['a', 'b', 'c'];
    const received: Record<string, number> = { a: 0, b: 0, c: 0 };
    const ends: Record<string, (() => Promise<void>)[]> = { a: [], b: [], c: [] };
    for (let step = 0; step < 400; step++) {
      const topic = topicNames[step % 3]!;
      if (step % 20 === Math.floor(step / 20) % 15) installation.proxy.cut();
      if (step % 5 < 3) {
        const subscribed = bus
          .subscribe(topic, () => received[topic]!++)
          .then((end) => ends[topic]!.push(end));
        if (step % 7 === 0) await subscribed;
      } else {
        void ends[topic]!.pop()?.();
      }
      await new Promise((resolve) => setImmediate(resolve));
      if (step % 20 === 19) await eventually(() => expect(bus.connected).toBe(true));
    }
    // In force now, whatever is still under way: this one comes after all of them.
    await listen(bus, 'last');
    const expected = Object.fromEntries(topicNames.map((topic) => [topic, ends[topic]!.length]));
    for (const topic of topicNames) {
      expect(await installation.subscribers(topic)).toBe(expected[topic] ? 1 : 0);
      received[topic] = 0;
      await installation.send(topic, JSON.stringify(eventOf('direct')));
    }
    await eventually(() => expect(received).toEqual(expected));
    for (const topic of topicNames) for (const end of ends[topic]!) await end();
    for (const topic of topicNames)
      await eventually(async () => expect(await installation.subscribers(topic)).toBe(0));
    expect(bus.topicCount).toBe(1);
  });

  it('may fail while the bus stops', async () => {
    for (let i = 0; i < 20; i++) {
      const bus = await installation.start(installation.proxy.url);
      const { end } = await listen(bus, 'topic');
      bus.publish([{ topic: 'topic', event: eventOf('last') }]);
      const subscribing = bus.subscribe('other', () => {});
      void end();
      if (i % 2) installation.proxy.cut();
      await Promise.all([bus.stop(), subscribing]);
    }
  });
});
