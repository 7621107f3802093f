import { HeldMembers, parseEntry } from './member.sets';
import type { Lost, PresenceStore } from './presence.store';

/** Presence for one node, within the process. Nobody else can die, so `onLost` never calls. */
export class MemoryPresenceStore implements PresenceStore {
  readonly connected = true;
  private readonly held = new HeldMembers();

  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  async hold(set: string, member: string): Promise<boolean> {
    return this.held.add(set, member);
  }

  async release(set: string, member: string): Promise<boolean> {
    return this.held.delete(set, member);
  }

  here(set: string): ReadonlySet<string> {
    return this.held.members(set);
  }

  async members(sets: readonly string[]): Promise<string[][]> {
    return sets.map((set) => [...this.here(set)]);
  }

  async among(set: string, candidates: readonly string[]): Promise<Set<string>> {
    return new Set(candidates.filter((candidate) => this.held.has(set, candidate)));
  }

  async depart(): Promise<Lost[]> {
    const at = new Date();
    const ended = [...this.held.entries()].map((entry) => ({ ...parseEntry(entry), at }));
    this.held.clear();
    return ended;
  }

  onLost(): void {}
}
