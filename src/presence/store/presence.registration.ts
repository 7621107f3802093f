import { randomUUID } from 'node:crypto';
import { parsePairKey } from '../../runtime/pair-key';
import type { MemberSets } from './member.sets';
import type { PresenceScripts } from './presence.scripts';

/**
 * The largest number of entries in one script. More would block Redis when a big node comes back.
 */
const ENTRIES_PER_SCRIPT = 500;

export interface PresenceRegistrationOptions {
  scripts: PresenceScripts;
  keyPrefix: string;
  nodeId: string;
  leaseMs: number;
  heartbeatMs: number;
  /** Time after a loss of memory in which no end is reported. */
  quietMs: number;
  /** Called after the node has registered anew, and when it has learnt of a loss of memory. */
  onUncertain: () => void;
  /** The members that this node holds. Redis is changed to agree with them. */
  local: MemberSets;
}

/**
 * Registers this node in Redis, sends its heartbeats, and makes Redis agree with what it holds.
 *
 * The node registers as a new holder with each connection, and when it finds that its holder is not
 * registered any more. It first holds all its entries for the new holder, and none of them counts
 * as a first hold. Only then it retires the former holder. So no member seems gone in between. What
 * the node released in the meantime ends with the former holder, or as an untold end if Redis has
 * forgotten that holder.
 */
export class PresenceRegistration {
  /** Entries on which Redis may not agree with this node. */
  private readonly unsettled = new Set<string>();
  private holderId = '';
  /** The greatest count of all nodes' heartbeats that this node has seen in Redis. */
  private knownBeats = 0;
  /** The time of the last heartbeat, by Redis' clock. */
  private lastBeatAtMs = Number.NEGATIVE_INFINITY;
  /** The time since which there was no gap between heartbeats, by Redis' clock. */
  private steadySinceMs = 0;
  /** The time of the last loss of memory that is known here, by Redis' clock. */
  private lostAtMs = 0;
  /** The end of the quiet time, by `performance.now()`. */
  private quietUntilMs = Number.NEGATIVE_INFINITY;
  private working: Promise<void> | null = null;
  private stopped = false;

  constructor(private readonly options: PresenceRegistrationOptions) {}

  /** The holder as which this node is registered; empty before the first registration. */
  get holder(): string {
    return this.holderId;
  }

  /** True once `stop` was called: this node does not register or send a heartbeat again. */
  get hasStopped(): boolean {
    return this.stopped;
  }

  /**
   * True when heartbeats have come without a gap for `leaseMs - heartbeatMs`. After a gap, because
   * Redis was away or stood still, the leases of living nodes have lapsed, too. They have this time
   * to renew them.
   */
  get isSteady(): boolean {
    return this.lastBeatAtMs - this.steadySinceMs >= this.gapMs;
  }

  /** The milliseconds until the end of the quiet time after a loss of memory; 0 when it is over. */
  get quietForMs(): number {
    return Math.max(0, Math.ceil(this.quietUntilMs - performance.now()));
  }

  /** Makes Redis agree with this node on the entry, with the next heartbeat at the latest. */
  unsettle(entry: string): void {
    this.unsettled.add(entry);
  }

  /** Registers this node over a fresh connection. Rejects when Redis fails. */
  register(): Promise<void> {
    return this.exclusively(() => this.registerAnew());
  }

  /**
   * Sends a heartbeat. Registers anew when the holder is not registered any more. Rejects when
   * Redis fails.
   */
  beat(): Promise<void> {
    return this.exclusively(async () => {
      if (await this.sendBeat(this.holderId, 0)) await this.settle();
      else await this.registerAnew();
    });
  }

  /**
   * Ends the heartbeats for good. Resolves when none is under way, so that the caller can take back
   * the registration.
   */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.working?.catch(() => {});
  }

  private get gapMs(): number {
    return this.options.leaseMs - this.options.heartbeatMs;
  }

  private exclusively(work: () => Promise<void>): Promise<void> {
    if (this.stopped) return Promise.resolve();
    this.working ??= work().finally(() => {
      this.working = null;
    });
    return this.working;
  }

  private async registerAnew(): Promise<void> {
    const { scripts, keyPrefix, nodeId, local: held } = this.options;
    const former = this.holderId;
    const fresh = `${nodeId}/${randomUUID()}`;
    await this.sendBeat(fresh, 1);
    this.holderId = fresh;
    // An entry that was released meanwhile stays unsettled, since Redis may have forgotten it.
    for (const entry of held.entries()) this.unsettled.add(entry);
    await this.settle();
    if (former === '') return;
    await scripts.presenceRetire(keyPrefix, former);
    this.options.onUncertain();
  }

  /** @returns true when the holder is registered */
  private async sendBeat(holder: string, register: 0 | 1): Promise<boolean> {
    const { scripts, keyPrefix, leaseMs, quietMs, onUncertain } = this.options;
    const [registered, beats, nowMs, lostAtMs] = await scripts.presenceBeat(
      keyPrefix,
      holder,
      this.knownBeats,
      leaseMs,
      register,
    );
    this.knownBeats = beats;
    if (nowMs - this.lastBeatAtMs > this.gapMs) this.steadySinceMs = nowMs;
    this.lastBeatAtMs = nowMs;
    this.quietUntilMs = performance.now() + lostAtMs + quietMs - nowMs;
    if (lostAtMs > this.lostAtMs) onUncertain();
    this.lostAtMs = lostAtMs;
    return registered === 1;
  }

  /**
   * Tells Redis, in portions, whether this node holds each unsettled entry. An entry that changes
   * after its portion was made is sent again, in a later portion or by its own command. So the last
   * change counts.
   */
  private async settle(): Promise<void> {
    const { scripts, keyPrefix, local: held } = this.options;
    while (this.unsettled.size > 0) {
      const changes: (string | number)[] = [];
      for (const entry of this.unsettled) {
        const [set, member] = parsePairKey(entry);
        changes.push(entry, held.has(set, member) ? 1 : 0);
        this.unsettled.delete(entry);
        if (changes.length === 2 * ENTRIES_PER_SCRIPT) break;
      }
      const settled = await scripts.presenceSettle(keyPrefix, this.holderId, ...changes);
      if (settled === 0) throw new Error('The registration was lost while it was settled.');
    }
  }
}
