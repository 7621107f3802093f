/** More members than this get a set, of which each takes more memory than a few members do. */
const FEW = 8;

/** One, few or many members of a set. */
type Members = string | readonly string[] | Set<string>;

/** What this node holds: members by set. An entry is `<set> <member>`; a set's name has no space. */
export class MemberSets {
  /** Of the many sets most have one member or two. */
  private readonly sets = new Map<string, Members>();

  /** @returns whether it was not held before */
  add(set: string, member: string): boolean {
    const held = this.sets.get(set);
    if (held === undefined) this.sets.set(set, member);
    else if (includes(held, member)) return false;
    else if (held instanceof Set) held.add(member);
    else this.sets.set(set, heldOf(listOf(held).concat(member)));
    return true;
  }

  /** @returns whether it was held before */
  delete(set: string, member: string): boolean {
    const held = this.sets.get(set);
    if (held === undefined || !includes(held, member)) return false;
    if (held instanceof Set && held.size > 1) {
      held.delete(member);
      return true;
    }
    const left = listOf(held).filter((one) => one !== member);
    if (left.length === 0) this.sets.delete(set);
    else this.sets.set(set, heldOf(left));
    return true;
  }

  has(set: string, member: string): boolean {
    const held = this.sets.get(set);
    return held !== undefined && includes(held, member);
  }

  members(set: string): ReadonlySet<string> {
    const held = this.sets.get(set);
    return held instanceof Set ? held : new Set(held === undefined ? [] : listOf(held));
  }

  clear(): void {
    this.sets.clear();
  }

  *entries(): Iterable<string> {
    for (const [set, held] of this.sets) for (const member of listOf(held)) yield entryOf(set, member);
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

function includes(held: Members, member: string): boolean {
  if (typeof held === 'string') return held === member;
  return held instanceof Set ? held.has(member) : held.includes(member);
}

function listOf(held: Members): readonly string[] {
  return typeof held === 'string' ? [held] : [...held];
}

/** @param members at least one */
function heldOf(members: readonly string[]): Members {
  if (members.length === 1) return members[0]!;
  return members.length > FEW ? new Set(members) : members;
}
