import type { Logger } from '../logger';
import type { UserDirectory } from '../people/user.directory';
import type { DeviceHolds } from './device.holds';
import type { MissedEvents } from './missed.events';
import type { PresencePublisher } from './presence.publisher';
import { CLOSED, ONLINE, parseClosing, VIEWERS, VIEWING, viewersOf } from './presence.sets';
import { isIn, type LostMember, type PresenceStore } from './store/presence.store';

/**
 * Handles the members that the store reports as ended, because their node died or departed, or
 * because their time was over: stores when users were last seen, publishes the events, and
 * schedules the late notices. The store reports each to one node alone.
 */
export class LostMembers {
  constructor(
    private readonly store: PresenceStore,
    private readonly holds: DeviceHolds,
    private readonly missed: MissedEvents,
    private readonly publisher: PresencePublisher,
    private readonly users: UserDirectory,
    private readonly logger: Logger,
  ) {}

  /** After the death of a node there may be thousands of members. */
  async handle(lost: readonly LostMember[]): Promise<void> {
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
    if (set === ONLINE) this.publisher.publishPresence(member, false, at);
    if (set.startsWith(VIEWING)) await this.viewingEnded(set.slice(VIEWING.length), member);
    if (set.startsWith(VIEWERS)) await this.viewerEnded(set.slice(VIEWERS.length), member, at);
    if (set.startsWith(CLOSED)) {
      const { userId, reached } = parseClosing(member);
      this.missed.viewEnded(set.slice(CLOSED.length), userId, reached);
    }
  }

  private async viewerEnded(conversationId: string, userId: string, at: Date): Promise<void> {
    // The user may have come back in the meantime. Their JOINED has been published then.
    if (await isIn(this.store, viewersOf(conversationId), userId)) return;
    this.publisher.publishViewer(conversationId, userId, 'LEFT', at);
    this.missed.viewEnded(conversationId, userId, null);
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
    if (!(await isIn(this.store, viewersOf(conversationId), userId)))
      this.missed.viewEnded(conversationId, userId, null);
  }
}
