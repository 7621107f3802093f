/** What this node holds: members by set. An entry is `<set> <member>`; a set's name has no space. */
export class HeldMembers {
  private readonly sets = new Map<string, Set<string>>();

  /** @returns whether it was not held before */
  add(set: string, member: string): boolean {
    const members = this.sets.get(set);
    if (members?.has(member)) return false;
    if (members) members.add(member);
    else this.sets.set(set, new Set([member]));
    return true;
  }

  /** @returns whether it was held before */
  delete(set: string, member: string): boolean {
    const members = this.sets.get(set);
    if (!members?.delete(member)) return false;
    if (members.size === 0) this.sets.delete(set);
    return true;
  }

  has(set: string, member: string): boolean {
    return this.sets.get(set)?.has(member) ?? false;
  }

  members(set: string): string[] {
    return [...(this.sets.get(set) ?? [])];
  }

  clear(): void {
    this.sets.clear();
  }

  *entries(): Iterable<string> {
    for (const [set, members] of this.sets) for (const member of members) yield entryOf(set, member);
  }
}

/** One member of one set as one text. */
export function entryOf(set: string, member: string): string {
  return `${set} ${member}`;
}

/** The other way round. */
export function parseEntry(entry: string): { set: string; member: string } {
  const space = entry.indexOf(' ');
  return { set: entry.slice(0, space), member: entry.slice(space + 1) };
}
