import { pairKey } from '../../runtime/pair-key';

/** A single member is kept as it is, several as a Set. */
type Members = string | Set<string>;

/**
 * The members that this node itself holds, by set. An entry is the pair key of a set and a member.
 *
 * Most sets have one member, such as the socket of a user with one device. A Set for each of them
 * would more than double what presence keeps for a connection (docs/performance.md).
 */
export class MemberSets {
  private readonly sets = new Map<string, Members>();

  /** @returns true when the member was not held before */
  add(set: string, member: string): boolean {
    const members = this.sets.get(set);
    if (members === undefined) this.sets.set(set, member);
    else if (includes(members, member)) return false;
    else if (typeof members === 'string') this.sets.set(set, new Set([members, member]));
    else members.add(member);
    return true;
  }

  /**
   * Adds a member if the set has fewer than `limit` other members.
   *
   * @returns null when the member is held now; else the members of the set
   */
  addBelow(set: string, member: string, limit: number): string[] | null {
    const members = this.members(set);
    if (!members.has(member) && members.size >= limit) return [...members];
    this.add(set, member);
    return null;
  }

  /** @returns true when the member was held before */
  delete(set: string, member: string): boolean {
    const members = this.sets.get(set);
    if (members === undefined || !includes(members, member)) return false;
    if (typeof members === 'string' || members.size === 1) this.sets.delete(set);
    else members.delete(member);
    return true;
  }

  has(set: string, member: string): boolean {
    const members = this.sets.get(set);
    return members !== undefined && includes(members, member);
  }

  isEmpty(set: string): boolean {
    return !this.sets.has(set);
  }

  members(set: string): ReadonlySet<string> {
    const members = this.sets.get(set);
    if (members === undefined) return new Set();
    return typeof members === 'string' ? new Set([members]) : members;
  }

  clear(): void {
    this.sets.clear();
  }

  *entries(): Iterable<string> {
    for (const set of this.sets.keys())
      for (const member of this.members(set)) yield pairKey(set, member);
  }
}

function includes(members: Members, member: string): boolean {
  return typeof members === 'string' ? members === member : members.has(member);
}
