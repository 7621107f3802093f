/**
 * Presence over all nodes: the users who are online, and the users who have a conversation open.
 *
 * This node counts its own connections and subscriptions (`device.holds`). The presence store knows
 * which nodes hold which member of these sets:
 * - `online`: users with a connection, and for 5 s after the last one, so a reload is not seen.
 * - `sockets:<user>`: ids of the user's sockets, without grace. Their number is limited.
 * - `viewing:<conversation>`: users who have it open at this moment. They are not notified.
 * - `viewers:<conversation>`: users who are shown to have it open, also for 5 s after a connection
 *   that ended without a complete.
 * - `closed:<conversation>`: closings of the last 10 s, as `<sequence> <user>`. Everything up to
 *   the sequence was delivered to the user.
 *
 * Events: `presence.changed` is published at a user's first connection to any node, and 5 s after
 * the last one ended. `viewers.changed` is published when a user enters or leaves `viewers:`.
 *
 * Late notices (decision 8): an event may not reach a user who is viewing, and who is therefore not
 * notified of it. So 5 s after the end of a view, the user is notified late. When the connection
 * ended without a complete, the notice covers all such events that are unread. After a closing, it
 * covers only those of them beyond the closing's sequence. No notice is written if the user is
 * viewing again on any device. A closing also needs none if the user closed the conversation at a
 * greater sequence, because that closing has its own. A message whose sender still read the user as
 * viewing is mostly committed within the 5 s. It may have waited for a connection and for several
 * locks, so there is a second look 15 s after the end of the view.
 *
 * When a node dies or departs, the store reports to one other node what ended. That node publishes
 * the events and writes the late notices. This is why a closing is a hold in the store, and not
 * only a timer of the node at which it happened.
 */
import type { Bus } from '../bus/bus';
import { topics } from '../events';
import type { Logger } from '../logger';
import type { UserDirectory } from '../people/user.directory';
import { batched } from '../runtime/batches';
import { pairKey, parsePairKey } from '../runtime/pair-key';
import { flatString } from '../runtime/v8';
import { DeviceHolds } from './device.holds';
import { LateNotices } from './late.notices';
import type { LostMember, PresenceStore } from './store/presence.store';

/**
 * Grace after a connection that ended, and time from the end of a view to its late notice. A reload
 * of the page takes less, so it publishes no event.
 */
const GRACE_MS = 5_000;

const ONLINE = 'online';
const SOCKETS = 'sockets:';
/** Users who have a conversation open at this moment. They need no notification. */
const VIEWING = 'viewing:';
/** Users who are shown to have a conversation open, with the grace. */
const VIEWERS = 'viewers:';
/** Closings of the last 10 s, as `<sequence> <user>`. */
const CLOSED = 'closed:';
/**
 * Time for which a closing stays in its set. It is longer than the time to its late notice. So when
 * a user closes two devices one after the other, the late notice of each still finds both closings.
 * The second look comes as long after the first, so it finds every closing since then.
 */
const CLOSED_MS = 2 * GRACE_MS;

/**
 * Notifies a user late. This covers the events of which the user was not notified because of
 * viewing, and which the user has not read. With `after`, it covers only those with a greater
 * sequence; null sets no limit.
 */
export type NotifyLate = (
  conversationId: string,
  userId: string,
  after: number | null,
) => Promise<void>;

/** Knows which users are online or have a conversation open, and publishes each change. */
export class PresenceService {
  private readonly holds: DeviceHolds;
  private readonly lateNotices: LateNotices;
  /**
   * The newest connections of users that wait to be stored. Each takes a statement after the one
   * before: those of thousands of devices of one user would take a minute.
   */
  private readonly sightings = new Map<string, Date>();

  /**
   * Reads sets. It is called for each message, and for each subscriber to whom a viewer is told:
   * calls during a read share the next read, which reads each set once.
   */
  private readonly membersOf = batched((sets: readonly string[]) => this.readSets(sets));

