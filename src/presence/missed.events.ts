/**
 * Notifies users late of what they have missed (decision 8).
 *
 * An event may not reach a user who is viewing, and who is therefore not notified of it. So 5 s
 * after the end of a view, the user is notified late. When the connection ended without a complete,
 * the notice covers all such events that are unread. After a closing, it covers only those of them
 * beyond the closing's sequence. No notice is written if the user is viewing again on any device. A
 * closing also needs none if the user closed the conversation at a greater sequence, because that
 * closing has its own. A message whose sender still read the user as viewing is mostly committed
 * within the 5 s. It may have waited for a connection and for several locks, so there is a second
 * look 15 s after the end of the view.
 */
import type { Logger } from '../logger';
import { LateNotices } from './late.notices';
import { closingsOf, parseClosing, viewingIn } from './presence.sets';
import { isIn, type PresenceStore } from './store/presence.store';

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

export class MissedEvents {
  private readonly notices: LateNotices;

  constructor(
    private readonly store: PresenceStore,
    private readonly notifyLate: NotifyLate,
    logger: Logger,
  ) {
    this.notices = new LateNotices((...notice) => this.notifyIfMissed(...notice), logger);
  }

  /**
   * Notifies the user late, if that is needed. To be called 5 s after the end of a view.
   *
   * @param after the sequence up to which everything was delivered; null when that is not known
   */
  viewEnded(conversationId: string, userId: string, after: number | null): void {
    this.notices.schedule(conversationId, userId, after);
  }

  /** Resolves when each notice that is due has been tried. */
  stop(): Promise<void> {
    return this.notices.stop();
  }

  /** @returns false when the notice is not needed, because another one is due or will be */
  private async notifyIfMissed(
    conversationId: string,
    userId: string,
    after: number | null,
  ): Promise<boolean> {
    if (await isIn(this.store, viewingIn(conversationId), userId)) return false;
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
    const [members] = await this.store.members([closingsOf(conversationId)]);
    const own = members!.map(parseClosing).filter((one) => one.userId === userId);
    return Math.max(-1, ...own.map(({ reached }) => reached));
  }
}
