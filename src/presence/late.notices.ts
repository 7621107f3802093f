import { setTimeout as sleep } from 'node:timers/promises';
import { UnavailableError } from '../errors';
import type { Logger } from '../logger';
import { pairKey } from '../runtime/pair-key';

/**
 * The largest number of notices that are written at the same time. The death of a node leaves many,
 * and requests need the database, too.
 */
const AT_ONCE = 4;
const RETRY_MS = 1_000;

/** A late notice that is due for a user in a conversation. */
interface Notice {
  conversationId: string;
  userId: string;
  /**
   * Everything up to this sequence was delivered to the user. null when that is not known: then the
   * notice covers all that is unread.
   */
  after: number | null;
}

/**
 * Writes the late notices that are due, a few at a time. Waiting notices for the same user and
 * conversation become one. While the database is away, a notice is tried again every second,
 * because no other node knows that it is due.
 */
export class LateNotices {
  private readonly waiting = new Map<string, Notice>();
  private readonly workers = new Set<Promise<void>>();
  private working = 0;
  private stopped = false;

  /**
   * @param notify writes a notice, or does nothing if it is not needed any more. It is called again
   *   when it rejects with an {@link UnavailableError}. After any other error the notice is given
   *   up.
   */
  constructor(
    private readonly notify: (
      conversationId: string,
      userId: string,
      after: number | null,
    ) => Promise<void>,
    private readonly logger: Logger,
  ) {}

  /** Adds a notice. After `stop` it does nothing, since another node then writes the notice. */
  schedule(conversationId: string, userId: string, after: number | null): void {
    if (this.stopped) return;
    const key = pairKey(conversationId, userId);
    const known = this.waiting.get(key);
    this.waiting.set(key, {
      conversationId,
      userId,
      after: known ? furthestReached(known.after, after) : after,
    });
    if (this.working >= AT_ONCE) return;
    const worker = this.processWaiting().finally(() => this.workers.delete(worker));
    this.workers.add(worker);
  }

  /**
   * Resolves when every notice that is due has been tried once more. A notice that fails from now
   * on is given up.
   */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.workers);
  }

  private async processWaiting(): Promise<void> {
    this.working++;
    // The loop also visits entries that are added to the map while it runs.
    for (const [key, notice] of this.waiting) {
      this.waiting.delete(key);
      try {
        await this.notify(notice.conversationId, notice.userId, notice.after);
      } catch (error) {
        this.logger.warn({ err: error }, 'late notification not written yet');
        if (this.stopped || !(error instanceof UnavailableError)) continue;
        await sleep(RETRY_MS);
        const { after } = this.waiting.get(key) ?? notice;
        this.waiting.set(key, { ...notice, after: furthestReached(after, notice.after) });
      }
    }
    this.working--;
  }
}

/**
 * Returns the greater position, because what was delivered to one device of the user needs no
 * notice for another. Returns null when either position is not known.
 */
function furthestReached(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : Math.max(one, other);
}
