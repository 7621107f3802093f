/**
 * A member whose last hold in a set has ended without a `release` that answered `true`, mostly
 * because its node died or departed.
 */
export interface LostMember {
  set: string;
  member: string;
  /**
   * The time of the last heartbeat or the departure of the node that held the member. For a member
   * that was released, the time at which the store carried that out.
   */
  at: Date;
}

/**
 * Keeps named sets of members over all nodes. The sets are `online`, `viewing:<conversation>`,
 * `viewers:<conversation>`, `closed:<conversation>`, `typing:<conversation>` and `sockets:<user>`.
 * The members are ids of users or of sockets, or closings (see the presence service). A member is
 * in a set while at least one node holds it there. A node holds a member once, no matter how many
 * of its connections are behind that: counting them is the node's own work.
 *
 * Every implementation guarantees:
 * - `hold` and `release` are atomic over all nodes. Of the calls that race, exactly one answers
 *   that it was the first, or the last.
 * - Both may be repeated. Holding what this node holds already changes nothing and answers `false`.
 *   So does releasing what it does not hold.
 * - When a node dies, what it held ends. Another node finds that out within 30 s and reports it by
 *   `onLost`.
 */
export interface PresenceStore {
  /**
   * True while `members` and `membersAmong` know all nodes; false while they know only this one.
   */
  readonly connected: boolean;
  /**
   * The milliseconds for which it is not known yet what other nodes hold, because Redis lost its
   * memory. In this time no end is reported. Otherwise 0.
   */
  readonly quietForMs: number;
  start(): Promise<void>;
  /** Closes the store's connections. Does not end what this node holds: `depart` does that. */
  stop(): Promise<void>;
  /** @returns true when no node held the member before; false also when that cannot be known */
  hold(set: string, member: string): Promise<boolean>;
  /**
   * Holds a member if the set has fewer than `limit` members, in one atomic step and one round
   * trip: of calls that race, exactly as many succeed as the set has room. While Redis is away,
   * only the members on this node count.
   *
   * @returns null when this node holds the member now; else the members of the set
   */
  holdBelow(set: string, member: string, limit: number): Promise<string[] | null>;
  /** @returns true when no node holds the member any more; false also when that cannot be known */
  release(set: string, member: string): Promise<boolean>;
  /**
   * Returns the members of each set, in the order of `sets`. The members of one set are in no
   * particular order. Takes one round trip.
   */
  members(sets: readonly string[]): Promise<string[][]>;
  /**
   * Returns true when the set has no member, in one round trip that takes no longer with many
   * members. While Redis is away, only the members on this node count.
   */
  isEmpty(set: string): Promise<boolean>;
  /**
   * Says that a member, which this node holds, is fresh for `forMs` from now. A dead node's members
   * stay in their sets until they are reaped, but not fresh.
   */
  refresh(set: string, member: string, forMs: number): Promise<void>;
  /**
   * Returns the fresh members of a set, and for how many milliseconds each stays fresh. Returns
   * null when no other node is known, as while Redis is away.
   */
  fresh(set: string): Promise<Map<string, number> | null>;
  /** Returns those of `candidates` that are members of the set. Takes one round trip. */
  membersAmong(set: string, candidates: readonly string[]): Promise<Set<string>>;
  /**
   * Takes this node out in good order. What it holds ends `graceMs` later, unless another node
   * holds it too, and a node that lives on reports the end by `onLost`. If no other node lives,
   * everything ends at once.
   *
   * @returns the members that ended at once
   */
  depart(graceMs: number): Promise<LostMember[]>;
  /**
   * Adds a listener for members that ended because the node that held them died or departed. Each
   * is reported on exactly one living node. A released member is reported in the same way if its
   * release could not know whether it was the last one. That happens as soon as it is known.
   */
  onLost(listener: (lost: LostMember[]) => void): void;
  /**
   * Adds a listener that is called when events of other nodes may be missing: after this node has
   * registered anew, and when it has learnt of a loss of memory.
   */
  onUncertain(listener: () => void): void;
}

/** Returns true when the member is in the set. Takes one round trip. */
export async function isIn(store: PresenceStore, set: string, member: string): Promise<boolean> {
  return (await store.membersAmong(set, [member])).size > 0;
}
