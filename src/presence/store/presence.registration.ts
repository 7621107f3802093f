import { randomUUID } from 'node:crypto';
import { parsePairKey } from '../../runtime/pair-key';
import type { MemberSets } from './member.sets';
import type { PresenceScripts } from './presence.scripts';

/** So many entries are settled in one script, lest a big node's return block Redis. */
const ENTRIES_PER_SCRIPT = 500;

export interface PresenceRegistrationOptions {
  scripts: PresenceScripts;
  keyPrefix: string;
  nodeId: string;
  leaseMs: number;
  heartbeatMs: number;
  /** What this node holds; the truth that Redis is brought to. */
  local: MemberSets;
}

/**
 * This node among the living: its heartbeats, and that Redis knows what it holds. With each connection,
 * and when it finds itself given up or forgotten, it registers as a new holder: with all that it holds,
 * without anybody being told. Only then its former registration is retired, so that nobody seems gone in
 * between, and whoever was released meanwhile ends with it.
 */
export class PresenceRegistration {
  /** Entries that Redis may know otherwise than this node. */
  private readonly unsettled = new Set<string>();
  private holderId = '';
  private knownBeats = 0;
  /** By Redis' clock: the last heartbeat, and since when they have come without a gap. */
  private lastBeatAtMs = Number.NEGATIVE_INFINITY;
  private steadySinceMs = 0;
  private working: Promise<void> | null = null;
  private stopped = false;

  constructor(private readonly options: PresenceRegistrationOptions) {}

  /** This node's present registration; empty before the first. */
  get holder(): string {
    return this.holderId;
  }

  /** Whether this node has left the living, for good. */
  get hasStopped(): boolean {
    return this.stopped;
  }

  /**
   * Whether heartbeats have come long enough without a gap. After one (Redis was away or stood still)
   * the leases of the living have lapsed too, and they get the time to prolong them.
   */
  get isSteady(): boolean {
    return this.lastBeatAtMs - this.steadySinceMs >= this.gapMs;
  }

  /** Has Redis brought to what this node holds of the entry, with the next heartbeat at the latest. */
  unsettle(entry: string): void {
    this.unsettled.add(entry);
  }

  /** Registers this node, over a fresh connection. Rejects when Redis fails. */
  register(): Promise<void> {
    return this.exclusively(() => this.registerAnew());
  }

  /** Says that this node lives. Rejects when Redis fails. */
  beat(): Promise<void> {
    return this.exclusively(async () => {
      if (await this.sendBeat(this.holderId, 0)) await this.settle();
      else await this.registerAnew();
    });
  }

  /** No more heartbeats. Resolves when none is under way: what it registered can then be taken back. */
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
    this.unsettled.clear();
    for (const entry of held.entries()) this.unsettled.add(entry);
    await this.settle();
    if (former !== '') await scripts.presenceRetire(keyPrefix, former);
  }

  /** @returns whether the holder is registered */
  private async sendBeat(holder: string, register: 0 | 1): Promise<boolean> {
    const { scripts, keyPrefix, leaseMs } = this.options;
    const [registered, beats, nowMs] = await scripts.presenceBeat(
      keyPrefix,
      holder,
      this.knownBeats,
      leaseMs,
      register,
    );
    this.knownBeats = beats;
    if (nowMs - this.lastBeatAtMs > this.gapMs) this.steadySinceMs = nowMs;
    this.lastBeatAtMs = nowMs;
    return registered === 1;
  }

  /** A change made meanwhile is sent after the portion that it is in, so the last one counts. */
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
