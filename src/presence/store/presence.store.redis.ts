import type { Logger } from '../../logger';
import { RedisConnection } from '../../redis/redis.connection';
import { Listeners } from '../../runtime/listeners';
import { pairKey } from '../../runtime/pair-key';
import { Throttle } from '../../runtime/throttle';
import { MemberSets } from './member.sets';
import { PresenceReaper } from './presence.reaper';
import { PresenceRegistration } from './presence.registration';
import { type PresenceScripts, withPresenceScripts } from './presence.scripts';
import type { LostMember, PresenceStore } from './presence.store';

const COMMAND_TIMEOUT_MS = 2_000;
const WARNING_INTERVAL_MS = 60_000;

export interface RedisPresenceStoreOptions {
  url: string;
  /** Stands before each key, so that installations can share one Redis. */
  keyPrefix: string;
  /** Names this node in Redis, for people who look there. */
  nodeId: string;
  logger: Logger;
  /** A node without a heartbeat for this long is dead. Default 15 000 ms. */
  leaseMs?: number;
  /** How often this node gives one, and looks for the dead. Less than half of `leaseMs`. Default 5 000 ms. */
  heartbeatMs?: number;
  /** After Redis lost its memory nobody is told that somebody is gone for this long. Default 30 000 ms. */
  quietMs?: number;
}

/**
 * Presence for any number of nodes, in Redis. Each node keeps what it holds itself, and tells Redis again
 * with each connection.
 *
 * - While Redis is away, `hold` and `release` answer `false`, and `members` and `among` know this node only.
 * - `release` answers `false` too while, after a loss of Redis' memory, others may not have said again what
 *   they hold. What ended unsaid in either way is told late, by `onLost`.
 * - `onLost` calls on one node. Only when that node itself fails in the middle may another repeat some.
 * - A member may have come back by the time `onLost` calls.
 */
export class RedisPresenceStore implements PresenceStore {
  private readonly connection: RedisConnection;
  private readonly scripts: PresenceScripts;
  private readonly registration: PresenceRegistration;
  private readonly reaper: PresenceReaper;
  private readonly local = new MemberSets();
  private readonly lostListeners: Listeners<LostMember[]>;
  private readonly warnings = new Throttle(WARNING_INTERVAL_MS);
  private readonly keyPrefix: string;
  private readonly logger: Logger;
  private readonly leaseMs: number;
  private readonly heartbeatMs: number;
  private readonly quietMs: number;
  private timer: NodeJS.Timeout | undefined;
  private sweeping = false;
  private wasAway = false;

  constructor(options: RedisPresenceStoreOptions) {
    const {
      url,
      keyPrefix,
      nodeId,
      logger,
      leaseMs = 15_000,
      heartbeatMs = 5_000,
      quietMs = 30_000,
    } = options;
    this.keyPrefix = keyPrefix;
    this.logger = logger;
    this.leaseMs = leaseMs;
    this.heartbeatMs = heartbeatMs;
    this.quietMs = quietMs;
    this.lostListeners = new Listeners((err) =>
      logger.error({ err }, 'presence: a listener failed'),
    );
    this.connection = new RedisConnection({
      url,
      commandTimeoutMs: COMMAND_TIMEOUT_MS,
      prepare: () => this.registration.register(),
      onUp: () => this.logReturn(),
      onAway: (cause) => this.logAbsence(cause),
    });
    this.scripts = withPresenceScripts(this.connection.client);
    const shared = { scripts: this.scripts, keyPrefix };
    this.registration = new PresenceRegistration({
      ...shared,
      nodeId,
      leaseMs,
      heartbeatMs,
      local: this.local,
    });
    const onLost = (lost: LostMember[]) => this.lostListeners.deliver(lost);
    this.reaper = new PresenceReaper({ ...shared, claimMs: leaseMs, quietMs, onLost });
  }

  /** Whether Redis answers, and this node is registered there. */
  get connected(): boolean {
    return this.connection.isUp;
  }

  /** Resolves when Redis is known to be there or away: being away never fails a start. */
  async start(): Promise<void> {
    this.timer = setInterval(() => void this.tick(), this.heartbeatMs).unref();
    await this.connection.start();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.connection.stop();
  }

