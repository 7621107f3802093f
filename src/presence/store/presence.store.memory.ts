import { parsePairKey } from '../../runtime/pair-key';
import { MemberSets } from './member.sets';
import type { LostMember, PresenceStore } from './presence.store';

/**
 * Presence for a single node, within the process. There is no other node that could die, so
 * `onLost` never calls its listener.
 */
export class MemoryPresenceStore implements PresenceStore {
  readonly connected = true;
  readonly quietForMs = 0;
  private readonly local = new MemberSets();

  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  async hold(set: string, member: string): Promise<boolean> {
    return this.local.add(set, member);
  }

  async holdBelow(set: string, member: string, limit: number): Promise<string[] | null> {
    return this.local.addBelow(set, member, limit);
  }

  async release(set: string, member: string): Promise<boolean> {
    return this.local.delete(set, member);
  }

  async members(sets: readonly string[]): Promise<string[][]> {
    return sets.map((set) => [...this.local.members(set)]);
  }

  async isEmpty(set: string): Promise<boolean> {
    return this.local.isEmpty(set);
  }

  async refresh(): Promise<void> {}

  async fresh(): Promise<null> {
    return null;
  }

  async membersAmong(set: string, candidates: readonly string[]): Promise<Set<string>> {
    return new Set(candidates.filter((candidate) => this.local.has(set, candidate)));
  }

  async depart(): Promise<LostMember[]> {
    const at = new Date();
    const ended = [...this.local.entries()].map((entry) => {
      const [set, member] = parsePairKey(entry);
      return { set, member, at };
    });
    this.local.clear();
    return ended;
  }

  onLost(): void {}

  onUncertain(): void {}
}
