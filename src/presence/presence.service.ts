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

/** How long somebody may be gone without a word before it is told: a reload does not flap. */
const GRACE_MS = 5_000;

const ONLINE = 'online';
const SOCKETS = 'sockets:';
/** Who has a conversation open at this moment: they need no notification. */
const VIEWING = 'viewing:';
/** Who is shown to have it open: with some grace, so that a reload is not told. */
const VIEWERS = 'viewers:';
/** Who has closed a conversation within the last seconds, and how far they had come: `<sequence> <user>`. */
const CLOSED = 'closed:';
/** Outlives the look at what was under way, so that the looks at two closed together know of each other. */
const CLOSED_MS = 2 * GRACE_MS;

/**
 * Notifies somebody late of what they have not read, or, with `after`, of what has a greater sequence too; see
 * {@link PresenceService.viewClosed}.
 */
export type NotifyLate = (
  conversationId: string,
  userId: string,
  after: number | null,
) => Promise<void>;

/**
 * Who is online, and who has which conversation open, over all nodes. This node counts its own
 * connections; the store knows which nodes hold whom. Everybody online is told by `presence.changed`,
 * once at the first connection to any node, and once 5 s after the last one ended; who has a conversation
 * open by `viewers.changed`.
 */
export class PresenceService {
  private readonly holds: DeviceHolds;
  private readonly lateNotices: LateNotices;

  /** Asked for each message: those that come together ask together. */
  private readonly membersOf = batched((sets: readonly string[]) => this.store.members(sets));

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

  /** Lets go of everyone that this node holds; they have the usual grace to come back elsewhere. */
  async stop(): Promise<void> {
    await this.holds.stop();
    // With no other node it ends at once, and there is nobody else to say so.
    await this.handleLost(await this.store.depart(GRACE_MS));
    await this.lateNotices.stop();
  }

  /** One more connection of the user to this node. */
  deviceConnected(userId: string): void {
    const at = new Date();
    let isFirst = false;
    this.holds.retain(ONLINE, userId, () => {
      isFirst = true;
    });
    void this.holds.runAfter(ONLINE, userId, () =>
      this.recordThenPublish(userId, at, () => {
        if (isFirst) this.publishPresence(userId, true, at);
      }),
    );
  }

  /** One connection less. */
  deviceDisconnected(userId: string): void {
    const at = new Date();
    this.holds.release(ONLINE, userId, GRACE_MS, async (last) => {
      if (last) await this.wentOffline(userId, at);
    });
  }

  /**
   * Counts a socket in.
   *
   * @returns how many the user has now, on all nodes; while Redis is away, on this one
   */
  async socketOpened(userId: string, connectionId: string): Promise<number> {
    const set = flatString(SOCKETS, userId);
    // It is held once and let go once, so it needs nobody to count; the store keeps the two in order.
    await this.store.hold(set, connectionId);
    const [members] = await this.store.members([set]);
    return members!.length;
  }

  /** @returns whether it was the user's last, on all nodes; while Redis is away, on this one */
  async socketClosed(userId: string, connectionId: string): Promise<boolean> {
    const set = flatString(SOCKETS, userId);
    await this.store.release(set, connectionId);
    const [members] = await this.store.members([set]);
    return members!.length === 0;
  }

  /** One more subscription with which the user has the conversation open. */
  viewOpened(conversationId: string, userId: string): void {
    this.holds.retain(flatString(VIEWING, conversationId), userId);
    const at = new Date();
    this.holds.retain(flatString(VIEWERS, conversationId), userId, () =>
      this.publishViewer(conversationId, userId, 'JOINED', at),
    );
  }

  /**
   * One subscription less. They do not view any more from now on. Who went without a word is shown as a viewer a little
   * longer, in case they come back; if they do not, they are notified late of what they have not read. Who closed it is
   * notified as late of what did not reach them. That is later than a message is under way whose sender took them for
   * viewing, unless it waited for a connection and several locks.
   *
   * @param reached they closed it, and had been given everything up to this sequence; null: they went without a word
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
    // A hold of a set of its own, so that when this node goes another one sees to it.
    const member = pairKey(String(reached), userId);
    this.holds.retain(flatString(CLOSED, conversationId), member);
    this.holds.release(flatString(CLOSED, conversationId), member, CLOSED_MS);
    setTimeout(() => this.lateNotices.schedule(conversationId, userId, reached), GRACE_MS).unref();
  }

  /** Which of the users are online. */
  onlineAmong(userIds: readonly string[]): Promise<Set<string>> {
    return this.store.membersAmong(ONLINE, userIds);
  }

  /** Ids of everyone online. */
  async onlineUserIds(): Promise<string[]> {
    const [members] = await this.store.members([ONLINE]);
    return members!;
  }

  /** Ids of the users who are shown to have each conversation open, in the order of `conversationIds`. */
  viewers(conversationIds: readonly string[]): Promise<string[][]> {
    return this.store.members(conversationIds.map((id) => flatString(VIEWERS, id)));
  }

  /** Whether the user is shown to have the conversation open, on any node; null when that cannot be known. */
  async isViewer(conversationId: string, userId: string): Promise<boolean | null> {
    const there = await this.store.membersAmong(flatString(VIEWERS, conversationId), [userId]);
    return this.store.connected ? there.has(userId) : null;
  }

  /** Ids of the users who have the conversation open at this moment. Unknown means not. */
  async findViewing(conversationId: string): Promise<string[]> {
    const [members] = await this.membersOf([flatString(VIEWING, conversationId)]);
    return members!;
  }

  /** Those of them who have it open on this node. */
  findViewingHere(conversationId: string): ReadonlySet<string> {
    return this.store.localMembers(flatString(VIEWING, conversationId));
  }

  /** What ended because the node that held it has died or departed. They may be thousands. */
  private async handleLost(lost: readonly LostMember[]): Promise<void> {
    await this.recordLastSeen(lost.filter(({ set }) => set === ONLINE));
    await Promise.all(
      lost.map(({ set, member, at }) =>
        this.holds.runAfter(set, member, () => this.memberEnded(set, member, at)),
      ),
    );
  }

  /** When they were last there, in one statement: a dead node's are of the same moment. */
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
    // They may have come back since, and everybody was told.
    if (await this.isIn(VIEWERS, conversationId, userId)) return;
    this.publishViewer(conversationId, userId, 'LEFT', at);
    this.lateNotices.schedule(conversationId, userId, null);
  }

  /** Usually told together with the end of being shown as a viewer; but of many it may be told after it. */
  private async viewingEnded(conversationId: string, userId: string): Promise<void> {
    if (!(await this.isIn(VIEWERS, conversationId, userId)))
      this.lateNotices.schedule(conversationId, userId, null);
  }

  private async notifyIfMissed(
    conversationId: string,
    userId: string,
    after: number | null,
  ): Promise<void> {
    if (await this.isIn(VIEWING, conversationId, userId)) return;
    // Another device, or the same one later, had come further and was closed since: its turn comes.
    if (after !== null && (await this.reachedAtClosing(conversationId, userId)) > after) return;
    await this.notifyLate(conversationId, userId, after);
  }

  /** How far somebody had come when they closed the conversation within the last seconds; -1 if they did not. */
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

  /** Stored before it is told, since whoever is told looks it up; and told though it could not be stored. */
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

/** A member of {@link CLOSED}. */
function parseClosed(member: string): { userId: string; reached: number } {
  const [reached, userId] = parsePairKey(member);
  return { userId, reached: Number(reached) };
}