  async hold(set: string, member: string): Promise<boolean> {
    if (!this.local.add(set, member)) return false;
    const entry = pairKey(set, member);
    return this.change(entry, (holder) => this.scripts.presenceHold(this.keyPrefix, holder, entry));
  }

  async release(set: string, member: string): Promise<boolean> {
    if (!this.local.delete(set, member)) return false;
    const entry = pairKey(set, member);
    return this.change(entry, (holder) =>
      this.scripts.presenceRelease(this.keyPrefix, holder, entry, this.quietMs),
    );
  }

  localMembers(set: string): ReadonlySet<string> {
    return this.local.members(set);
  }

  async members(sets: readonly string[]): Promise<string[][]> {
    const here = () => sets.map((set) => [...this.localMembers(set)]);
    return this.read(here, () =>
      Promise.all(sets.map((set) => this.connection.client.smembers(this.setKey(set)))),
    );
  }

  async membersAmong(set: string, candidates: readonly string[]): Promise<Set<string>> {
    if (candidates.length === 0) return new Set();
    const here = () => new Set(candidates.filter((candidate) => this.local.has(set, candidate)));
    return this.read(here, async () => {
      const found = await this.connection.client.smismember(this.setKey(set), ...candidates);
      return new Set(candidates.filter((_, i) => found[i] === 1));
    });
  }

  async depart(graceMs: number): Promise<LostMember[]> {
    clearInterval(this.timer);
    await this.registration.stop();
    const ended: LostMember[] = [];
    if (!this.connection.isUp) return ended;
    const { holder } = this.registration;
    try {
      const claim = await this.scripts.presenceDepart(
        this.keyPrefix,
        holder,
        graceMs,
        this.leaseMs,
        this.quietMs,
      );
      if (claim > 0) await this.reaper.endHolder(holder, claim, (lost) => ended.push(...lost));
    } catch (error) {
      this.logger.warn(
        { cause: (error as Error).message },
        'presence: could not depart, the lease will lapse instead',
      );
    }
    return ended;
  }

  onLost(listener: (lost: LostMember[]) => void): void {
    this.lostListeners.add(listener);
  }

  private setKey(set: string): string {
    return `${this.keyPrefix}set:${set}`;
  }

  /** @returns whether Redis said for certain that it was the first, or the last */
  private async change(entry: string, send: (holder: string) => Promise<number>): Promise<boolean> {
    if (!this.connection.isUp) {
      this.registration.unsettle(entry);
      return false;
    }
    try {
      const answer = await send(this.registration.holder);
      // Given up while we stalled, or forgotten by Redis: register at once, with this entry among all others.
      if (answer === -1) void this.tick();
      return answer === 1;
    } catch (error) {
      // It may have been carried out or not, now or later. A new registration is beyond doubt.
      this.connection.drop(error as Error);
      return false;
    }
  }

  private async read<T>(here: () => T, command: () => Promise<T>): Promise<T> {
    try {
      if (this.connection.isUp) return await command();
    } catch (error) {
      if (!isRefusal(error)) this.connection.drop(error as Error);
      else if (this.warnings.pass('refused'))
        this.logger.warn({ cause: error.message }, 'presence: Redis refused a command');
    }
    return here();
  }

  /** One heartbeat, then a look for the dead. */
  private async tick(): Promise<void> {
    if (this.registration.hasStopped || !this.connection.isUp) return;
    try {
      await this.registration.beat();
      if (this.registration.isSteady) await this.sweep();
    } catch (error) {
      this.connection.drop(error as Error);
    }
  }

  /** May take long after the death of a big node; heartbeats go on meanwhile, lest this one be taken for dead. */
  private async sweep(): Promise<void> {
    if (this.sweeping) return;
    this.sweeping = true;
    try {
      await this.reaper.sweep();
    } finally {
      this.sweeping = false;
    }
  }

  private logReturn(): void {
    if (this.wasAway) this.logger.info('presence: Redis is back');
    this.wasAway = false;
  }

  private logAbsence(cause: Error): void {
    this.wasAway = true;
    this.logger.warn({ cause: cause.message }, 'presence: Redis is away, only this node is known');
  }
}

/** What Redis answered, other than no answer in time. It carries the whole command: log only its message. */
function isRefusal(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}
