import { setTimeout as sleep } from 'node:timers/promises';
import { UnavailableError } from '../errors';
import type { Logger } from '../logger';
import { pairKey } from '../runtime/pair-key';

/**
 * The largest number of notices that are written at the same time. The death of a node leaves many,
 * and requests need the database, too.
 */
const AT_ONCE = 4;

const DEFAULT_TIMES = {
  /** Pause after a try that failed. */
  retryMs: 1_000,
  /** A notice that fails as often is given up: some minutes at least. */
  maxTries: 200,
  /** From the first look to the second. */
  secondLookMs: 10_000,
};

/** A late notice that is due for a user in a conversation. */
interface Notice {
  conversationId: string;
  userId: string;
  /**
   * Everything up to this sequence was delivered to the user. null when that is not known: then the
   * notice covers all that is unread.
   */
  after: number | null;
  isFirstLook: boolean;
  /** The number of tries that have failed. */
  tries: number;
}

/**
 * Writes the late notices that are due, a few at a time, and each key (user and conversation) at
 * one place only. Waiting notices for the same key become one. While the database is away, a notice
 * is tried again every second, because no other node knows that it is due. After 200 tries it is
 * given up.
 *
 * A notice is written twice, the second time 10 s after the first. A message whose sender read the
 * user as viewing may have waited for a connection and for several locks, and is committed only
 * after the first look.
 */
export class LateNotices {
  private readonly waiting = new Map<string, Notice>();
  private readonly underWay = new Set<string>();
  private readonly workers = new Set<Promise<void>>();
  private working = 0;
  private stopped = false;
  private readonly times: typeof DEFAULT_TIMES;

  /**
   * @param notify writes a notice, and resolves to true; or resolves to false without having
   *   written anything, when neither this look nor a second one is needed. It is called again when
   *   it rejects with an {@link UnavailableError}. After any other error the notice is given up.
   * @param times replaces some of the default times
   */
  constructor(
    private readonly notify: (
      conversationId: string,
      userId: string,
      after: number | null,
    ) => Promise<boolean>,
    private readonly logger: Logger,
    times: Partial<typeof DEFAULT_TIMES> = {},
  ) {
    this.times = { ...DEFAULT_TIMES, ...times };
  }

  /** Adds a notice. After `stop` it does nothing, since another node then writes the notice. */
  schedule(conversationId: string, userId: string, after: number | null): void {
    this.add({ conversationId, userId, after, isFirstLook: true, tries: 0 });
  }

  /**
   * Resolves when every notice that is due has been tried once more. A notice that fails from now
   * on is given up, and there are no second looks any more.
   */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.workers);
  }

  private add(notice: Notice): void {
    if (this.stopped) return;
    this.enqueue(notice);
    if (this.working >= AT_ONCE) return;
    const worker = this.processWaiting().finally(() => this.workers.delete(worker));
    this.workers.add(worker);
  }

  private enqueue(notice: Notice): void {
    const key = pairKey(notice.conversationId, notice.userId);
    const known = this.waiting.get(key);
    this.waiting.set(key, known ? merged(known, notice) : notice);
  }

  private async processWaiting(): Promise<void> {
    this.working++;
    for (let key = this.nextKey(); key !== undefined; key = this.nextKey()) {
      const notice = this.waiting.get(key)!;
      this.waiting.delete(key);
      // One that is scheduled for this key meanwhile waits until this worker comes back for it.
      this.underWay.add(key);
      await this.process(notice);
      this.underWay.delete(key);
    }
    this.working--;
  }

  private nextKey(): string | undefined {
    for (const key of this.waiting.keys()) if (!this.underWay.has(key)) return key;
    return undefined;
  }

  private async process(notice: Notice): Promise<void> {
    try {
      const isWritten = await this.notify(notice.conversationId, notice.userId, notice.after);
      if (!isWritten || !notice.isFirstLook) return;
      const second = { ...notice, isFirstLook: false, tries: 0 };
      setTimeout(() => this.add(second), this.times.secondLookMs).unref();
    } catch (error) {
      const tries = notice.tries + 1;
      const isLast =
        this.stopped || !(error instanceof UnavailableError) || tries >= this.times.maxTries;
      this.logger.warn(
        { err: error, tries },
        isLast ? 'late notification given up' : 'late notification not written yet',
      );
      if (isLast) return;
      await sleep(this.times.retryMs);
      // Also after `stop`, so that it is tried once more.
      this.enqueue({ ...notice, tries });
    }
  }
}

/**
 * Joins two notices for one user and conversation. What was delivered to one device of the user
 * needs no notice for another, so the greater position counts. A position that is not known counts
 * most.
 */
function merged(one: Notice, other: Notice): Notice {
  return {
    ...one,
    after: one.after === null || other.after === null ? null : Math.max(one.after, other.after),
    isFirstLook: one.isFirstLook || other.isFirstLook,
    tries: Math.min(one.tries, other.tries),
  };
}
