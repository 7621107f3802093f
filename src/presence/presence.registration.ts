import { randomUUID } from 'node:crypto';
import { type HeldMembers, parseEntry } from './presence.held';
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
  held: HeldMembers;
  /** Counts this node's connections. */
  generation: () => number;
}

/**
 * This node among the living: its heartbeats, and that Redis knows what it holds. A node that was given
 * up, or forgotten by Redis, registers anew as another holder, with all that it holds and without
 * anybody being told.
 */
export class PresenceRegistration {
  /** Entries that Redis may know otherwise than this node, and when each was released if it was (ms). */
  private readonly unsettled = new Map<string, number>();
  private holderId = '';
  private memoryId = '';
  /** By Redis' clock: the last heartbeat, and since when they have come without a gap. */
  private lastBeatAtMs = Number.NEGATIVE_INFINITY;
  private steadySinceMs = 0;
  private beating: Promise<void> | null = null;
  private ended = false;

  constructor(private readonly options: PresenceRegistrationOptions) {}

  /** This node's present registration; empty before the first. */
  get holder(): string {
    return this.holderId;
  }

  /** Whether this node has left the living, for good. */
  get hasEnded(): boolean {
    return this.ended;
  }

  /**
   * Whether heartbeats have come long enough without a gap. After one (Redis was away or stood still)
   * the leases of the living have lapsed too, and they get the time to prolong them.
   */
  get isSteady(): boolean {
    return this.lastBeatAtMs - this.steadySinceMs >= this.gapMs;
  }

  /** Has Redis brought to what this node holds of the entry, with the next heartbeat. */
  unsettle(entry: string): void {
    this.unsettled.set(entry, performance.now());
  }

  /** Says that this node lives, registers it if need be, and settles what is open. Rejects when Redis fails. */
  beat(): Promise<void> {
    if (this.ended) return Promise.resolve();
    this.beating ??= this.register().finally(() => {
      this.beating = null;
    });
    return this.beating;
  }

  /** No more heartbeats. Resolves when none is under way: what it registers can then be taken back. */
  async end(): Promise<void> {
    this.ended = true;
    await this.beating?.catch(() => {});
  }

  private get gapMs(): number {
    return this.options.leaseMs - this.options.heartbeatMs;
  }

  private async register(): Promise<void> {
    const { scripts, keyPrefix, nodeId, leaseMs, held, generation } = this.options;
    const fresh = `${nodeId}/${randomUUID()}`;
    const [holder, memoryId, nowMs] = await scripts.presenceBeat(
      keyPrefix,
      this.holderId,
      generation(),
      fresh,
      this.memoryId,
      randomUUID(),
      leaseMs,
    );
    if (nowMs - this.lastBeatAtMs > this.gapMs) this.steadySinceMs = nowMs;
    this.lastBeatAtMs = nowMs;
    this.memoryId = memoryId;
    if (holder !== this.holderId) {
      this.holderId = holder;
      // Redis knows nothing of this holder: neither what it holds, nor what it has let go.
      this.unsettled.clear();
      for (const entry of held.entries()) this.unsettle(entry);
    }
    await this.settle();
  }

  /** A change made meanwhile is sent after the portion that it is in, so the last one counts. */
  private async settle(): Promise<void> {
    while (this.unsettled.size > 0) {
      const portion = [...this.unsettled].slice(0, ENTRIES_PER_SCRIPT);
      for (const [entry] of portion) this.unsettled.delete(entry);
      try {
        await this.send(portion);
      } catch (error) {
        for (const [entry, sinceMs] of portion) if (!this.unsettled.has(entry)) this.unsettled.set(entry, sinceMs);
        throw error;
      }
    }
  }

  private async send(portion: [entry: string, sinceMs: number][]): Promise<void> {
    const { scripts, keyPrefix, held, generation } = this.options;
    const changes = portion.flatMap(([entry, sinceMs]) => {
      const { set, member } = parseEntry(entry);
      return [entry, held.has(set, member) ? 1 : 0, Math.max(0, Math.round(performance.now() - sinceMs))];
    });
    const settled = await scripts.presenceSettle(keyPrefix, this.holderId, generation(), ...changes);
    if (settled === 0) throw new Error('The registration was lost while it was settled.');
  }
}
