import { randomUUID } from 'node:crypto';
import { Socket } from 'node:net';
import { Redis } from 'ioredis';
import type { Bus } from '../../src/delivery/bus';
import { RedisBus } from '../../src/delivery/bus.redis';
import type { BusEvent, UserDeactivated } from '../../src/events';
import { eventually } from '../support/eventually';
import { openLogbook } from '../support/logbook';
import { type RedisService, startRedis } from '../support/services';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';

const event = (userId: string): UserDeactivated => ({ name: 'user.deactivated', userId });
const names = (events: readonly BusEvent[]) => events.map((each) => (each as UserDeactivated).userId);

let server: RedisService;
let raw: Redis;
let proxy: TcpProxy;
let logbook: ReturnType<typeof openLogbook>;
let prefix: string;
const buses: RedisBus[] = [];
const CONSOLE_METHODS = ['log', 'info', 'warn', 'error'] as const;
let printed: jest.SpyInstance[];
const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);

beforeAll(async () => {
  process.on('unhandledRejection', note);
  server = await startRedis();
  raw = new Redis(server.url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  raw.on('error', () => {});
});

beforeEach(async () => {
  printed = CONSOLE_METHODS.map((method) => jest.spyOn(console, method));
  logbook = openLogbook();
  prefix = `${randomUUID()}:`;
  proxy = await startTcpProxy(server.port);
});

afterEach(async () => {
  await Promise.all(buses.splice(0).map((bus) => bus.stop()));
  await proxy.stop();
  for (const spy of printed) expect(spy).not.toHaveBeenCalled();
  jest.restoreAllMocks();
  expect(unhandled).toEqual([]);
});

afterAll(async () => {
  raw.disconnect();
  await server.stop();
  process.off('unhandledRejection', note);
});

function createBus(url = server.url): RedisBus {
  const bus = new RedisBus({ url, channelPrefix: prefix, logger: logbook.logger });
  buses.push(bus);
  return bus;
}

async function startBus(url?: string): Promise<RedisBus> {
  const bus = createBus(url);
  await bus.start();
  return bus;
}

const becomes = (bus: Bus, wanted: boolean) =>
  bus.connected === wanted
    ? Promise.resolve()
    : new Promise<void>((resolve) => bus.onStateChange((connected) => connected === wanted && resolve()));

async function listen(bus: Bus, topic: string) {
  const events: BusEvent[] = [];
  const end = await bus.subscribe(topic, (received) => events.push(received));
  return { events, end };
}

/** How many connections Redis has subscribed to the topic. */
async function subscribers(topic: string): Promise<number> {
  const [, count] = (await raw.pubsub('NUMSUB', prefix + topic)) as [string, number];
  return count;
}

describe('a Redis that is killed and started again', () => {
  it('is told, loses only what was published meanwhile, and restores every topic', async () => {
    const [here, there] = await Promise.all([startBus(), startBus()]);
    const states: boolean[] = [];
    here.onStateChange((connected) => states.push(connected));
    const topicNames = Array.from({ length: 50 }, (_, i) => `topic:${i}`);
    const listeners = await Promise.all(topicNames.map((topic) => listen(here, topic)));
    const away = Promise.all([becomes(here, false), becomes(there, false)]);
    await server.kill();
    await away;
    for (const topic of topicNames) there.publish([{ topic, event: event('lost') }]);
    await eventually(() => expect(there.droppedCount).toBe(50));
    const back = Promise.all([becomes(here, true), becomes(there, true)]);
    await server.start();
    await back;
    for (const topic of topicNames) there.publish([{ topic, event: event(topic) }]);
    await eventually(() => expect(listeners.map(({ events }) => names(events))).toEqual(topicNames.map((t) => [t])));
    expect(states).toEqual([false, true]);
    expect([logbook.about('away').length, logbook.about('back').length]).toEqual([2, 2]);
  });

  it('fails no start and no call; what was subscribed to meanwhile is in force on its return', async () => {
    await server.kill();
    const bus = await startBus(proxy.url);
    expect(bus.connected).toBe(false);
    const kept = await listen(bus, 'kept');
    const ended = await listen(bus, 'ended');
    await ended.end();
    bus.publish([{ topic: 'kept', event: event('lost') }]);
    // Several attempts fail: still one line.
    await eventually(() => expect(proxy.connections).toBeGreaterThan(6));
    const back = becomes(bus, true);
    await server.start();
    await back;
    expect([await subscribers('kept'), await subscribers('ended')]).toEqual([1, 0]);
    bus.publish([{ topic: 'kept', event: event('first') }]);
    await eventually(() => expect(names(kept.events)).toEqual(['first']));
    expect([logbook.about('away').length, logbook.about('back').length]).toEqual([1, 1]);
  });
});

describe('a network that fails', () => {
  it('is said to be back only when every topic is in force again', async () => {
    const bus = await startBus(proxy.url);
    const topicNames = Array.from({ length: 2_500 }, (_, i) => `topic:${i}`);
    const listeners = await Promise.all(topicNames.map((topic) => listen(bus, topic)));
    proxy.delayMs = 100;
    const away = becomes(bus, false);
    proxy.cut();
    await away;
    const late = await listen(bus, 'late');
    await becomes(bus, true);
    for (const topic of [...topicNames, 'late']) void raw.publish(prefix + topic, JSON.stringify(event('direct')));
    await eventually(() => expect(listeners.every(({ events }) => events.length === 1)).toBe(true));
    await eventually(() => expect(names(late.events)).toEqual(['direct']));
  });

  it('is noticed when it stands still, without a word from it', async () => {
    const bus = await startBus(proxy.url);
    const { events } = await listen(bus, 'topic');
    const away = becomes(bus, false);
    proxy.stall();
    await away;
    await becomes(bus, true);
    bus.publish([{ topic: 'topic', event: event('after') }]);
    await eventually(() => expect(names(events)).toEqual(['after']));
    expect(await raw.publish(`${prefix}topic`, JSON.stringify(event('direct')))).toBeGreaterThanOrEqual(1);
    await eventually(() => expect(names(events)).toEqual(['after', 'direct']));
  });

  it('lets a subscription that it interrupts resolve, and take effect later', async () => {
    const bus = await startBus(proxy.url);
    proxy.stall();
    const { events } = await listen(bus, 'topic');
    await becomes(bus, true);
    expect(await subscribers('topic')).toBe(1);
    bus.publish([{ topic: 'topic', event: event('after') }]);
    await eventually(() => expect(names(events)).toEqual(['after']));
  });

  it('drops and counts what cannot be sent, instead of keeping it', async () => {
    const bus = await startBus(proxy.url);
    proxy.stall();
    const batch = Array.from({ length: 1_000 }, () => ({ topic: 'topic', event: event('kept') }));
    for (let i = 0; i < 25; i++) bus.publish(batch);
    expect(bus.droppedCount).toBe(5_000);
    await becomes(bus, false);
    await becomes(bus, true);
    expect(bus.droppedCount).toBe(25_000);
    const { events } = await listen(bus, 'topic');
    bus.publish([{ topic: 'topic', event: event('after') }]);
    await eventually(() => expect(names(events)).toEqual(['after']));
  });

  it('ends up as it was asked last, whenever it fails in the middle of subscribing and ending', async () => {
    const bus = await startBus(proxy.url);
    const topicNames = ['a', 'b', 'c'];
    const received: Record<string, number> = { a: 0, b: 0, c: 0 };
    const ends: Record<string, (() => Promise<void>)[]> = { a: [], b: [], c: [] };
    for (let step = 0; step < 400; step++) {
      const topic = topicNames[step % 3]!;
      if (step % 20 === Math.floor(step / 20) % 15) proxy.cut();
      if (step % 5 < 3) {
        const subscribed = bus.subscribe(topic, () => received[topic]!++).then((end) => ends[topic]!.push(end));
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
      expect(await subscribers(topic)).toBe(expected[topic] ? 1 : 0);
      received[topic] = 0;
      await raw.publish(prefix + topic, JSON.stringify(event('direct')));
    }
    await eventually(() => expect(received).toEqual(expected));
    for (const topic of topicNames) for (const end of ends[topic]!) await end();
    for (const topic of topicNames) await eventually(async () => expect(await subscribers(topic)).toBe(0));
    expect(bus.topicCount).toBe(1);
  });

  it('may fail while the bus stops', async () => {
    for (let i = 0; i < 20; i++) {
      const bus = await startBus(proxy.url);
      const { end } = await listen(bus, 'topic');
      bus.publish([{ topic: 'topic', event: event('last') }]);
      const subscribing = bus.subscribe('other', () => {});
      void end();
      if (i % 2) proxy.cut();
      await Promise.all([bus.stop(), subscribing]);
    }
  });
});

describe('what comes over a channel', () => {
  const strange = ['', 'no json', '"text"', '7', 'null', '[]', '{}', '{"name":"user.deactivated"}', '{"name":"x"}'];

  it('is ignored when it is no event of ours, with one warning a minute and channel', async () => {
    const bus = await startBus();
    const a = await listen(bus, 'a');
    const b = await listen(bus, 'b');
    const send = async () => {
      for (const topic of ['a', 'b']) for (const text of strange) await raw.publish(prefix + topic, text);
      for (const topic of ['a', 'b']) await raw.publish(prefix + topic, JSON.stringify(event('good')));
    };
    await send();
    await send();
    await eventually(() => expect([...a.events, ...b.events]).toHaveLength(4));
    expect(logbook.about('ignored').map((line) => line.channel)).toEqual([`${prefix}a`, `${prefix}b`]);
    const now = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => now + 60_000);
    await send();
    await eventually(() => expect([...a.events, ...b.events]).toHaveLength(6));
    expect(logbook.about('ignored')).toHaveLength(4);
  });

  it('stays within its prefix', async () => {
    const bus = await startBus();
    const { events } = await listen(bus, 'topic');
    await raw.publish('topic', JSON.stringify(event('foreign')));
    await raw.publish(`other:${prefix}topic`, JSON.stringify(event('foreign')));
    await raw.publish(`${prefix}topic`, JSON.stringify(event('ours')));
    await eventually(() => expect(names(events)).toEqual(['ours']));
  });
});

describe('what goes to Redis', () => {
  it('is one write for one call of publish', async () => {
    const bus = await startBus();
    const { events } = await listen(bus, 'topic');
    const write = jest.spyOn(Socket.prototype, 'write');
    bus.publish(Array.from({ length: 100 }, (_, i) => ({ topic: 'topic', event: event(String(i)) })));
    expect(write).toHaveBeenCalledTimes(1);
    await eventually(() => expect(names(events)).toEqual(Array.from({ length: 100 }, (_, i) => String(i))));
  });

  it('is one subscription for a topic, however many listen', async () => {
    const bus = await startBus();
    const all = await Promise.all(Array.from({ length: 10 }, () => listen(bus, 'topic')));
    expect(await subscribers('topic')).toBe(1);
    await Promise.all(all.slice(1).map(({ end }) => end()));
    await raw.publish(`${prefix}topic`, JSON.stringify(event('one')));
    await eventually(() => expect(all[0]!.events).toHaveLength(1));
    await all[0]!.end();
    await eventually(async () => expect(await subscribers('topic')).toBe(0));
  });

  it('is no password in a log line, even when Redis refuses it', async () => {
    const bus = await startBus(server.url.replace('//', '//someone:secret-password@'));
    expect(bus.connected).toBe(false);
    expect(logbook.about('away')).toHaveLength(1);
    expect(JSON.stringify(logbook.lines)).not.toContain('secret-password');
  });
});