  /** Tells which users are online. Each subscriber asks for each event: calls share reads. */
  private readonly areOnline = batched((userIds: readonly string[]) => this.readOnline(userIds));

  constructor(
    private readonly store: PresenceStore,
    private readonly users: UserDirectory,
    private readonly bus: Bus,
    private readonly notifyLate: NotifyLate,
    private readonly logger: Logger,
  ) {
    this.holds = new DeviceHolds(store, logger);
    this.lateNotices = new LateNotices((...notice) => this.notifyIfMissed(...notice), logger);
  }

  start(): void {
    this.store.onLost((lost) => void this.handleLost(lost));
  }

  /**
   * Ends the holds of this node. Its users have 5 s to come back at another node. Resolves when
   * each late notice that is due here has been tried.
   */
  async stop(): Promise<void> {
    await this.holds.stop();
    // If no other node lives, the store ends the holds at once, and only this node can publish
    // that.
    await this.handleLost(await this.store.depart(GRACE_MS));
    await this.lateNotices.stop();
  }

  /** Counts another connection of the user to this node, and stores that the user was seen now. */
  deviceConnected(userId: string): void {
    const at = new Date();
    let isFirst = false;
    const isNew = this.holds.retain(ONLINE, userId, () => {
      isFirst = true;
    });
    const isWaiting = this.sightings.has(userId);
    this.sightings.set(userId, at);
    if (isWaiting && !isNew) return;
    void this.holds.runAfter(ONLINE, userId, () => {
      const newest = this.sightings.get(userId) ?? at;
      this.sightings.delete(userId);
      return this.recordThenPublish(userId, newest, () => {
        if (isFirst) this.publishPresence(userId, true, at);
      });
    });
  }

  /**
   * Undoes one {@link deviceConnected}. After the user's last connection to any node has ended, the
   * user is offline 5 s later, and was last seen at the time of that end.
   */
  deviceDisconnected(userId: string): void {
    const at = new Date();
    this.holds.release(ONLINE, userId, GRACE_MS, async (last) => {
      if (last) await this.wentOffline(userId, at);
    });
  }

  /**
   * Adds a socket of the user if the user has fewer than `limit` on all nodes; while Redis is away,
   * on this node.
   *
   * @returns null when it was added; else the ids of the user's sockets
   */
  socketOpened(userId: string, connectionId: string, limit: number): Promise<string[] | null> {
    // A socket is held once and released once, so it needs no count in `holds`. The store carries
    // out both in the order of the calls.
    return this.store.holdBelow(flatString(SOCKETS, userId), connectionId, limit);
  }

  /**
   * Removes a socket of the user.
   *
   * @returns true when it was the user's last on all nodes; while Redis is away, on this node
   */
  async socketClosed(userId: string, connectionId: string): Promise<boolean> {
    const set = flatString(SOCKETS, userId);
    await this.store.release(set, connectionId);
    return this.store.isEmpty(set);
  }

  /** Counts another subscription with which the user has the conversation open. */
  viewOpened(conversationId: string, userId: string): void {
    this.holds.retain(flatString(VIEWING, conversationId), userId);
    const at = new Date();
    this.holds.retain(flatString(VIEWERS, conversationId), userId, () =>
      this.publishViewer(conversationId, userId, 'JOINED', at),
    );
  }

