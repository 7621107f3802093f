import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import type { LostMember } from '../../src/presence/store/presence.store';
import {
  RedisPresenceStore,
  type RedisPresenceStoreOptions,
} from '../../src/presence/store/presence.store.redis';
import { eventually } from './eventually';
import { openLogbook } from './logbook';
import { type RedisService, startRedis } from './services';
import { startTcpProxy, type TcpProxy } from './tcp-proxy';

/** A node and what it was told to be lost: all of it, and how much at a time. */
export type PresenceNode = RedisPresenceStore & { lost: LostMember[]; portions: number[] };

export const LEASE_MS = 600;
export const HEARTBEAT_MS = 150;
/** Beyond every test's time. */
export const FOR_EVER_MS = 600_000;

/** Presence nodes with short leases around a Redis of their own. To be used once in a file, at its top. */
export class PresenceInstallation {
  redis!: RedisService;
  /** Looks into Redis past all nodes. */
  raw!: Redis;
  proxy!: TcpProxy;
  logbook = openLogbook();
  prefix = '';
  private readonly nodes: PresenceNode[] = [];
  private readonly unhandled: unknown[] = [];

  constructor() {
    const note = (reason: unknown) => this.unhandled.push(reason);
    beforeAll(async () => {
      process.on('unhandledRejection', note);
      this.redis = await startRedis();
      this.raw = new Redis(this.redis.url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
      this.raw.on('error', () => {});
    });
    beforeEach(async () => {
      this.logbook = openLogbook();
      this.prefix = `${randomUUID()}:`;
      this.proxy = await startTcpProxy(this.redis.port);
    });
    afterEach(async () => {
      await Promise.all(this.nodes.splice(0).map((node) => node.stop()));
      await this.proxy.stop();
      expect(this.unhandled).toEqual([]);
    });
    afterAll(async () => {
      this.raw.disconnect();
      await this.redis.stop();
      process.off('unhandledRejection', note);
    });
  }

  async start(options: Partial<RedisPresenceStoreOptions> = {}): Promise<PresenceNode> {
    const store = new RedisPresenceStore({
      url: this.redis.url,
      keyPrefix: this.prefix,
      nodeId: `node-${this.nodes.length}`,
      logger: this.logbook.logger,
      leaseMs: LEASE_MS,
      heartbeatMs: HEARTBEAT_MS,
      ...options,
    });
    const node: PresenceNode = Object.assign(store, { lost: [], portions: [] });
    node.onLost((lost) => {
      node.portions.push(lost.length);
      node.lost.push(...lost);
    });
    this.nodes.push(node);
    await node.start();
    return node;
  }

  /** Milliseconds by Redis' clock. */
  async now(): Promise<number> {
    const [seconds, micros] = await this.raw.time();
    return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
  }

  /** Waits until each registered node gave so many more heartbeats: time in which something could go wrong. */
  async heartbeats(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const before = await this.oldestLease();
      await eventually(async () => expect(await this.oldestLease()).toBeGreaterThan(before));
    }
  }

  /** What nodes are registered as, sorted. */
  async holders(): Promise<string[]> {
    return (await this.raw.zrange(`${this.prefix}nodes`, 0, -1)).sort();
  }

  /** Nothing remains in Redis of holders that are gone. */
  async expectTidy(living: number): Promise<void> {
    const left = [`${this.prefix}leaving`, `${this.prefix}untold`];
    expect(await this.raw.exists(...left)).toBe(0);
    expect(await this.raw.hlen(`${this.prefix}seen`)).toBe(living);
  }

  private async oldestLease(): Promise<number> {
    const scores = (await this.raw.zrange(`${this.prefix}nodes`, 0, -1, 'WITHSCORES')).filter(
      (_, i) => i % 2 === 1,
    );
    return Math.min(...scores.map(Number));
  }
}

/** What was lost, as sorted texts `<set> <member>`. */
export function namesOf(...nodes: readonly PresenceNode[]): string[] {
  return nodes.flatMap(({ lost }) => lost.map(({ set, member }) => `${set} ${member}`)).sort();
}

export async function membersOf(node: PresenceNode, set = 'online'): Promise<string[]> {
  return (await node.members([set]))[0]!.sort();
}

export const isAway = (node: PresenceNode) => eventually(() => expect(node.connected).toBe(false));
export const isBack = (node: PresenceNode) => eventually(() => expect(node.connected).toBe(true));
