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
 * Late notices (decision 8): a user may miss an event because of viewing, and is then notified late
 * (`missed.events`).
 *
 * When a node dies or departs, the store reports to one other node what ended. That node publishes
 * the events and writes the late notices (`lost.members`). This is why a closing is a hold in the
 * store, and not only a timer of the node at which it happened.
 */
import type { Bus } from '../bus/bus';
import type { Logger } from '../logger';
import type { UserDirectory } from '../people/user.directory';
import { DeviceHolds } from './device.holds';
import { LostMembers } from './lost.members';
import { MissedEvents, type NotifyLate } from './missed.events';
import { PresencePublisher } from './presence.publisher';
import { closingKey, closingsOf, ONLINE, socketsOf, viewersOf, viewingIn } from './presence.sets';
import type { PresenceStore } from './store/presence.store';

/**
 * Grace after a connection that ended, and time from the end of a view to its late notice. A reload
 * of the page takes less, so it publishes no event.
 */
const GRACE_MS = 5_000;

/**
 * Time for which a closing stays in its set. It is longer than the time to its late notice. So when
 * a user closes two devices one after the other, the late notice of each still finds both closings.
 * The second look comes as long after the first, so it finds every closing since then.
 */
const CLOSED_MS = 2 * GRACE_MS;

/**
 * Counts the connections and views of this node's users, and publishes each change over all nodes.
 */
export class PresenceService {
  private readonly holds: DeviceHolds;
  private readonly publisher: PresencePublisher;
  private readonly missed: MissedEvents;
  private readonly lost: LostMembers;
  /**
   * The newest connections of users that wait to be stored. Each takes a statement after the one
   * before: those of thousands of devices of one user would take a minute.
   */
  private readonly sightings = new Map<string, Date>();

  constructor(
    private readonly store: PresenceStore,
    users: UserDirectory,
    bus: Bus,
    notifyLate: NotifyLate,
    logger: Logger,
  ) {
    this.holds = new DeviceHolds(store, logger);
    this.publisher = new PresencePublisher(users, bus);
    this.missed = new MissedEvents(store, notifyLate, logger);
    this.lost = new LostMembers(store, this.holds, this.missed, this.publisher, users, logger);
  }

  start(): void {
    this.store.onLost((lost) => void this.lost.handle(lost));
  }

  /**
   * Ends the holds of this node. Its users have 5 s to come back at another node. Resolves when
   * each late notice that is due here has been tried.
   */
  async stop(): Promise<void> {
    await this.holds.stop();
    // If no other node lives, the store ends the holds at once, and only this node can publish
    // that.
    await this.lost.handle(await this.store.depart(GRACE_MS));
    await this.missed.stop();
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
      return this.publisher.recordThenPublish(userId, newest, () => {
        if (isFirst) this.publisher.publishPresence(userId, true, at);
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
      if (!last) return;
      await this.publisher.recordThenPublish(userId, at, () =>
        this.publisher.publishPresence(userId, false, at),
      );
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
    return this.store.holdBelow(socketsOf(userId), connectionId, limit);
  }

  /**
   * Removes a socket of the user.
   *
   * @returns true when it was the user's last on all nodes; while Redis is away, on this node
   */
  async socketClosed(userId: string, connectionId: string): Promise<boolean> {
    const set = socketsOf(userId);
    await this.store.release(set, connectionId);
    return this.store.isEmpty(set);
  }

  /** Counts another subscription with which the user has the conversation open. */
  viewOpened(conversationId: string, userId: string): void {
    this.holds.retain(viewingIn(conversationId), userId);
    const at = new Date();
    this.holds.retain(viewersOf(conversationId), userId, () =>
      this.publisher.publishViewer(conversationId, userId, 'JOINED', at),
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
    this.holds.release(viewingIn(conversationId), userId, 0);
    const at = new Date();
    this.holds.release(
      viewersOf(conversationId),
      userId,
      reached === null ? GRACE_MS : 0,
      async (last) => {
        if (last) this.publisher.publishViewer(conversationId, userId, 'LEFT', at);
        if (reached === null) this.missed.viewEnded(conversationId, userId, null);
      },
    );
    if (reached === null) return;
    // A hold in the store, so that another node writes the late notice if this one dies or departs.
    const member = closingKey({ userId, reached });
    this.holds.retain(closingsOf(conversationId), member);
    this.holds.release(closingsOf(conversationId), member, CLOSED_MS);
    setTimeout(() => this.missed.viewEnded(conversationId, userId, reached), GRACE_MS).unref();
  }
}