  /**
   * Undoes one {@link viewOpened}. After the user's last such subscription on this node has ended,
   * this node does not count the user as viewing any more. If the connection ended without a
   * complete, the user is shown as a viewer for another 5 s. The late notice follows after 5 s.
   *
   * @param reached the sequence up to which everything was delivered, when the user closed the
   *   conversation; null when the connection ended without a complete
   */
  viewClosed(conversationId: string, userId: string, reached: number | null): void {
    this.holds.release(flatString(VIEWING, conversationId), userId, 0);
    const at = new Date();
    this.holds.release(
      flatString(VIEWERS, conversationId),
      userId,
      reached === null ? GRACE_MS : 0,
      async (last) => {
        if (last) this.publishViewer(conversationId, userId, 'LEFT', at);
        if (reached === null) this.lateNotices.schedule(conversationId, userId, null);
      },
    );
    if (reached === null) return;
    // A hold in the store, so that another node writes the late notice if this one dies or departs.
    const member = pairKey(String(reached), userId);
    this.holds.retain(flatString(CLOSED, conversationId), member);
    this.holds.release(flatString(CLOSED, conversationId), member, CLOSED_MS);
    setTimeout(() => this.lateNotices.schedule(conversationId, userId, reached), GRACE_MS).unref();
  }

  /** Returns those of the users who are online; while Redis is away, only those on this node. */
  async onlineAmong(userIds: readonly string[]): Promise<Set<string>> {
    const areOnline = await this.areOnline(userIds);
    return new Set(userIds.filter((_, index) => areOnline[index]));
  }

  /** Returns the ids of all users who are online; while Redis is away, only those on this node. */
  async onlineUserIds(): Promise<string[]> {
    const [members] = await this.store.members([ONLINE]);
    return members!;
  }

  /**
   * Returns, for each conversation, the ids of the users who are shown to have it open, in the
   * order of `conversationIds`. While Redis is away, only those on this node.
   */
  viewers(conversationIds: readonly string[]): Promise<string[][]> {
    return this.membersOf(conversationIds.map((id) => flatString(VIEWERS, id)));
  }

  /**
   * Returns true when the user is shown to have the conversation open on any node. Returns null
   * while Redis is away, because the users on other nodes are not known then.
   */
  async isViewer(conversationId: string, userId: string): Promise<boolean | null> {
    const [members] = await this.membersOf([flatString(VIEWERS, conversationId)]);
    return this.store.connected ? members!.includes(userId) : null;
  }

  /**
   * Returns the ids of the users who have the conversation open at this moment. While Redis is
   * away, those on other nodes are missing.
   */
  async findViewing(conversationId: string): Promise<string[]> {
    const [members] = await this.membersOf([flatString(VIEWING, conversationId)]);
    return members!;
  }

  private async readSets(sets: readonly string[]): Promise<string[][]> {
    const distinct = [...new Set(sets)];
    const members = await this.store.members(distinct);
    const bySet = new Map(distinct.map((set, index) => [set, members[index]!]));
    return sets.map((set) => bySet.get(set)!);
  }

  private async readOnline(userIds: readonly string[]): Promise<boolean[]> {
    const online = await this.store.membersAmong(ONLINE, [...new Set(userIds)]);
    return userIds.map((id) => online.has(id));
  }

  /**
   * Handles the members that the store reports as ended: stores when users were last seen,
   * publishes the events, and schedules the late notices. After the death of a node there may be
   * thousands of members.
   */
  private async handleLost(lost: readonly LostMember[]): Promise<void> {
    await this.recordLastSeen(lost.filter(({ set }) => set === ONLINE));
    await Promise.all(
      lost.map(({ set, member, at }) =>
        this.holds.runAfter(set, member, () => this.memberEnded(set, member, at)),
      ),
    );
  }

  /**
   * Stores when the users were last seen, with one statement for each time. The users of a dead
   * node all have the same time.
   */
  private async recordLastSeen(lost: readonly LostMember[]): Promise<void> {
    const moments = new Map<number, string[]>();
    for (const { member, at } of lost)
      moments.set(at.getTime(), [...(moments.get(at.getTime()) ?? []), member]);
    for (const [at, userIds] of moments)
      await this.users.recordSeen(userIds, new Date(at)).catch((error: unknown) => {
        this.logger.warn({ err: error }, 'presence not recorded');
      });
  }

