import type { UserDirectory } from '../auth/user.directory';
import type { Bus } from '../delivery/bus';
import { topics } from '../events';
import type { Logger } from '../logger';
import type { PresenceStore } from './presence.store';

/** A user stays online this long after their last connection ended: a reload does not flap. */
export const OFFLINE_GRACE_MS = 5_000;

const ONLINE = 'online';
const sockets = (userId: string) => `sockets:${userId}`;
const viewing = (conversationId: string) => `viewing:${conversationId}`;

/** What stands behind one hold of this node: how many connections or subscriptions. */
interface Hold {
  count: number;
  /** Runs while nothing stands behind it any more, until it is let go. */
  grace: NodeJS.Timeout | null;
}

/**
 * Who is online, and who has which conversation open, over all nodes. This node counts its own
 * connections; the store knows which nodes hold whom. Everybody online is told by `presence.changed`,
 * once at the first connection to any node, and once 5 s after the last one ended.
 */
export class PresenceService {
  private readonly connections = new Map<string, Hold>();
  private readonly views = new Map<string, number>();
  /** Changes of one user or view follow each other: a hold and its release must not overtake. */
  private readonly chains = new Map<string, Promise<void>>();

  constructor(
    private readonly store: PresenceStore,
    private readonly users: UserDirectory,
    private readonly bus: Bus,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.store.onLost((lost) => {
      for (const { set, member, at } of lost)
        if (set === ONLINE) void this.chain(member, () => this.wentOffline(member, at));
    });
  }

  /** Lets go of everyone that this node holds; they have the usual grace to come back elsewhere. */
  async stop(): Promise<void> {
    for (const hold of this.connections.values()) if (hold.grace) clearTimeout(hold.grace);
    await Promise.allSettled(this.chains.values());
    await this.store.depart(OFFLINE_GRACE_MS);
  }

  /** One more connection of the user to this node. */
  connected(userId: string): void {
    const hold = this.connections.get(userId);
    if (hold) {
      hold.count++;
      if (hold.grace) clearTimeout(hold.grace);
      hold.grace = null;
    } else {
      this.connections.set(userId, { count: 1, grace: null });
    }
    const at = new Date();
    void this.chain(userId, async () => {
      if (!hold && (await this.store.hold(ONLINE, userId))) this.publish(userId, true, at);
      await this.users.seen([userId], at);
    });
  }

  /** One connection less. */
  disconnected(userId: string): void {
    const hold = this.connections.get(userId);
    if (!hold) return;
    hold.count--;
    if (hold.count > 0) return;
    const at = new Date();
    hold.grace = setTimeout(() => {
      this.connections.delete(userId);
      void this.chain(userId, async () => {
        if (await this.store.release(ONLINE, userId)) await this.wentOffline(userId, at);
      });
    }, OFFLINE_GRACE_MS);
    hold.grace.unref();
  }

  /**
   * Counts a socket in.
   *
   * @returns how many the user has now, on all nodes; while Redis is away, on this one
   */
  async socketOpened(userId: string, connectionId: string): Promise<number> {
    await this.chain(connectionId, async () => void (await this.store.hold(sockets(userId), connectionId)));
    const [members] = await this.store.members([sockets(userId)]);
    return members!.length;
  }

  socketClosed(userId: string, connectionId: string): void {
    void this.chain(connectionId, async () => void (await this.store.release(sockets(userId), connectionId)));
  }

  /** One more subscription with which the user has the conversation open. */
  opened(conversationId: string, userId: string): void {
    const key = `${conversationId}:${userId}`;
    const count = (this.views.get(key) ?? 0) + 1;
    this.views.set(key, count);
    if (count === 1) void this.chain(key, async () => void (await this.store.hold(viewing(conversationId), userId)));
  }

  /** One subscription less. */
  closed(conversationId: string, userId: string): void {
    const key = `${conversationId}:${userId}`;
    const count = (this.views.get(key) ?? 0) - 1;
    if (count > 0) {
      this.views.set(key, count);
      return;
    }
    this.views.delete(key);
    void this.chain(key, async () => void (await this.store.release(viewing(conversationId), userId)));
  }

  /** Which of the users are online. */
  online(userIds: readonly string[]): Promise<Set<string>> {
    return this.store.among(ONLINE, userIds);
  }

  /** Ids of the users who have each conversation open, in the order of `conversationIds`. */
  viewers(conversationIds: readonly string[]): Promise<string[][]> {
    return this.store.members(conversationIds.map(viewing));
  }

  private async wentOffline(userId: string, lastSeenAt: Date): Promise<void> {
    this.publish(userId, false, lastSeenAt);
    await this.users.seen([userId], lastSeenAt);
  }

  private publish(userId: string, online: boolean, lastSeenAt: Date): void {
    const event = { name: 'presence.changed', userId, online, lastSeenAt: lastSeenAt.toISOString() } as const;
    this.bus.publish([{ topic: topics.presence(userId), event }]);
  }

  private chain(key: string, work: () => Promise<void>): Promise<void> {
    const next = (this.chains.get(key) ?? Promise.resolve()).then(work).catch((error: unknown) => {
      this.logger.warn({ err: error }, 'presence not recorded');
    });
    this.chains.set(key, next);
    void next.then(() => {
      if (this.chains.get(key) === next) this.chains.delete(key);
    });
    return next;
  }
}
