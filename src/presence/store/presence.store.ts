/** A member that nobody holds any more in a set, because the node that did has gone. */
export interface LostMember {
  set: string;
  member: string;
  /** When that node was last known to live, or when it departed. */
  at: Date;
}

/**
 * Who is where, over all nodes: named sets (`online`, `viewing:<conversation>`, `viewers:<conversation>`,
 * `closed:<conversation>`, `typing:<conversation>`, `sockets:<user>`) of members (ids of users, of sockets), each member
 * held by one or more nodes. A member is in a set while at least one node holds it there. A node holds a member once, however many of
 * its connections stand behind that: counting devices is the node's own work.
 *
 * Guarantees of every implementation:
 * - `hold` and `release` are atomic over all nodes: of those that race, exactly one is told that
 *   it was the first, or the last.
 * - Both may be repeated: holding what this node holds, or releasing what it does not, changes
 *   nothing and answers `false`.
 * - What a node held ends when it dies: another node finds out within 30 s and is told by `onLost`.
 */
export interface PresenceStore {
  /** Whether `members` and `among` know of all nodes right now, and not of this one alone. */
  readonly connected: boolean;
  start(): Promise<void>;
  /** Lets go of the store's connections, not of what this node holds: see `depart`. */
  stop(): Promise<void>;
  /** @returns whether the member was held by no node before; `false` when that cannot be known */
  hold(set: string, member: string): Promise<boolean>;
  /** @returns whether the member is held by no node any more; `false` when that cannot be known */
  release(set: string, member: string): Promise<boolean>;
  /** The members of the set that this node itself holds. */
  localMembers(set: string): ReadonlySet<string>;
  /** The members of each set, in the order of `sets`; members in no particular order. One round trip. */
  members(sets: readonly string[]): Promise<string[][]>;
  /** Which of `candidates` are in the set. One round trip. */
  membersAmong(set: string, candidates: readonly string[]): Promise<Set<string>>;
  /**
   * This node goes away in good order: what it holds ends `graceMs` later, unless another node
   * holds it too, and `onLost` says so on a node that lives on. With no other node, at once.
   *
   * @returns what ended at once
   */
  depart(graceMs: number): Promise<LostMember[]>;
  /**
   * Calls `listener` on exactly one living node with what ended because the node that held it died or
   * departed. So it does with what was
   * released while it could not be known whether that was the last hold, once it is known.
   */
  onLost(listener: (lost: LostMember[]) => void): void;
}
