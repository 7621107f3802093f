/**
 * Presence for any number of nodes, in one Redis server. Times are the defaults of the options.
 * - Registration: each node keeps in memory what it holds. With each connection it registers in
 *   Redis as a new *holder* with all its entries, and only then retires its former holder. So no
 *   member seems gone in between. What the node released while Redis was away ends with the former
 *   holder. A late command of an ended connection cannot harm, because it names the former holder.
 * - Leases: a heartbeat (every 5 s) renews the holder's lease (15 s, by Redis' clock). A living
 *   node that was declared dead finds out at its next heartbeat or hold, and registers anew.
 * - Reaper: after its heartbeat, a node claims a holder that departed or whose lease has lapsed. It
 *   ends the holder's entries in steps, and reports by `onLost` those that no other holder has.
 *   Each step prolongs the claim. If the node dies, the claim lapses. Another node then continues,
 *   and reports the last step again. A node reaps only after 10 s of heartbeats without a gap:
 *   after an outage of Redis the leases of living nodes have lapsed, too. They are renewed first.
 * - Loss of memory: each node remembers the greatest count of heartbeats that it saw in Redis. A
 *   smaller count means that Redis was emptied or restored from an old snapshot. The nodes then
 *   have 30 s to register again. In that time nothing is reaped or reported, and `release` answers
 *   `false`. `hold` may answer `true` although a node that has not registered again has the member.
 * - Untold ends: a last release that cannot answer `true`, in those 30 s or while its node
 *   registers, is listed in Redis. So is one whose answer was lost, or whose holder Redis has
 *   forgotten, once the node has registered. A new hold of the member takes it off the list.
 *   Otherwise a later sweep reports it by `onLost`, and takes it off then.
 * - Promises: while Redis is away, no call fails, `hold` and `release` answer `false`, and reads
 *   know this node only. An end is reported on one node. Only if that node fails in the middle,
 *   another one may repeat some. When `onLost` calls its listener, the member may be back already.
 */
import type { Logger } from '../../logger';
import { RedisConnection } from '../../redis/redis.connection';
import { droppingPolicyIn, infoOf } from '../../redis/redis.examination';
import { RedisHealth, type RedisPart } from '../../redis/redis.health';
import { Listeners } from '../../runtime/listeners';
import { keyPart, pairKey } from '../../runtime/pair-key';
import { Throttle } from '../../runtime/throttle';
import { MemberSets } from './member.sets';
import { PresenceReaper } from './presence.reaper';
import { PresenceRegistration } from './presence.registration';
import { type PresenceScripts, presenceRights, withPresenceScripts } from './presence.scripts';
import type { LostMember, PresenceStore } from './presence.store';

const COMMAND_TIMEOUT_MS = 2_000;
const WARNING_INTERVAL_MS = 60_000;

export interface RedisPresenceStoreOptions {
  url: string;
  /** Stands in front of each key, so that several installations can share one Redis. */
  keyPrefix: string;
  /** Names this node in Redis, for an operator who reads the keys. */
  nodeId: string;
  logger: Logger;
  /** The registry in which the store reports its trouble. Default: one of its own. */
  health?: RedisHealth;
  /** Time after its last heartbeat at which a node counts as dead. Default 15 000 ms. */
  leaseMs?: number;
  /**
   * Interval of this node's heartbeats and of its search for dead nodes. Must be less than half of
   * `leaseMs`. Default 5 000 ms.
   */
  heartbeatMs?: number;
  /** Time after a loss of Redis' memory in which no end is reported. Default 30 000 ms. */
  quietMs?: number;
}

/** Keeps presence in Redis. The top of this file says what it promises. */
export class RedisPresenceStore implements PresenceStore {
  private readonly part: RedisPart;
  private readonly connection: RedisConnection;
  private readonly scripts: PresenceScripts;
  private readonly registration: PresenceRegistration;
  private readonly reaper: PresenceReaper;
  private readonly local = new MemberSets();
  private readonly lostListeners: Listeners<LostMember[]>;
  private readonly uncertainListeners: Listeners<void>;
  private readonly warnings = new Throttle(WARNING_INTERVAL_MS);
  private readonly keyPrefix: string;
  private readonly logger: Logger;
  private readonly leaseMs: number;
  private readonly heartbeatMs: number;
  private readonly quietMs: number;
  private timer: NodeJS.Timeout | undefined;
  private sweeping = false;

  constructor(options: RedisPresenceStoreOptions) {
    const {
      url,
      keyPrefix,
      nodeId,
      logger,
      health = new RedisHealth(logger),
      leaseMs = 15_000,
      heartbeatMs = 5_000,
      quietMs = 30_000,
    } = options;
    this.keyPrefix = keyPrefix;
    this.logger = logger;
    this.leaseMs = leaseMs;
    this.heartbeatMs = heartbeatMs;
    this.quietMs = quietMs;
    const logFailure = (err: unknown) => logger.error({ err }, 'presence: a listener failed');
    this.lostListeners = new Listeners(logFailure);
    this.uncertainListeners = new Listeners(logFailure);
    this.part = health.part('presence', 'only this node is known');
    this.connection = new RedisConnection({
      url,
      commandTimeoutMs: COMMAND_TIMEOUT_MS,
      part: this.part,
      rights: { commands: presenceRights(keyPrefix), writeKey: `${keyPrefix}probe` },
      prepare: () => this.registration.register(),
      onUp: () => void this.noteEviction(),
    });
    this.scripts = withPresenceScripts(this.connection.client);
    const shared = { scripts: this.scripts, keyPrefix };
    this.registration = new PresenceRegistration({
      ...shared,
      nodeId,
      leaseMs,
      heartbeatMs,
      quietMs,
      onUncertain: () => this.uncertainListeners.deliver(),
      local: this.local,
    });
    const onLost = (lost: LostMember[]) => this.lostListeners.deliver(lost);
    this.reaper = new PresenceReaper({ ...shared, claimMs: leaseMs, quietMs, onLost });
  }

