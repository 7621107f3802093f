/** What this node holds: members by set. An entry is `<set> <member>`; a set's name has no space. */
export class HeldMembers {
  /** Of the many sets most have one member, and then no set of their own. */
  private readonly sets = new Map<string, string | Set<string>>();

  /** @returns whether it was not held before */
  add(set: string, member: string): boolean {
    const held = this.sets.get(set);
    if (held === undefined) this.sets.set(set, member);
    else if (includes(held, member)) return false;
    else if (typeof held === 'string') this.sets.set(set, new Set([held, member]));
    else held.add(member);
    return true;
  }

  /** @returns whether it was held before */
  delete(set: string, member: string): boolean {
    const held = this.sets.get(set);
    if (held === undefined || !includes(held, member)) return false;
    if (typeof held === 'string' || held.size === 1) this.sets.delete(set);
    else held.delete(member);
    return true;
  }

  has(set: string, member: string): boolean {
    const held = this.sets.get(set);
    return held !== undefined && includes(held, member);
  }

  members(set: string): ReadonlySet<string> {
    return asSet(this.sets.get(set) ?? new Set());
  }

  clear(): void {
    this.sets.clear();
  }

  *entries(): Iterable<string> {
    for (const [set, held] of this.sets) for (const member of asSet(held)) yield entryOf(set, member);
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

function includes(held: string | Set<string>, member: string): boolean {
  return typeof held === 'string' ? held === member : held.has(member);
}

function asSet(held: string | Set<string>): Set<string> {
  return typeof held === 'string' ? new Set([held]) : held;
}