  private async memberEnded(set: string, member: string, at: Date): Promise<void> {
    if (set === ONLINE) this.publishPresence(member, false, at);
    if (set.startsWith(VIEWING)) await this.viewingEnded(set.slice(VIEWING.length), member);
    if (set.startsWith(VIEWERS)) await this.viewerEnded(set.slice(VIEWERS.length), member, at);
    if (set.startsWith(CLOSED)) {
      const { userId, reached } = parseClosed(member);
      this.lateNotices.schedule(set.slice(CLOSED.length), userId, reached);
    }
  }

  private async viewerEnded(conversationId: string, userId: string, at: Date): Promise<void> {
    // The user may have come back in the meantime. Their JOINED has been published then.
    if (await this.isIn(VIEWERS, conversationId, userId)) return;
    this.publishViewer(conversationId, userId, 'LEFT', at);
    this.lateNotices.schedule(conversationId, userId, null);
  }

  /**
   * Schedules a late notice when the user is not in `viewers:` any more. Otherwise the end in
   * `viewers:` schedules it later.
   *
   * The first case is needed because a dead node's ends are reported in portions. If the end in
   * `viewers:` is reported first, its notice may find the user still in `viewing:`, and is dropped
   * then. The notice from here replaces it.
   */
  private async viewingEnded(conversationId: string, userId: string): Promise<void> {
    if (!(await this.isIn(VIEWERS, conversationId, userId)))
      this.lateNotices.schedule(conversationId, userId, null);
  }

  /** @returns false when the notice is not needed, because another one is due or will be */
  private async notifyIfMissed(
    conversationId: string,
    userId: string,
    after: number | null,
  ): Promise<boolean> {
    if (await this.isIn(VIEWING, conversationId, userId)) return false;
    // The user also closed the conversation at a greater sequence. That closing has its own notice.
    if (after !== null && (await this.reachedAtClosing(conversationId, userId)) > after)
      return false;
    await this.notifyLate(conversationId, userId, after);
    return true;
  }

  /**
   * Returns the greatest sequence at which the user closed the conversation within the last 10 s;
   * -1 when there is no such closing.
   */
  private async reachedAtClosing(conversationId: string, userId: string): Promise<number> {
    const [members] = await this.store.members([flatString(CLOSED, conversationId)]);
    const own = members!.map(parseClosed).filter((one) => one.userId === userId);
    return Math.max(-1, ...own.map(({ reached }) => reached));
  }

  private async isIn(prefix: string, conversationId: string, userId: string): Promise<boolean> {
    return (await this.store.membersAmong(prefix + conversationId, [userId])).size > 0;
  }

  private async wentOffline(userId: string, lastSeenAt: Date): Promise<void> {
    await this.recordThenPublish(userId, lastSeenAt, () =>
      this.publishPresence(userId, false, lastSeenAt),
    );
  }

  /**
   * Stores when the user was last seen, and then publishes: subscribers read the stored time when
   * the event arrives. If storing fails, it publishes all the same, and rejects.
   */
  private async recordThenPublish(userId: string, at: Date, tell: () => void): Promise<void> {
    try {
      await this.users.recordSeen([userId], at);
    } finally {
      tell();
    }
  }

  private publishPresence(userId: string, online: boolean, lastSeenAt: Date): void {
    const event = {
      name: 'presence.changed',
      userId,
      online,
      lastSeenAt: lastSeenAt.toISOString(),
    } as const;
    this.bus.publish([{ topic: topics.presence(userId), event }]);
  }

  private publishViewer(
    conversationId: string,
    userId: string,
    state: 'JOINED' | 'LEFT',
    at: Date,
  ): void {
    const event = {
      name: 'viewers.changed',
      conversationId,
      userId,
      state,
      at: at.toISOString(),
    } as const;
    this.bus.publish([{ topic: topics.conversation(conversationId), event }]);
  }
}

/** Splits a member of a `closed:` set. */
function parseClosed(member: string): { userId: string; reached: number } {
  const [reached, userId] = parsePairKey(member);
  return { userId, reached: Number(reached) };
}
