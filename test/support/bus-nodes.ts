import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Bus } from '../../src/bus/bus';
import { RedisBus } from '../../src/bus/bus.redis';
import type { BusEvent, UserDeactivated } from '../../src/events';
import { openLogbook } from './logbook';
import { type RedisService, startRedis } from './services';
import { startTcpProxy, type TcpProxy } from './tcp-proxy';

const CONSOLE_METHODS = ['log', 'info', 'warn', 'error'] as const;

/**
 * Buses around a Redis of their own. To be used once in a file, at its top. After each test nothing may
 * have been printed, and no rejection left unhandled.
 */
export class BusInstallation {
  redis!: RedisService;
  /** Looks into Redis past all buses. */
  raw!: Redis;
  proxy!: TcpProxy;
  logbook = openLogbook();
  prefix = '';
  private readonly buses: RedisBus[] = [];
  private readonly unhandled: unknown[] = [];

  constructor() {
    const note = (reason: unknown) => this.unhandled.push(reason);
    let printed: jest.SpyInstance[];
    beforeAll(async () => {
      process.on('unhandledRejection', note);
      this.redis = await startRedis();
      this.raw = new Redis(this.redis.url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
      this.raw.on('error', () => {});
    });
    beforeEach(async () => {
      printed = CONSOLE_METHODS.map((method) => jest.spyOn(console, method));
      this.logbook = openLogbook();
      this.prefix = `${randomUUID()}:`;
      this.proxy = await startTcpProxy(this.redis.port);
    });
    afterEach(async () => {
      await Promise.all(this.buses.splice(0).map((bus) => bus.stop()));
      await this.proxy.stop();
      for (const spy of printed) expect(spy).not.toHaveBeenCalled();
      jest.restoreAllMocks();
      expect(this.unhandled).toEqual([]);
    });
    afterAll(async () => {
      this.raw.disconnect();
      await this.redis.stop();
      process.off('unhandledRejection', note);
    });
  }

  async start(url = this.redis.url): Promise<RedisBus> {
    const bus = new RedisBus({ url, channelPrefix: this.prefix, logger: this.logbook.logger });
    this.buses.push(bus);
    await bus.start();
    return bus;
  }

  /** Sends a text to a topic past all buses. */
  send(topic: string, text: string): Promise<number> {
    return this.raw.publish(this.prefix + topic, text);
  }

  /** How many connections Redis has subscribed to the topic. */
  async subscribers(topic: string): Promise<number> {
    const [, count] = (await this.raw.pubsub('NUMSUB', this.prefix + topic)) as [string, number];
    return count;
  }
}

/** An event that is told from others by its text. */
export function eventOf(text: string): UserDeactivated {
  return { name: 'user.deactivated', userId: text };
}

/** The texts of such events. */
export function textsOf(events: readonly BusEvent[]): string[] {
  return events.map((event) => (event as UserDeactivated).userId);
}

/** Resolves once the bus is, or is not, connected. */
export async function becomes(bus: Bus, wanted: boolean): Promise<void> {
  if (bus.connected === wanted) return;
  await new Promise<void>((resolve) =>
    bus.onStateChange((connected) => connected === wanted && resolve()),
  );
}

/** What one listener at a topic receives. */
export async function listen(
  bus: Bus,
  topic: string,
): Promise<{ events: BusEvent[]; end: () => Promise<void> }> {
  const events: BusEvent[] = [];
  const end = await bus.subscribe(topic, (event) => events.push(event));
  return { events, end };
}