  /** True while Redis answers and this node is registered there. */
  get connected(): boolean {
    return this.connection.isUp;
  }

  get quietForMs(): number {
    return this.registration.quietForMs;
  }

  /** Resolves when Redis is known to be up or away. Does not reject when Redis is away. */
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

  async holdBelow(set: string, member: string, limit: number): Promise<string[] | null> {
    // A second attempt follows when this node had to register anew.
    for (let attempt = 0; attempt < 2 && this.connection.isUp; attempt++) {
      const answer = await this.tryHoldBelow(set, member, limit);
      if (answer === 1) return null;
      if (typeof answer === 'object') return answer;
      await this.tick();
    }
    const full = this.local.addBelow(set, member, limit);
    if (full === null) this.registration.unsettle(pairKey(set, member));
    return full;
  }

  async release(set: string, member: string): Promise<boolean> {
    if (!this.local.delete(set, member)) return false;
    const entry = pairKey(set, member);
    return this.change(entry, (holder) =>
      this.scripts.presenceRelease(this.keyPrefix, holder, entry, this.quietMs),
    );
  }

  async members(sets: readonly string[]): Promise<string[][]> {
    const here = () => sets.map((set) => [...this.local.members(set)]);
    return this.read(here, () =>
      Promise.all(sets.map((set) => this.connection.client.smembers(this.setKey(set)))),
    );
  }

  isEmpty(set: string): Promise<boolean> {
    return this.read(
      () => this.local.isEmpty(set),
      async () => (await this.connection.client.scard(this.setKey(set))) === 0,
    );
  }

  async refresh(set: string, member: string, forMs: number): Promise<void> {
    const refreshed = () =>
      this.scripts.presenceRefresh(this.keyPrefix, keyPart(set), member, forMs);
    await this.read(() => null, refreshed);
  }

  async fresh(set: string): Promise<Map<string, number> | null> {
    return this.read<Map<string, number> | null>(
      () => null,
      async () => {
        const flat = await this.scripts.presenceFresh(this.keyPrefix, keyPart(set));
        const members = flat.filter((_, at) => at % 2 === 0);
        return new Map(members.map((member, at) => [member, Number(flat[2 * at + 1])]));
      },
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

  onUncertain(listener: () => void): void {
    this.uncertainListeners.add(listener);
  }

  private setKey(set: string): string {
    return `${this.keyPrefix}set:${keyPart(set)}`;
  }

  /**
   * Sends a change to Redis. While Redis is away, leaves it to the next registration or heartbeat.
   *
   * @returns true when Redis answered for certain that it was the first or the last hold
   */
  private async change(entry: string, send: (holder: string) => Promise<number>): Promise<boolean> {
    if (!this.connection.isUp) {
      this.registration.unsettle(entry);
      return false;
    }
    try {
      const answer = await send(this.registration.holder);
      // The holder is not registered: it counted as dead while this node stalled, or Redis lost its
      // memory. The heartbeat registers anew at once, with this entry among all others.
      if (answer === -1) {
        this.registration.unsettle(entry);
        void this.tick();
      }
      return answer === 1;
    } catch (error) {
      // Redis may have carried the command out, may do so later, or never. The next connection
      // registers a new holder, which the command cannot change.
      this.registration.unsettle(entry);
      this.connection.drop(error as Error);
      return false;
    }
  }

  /** Returns the answer of the script; -1 also when Redis does not answer. */
  private async tryHoldBelow(
    set: string,
    member: string,
    limit: number,
  ): Promise<number | string[]> {
    const { holder } = this.registration;
    const entry = pairKey(set, member);
    // Held here before Redis answers, so that a registration in between takes the entry along.
    this.local.add(set, member);
    const answer = await this.scripts
      .presenceHoldBelow(this.keyPrefix, holder, entry, limit)
      .catch((error: Error) => {
        this.connection.drop(error);
        return -1;
      });
    if (answer === 1) return answer;
    this.local.delete(set, member);
    if (this.registration.holder !== holder) this.registration.unsettle(entry);
    return answer;
  }

  /**
   * Sends a command that needs no repetition. Returns what this node knows (`here`) when Redis is
   * away or refuses.
   */
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

  /** Sends one heartbeat. Then reaps what is due, if the heartbeats are steady. */
  private async tick(): Promise<void> {
    if (this.registration.hasStopped || !this.connection.isUp) return;
    try {
      await this.registration.beat();
      if (this.registration.isSteady) await this.sweep();
    } catch (error) {
      this.connection.drop(error as Error);
    }
  }

  /**
   * Reaps what is due, unless an earlier sweep still runs. That may take long after the death of a
   * big node. Heartbeats go on in the meantime, so that this node does not count as dead.
   */
  private async sweep(): Promise<void> {
    if (this.sweeping) return;
    this.sweeping = true;
    try {
      await this.reaper.sweep();
    } finally {
      this.sweeping = false;
    }
  }

  /** Warns of a Redis that may drop keys when it is full: members would be lost without a trace. */
  private async noteEviction(): Promise<void> {
    const info = await infoOf(this.connection.client).catch(() => null);
    const policy = info && droppingPolicyIn(info);
    if (policy === null) return;
    this.part.health.note({ policy }, 'Redis drops keys when it is full; noeviction is needed');
  }
}

/**
 * True for an error that Redis answered; false when Redis did not answer in time. The error carries
 * the whole command, so only its message may be logged.
 */
function isRefusal(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}
