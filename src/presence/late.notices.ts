import { setTimeout as sleep } from 'node:timers/promises';
import { UnavailableError } from '../errors';
import type { Logger } from '../logger';
import { pairKey } from '../runtime/pair-key';

/** So many at the same time: a node's death leaves many, and requests need the database meanwhile. */
const AT_ONCE = 4;
const RETRY_MS = 1_000;

/** Whom to notify of what they missed, and where. */
interface Notice {
  conversationId: string;
  userId: string;
  /** They were given everything up to here; null: as far as they have read. */
  after: number | null;
}

/**
 * What has to be notified late, each conversation and person once at a time. It waits for the database as long as it is
 * away: nobody else knows that it is due.
 */
export class LateNotices {
  private readonly waiting = new Map<string, Notice>();
  private readonly workers = new Set<Promise<void>>();
  private working = 0;
  private stopped = false;

  /** @param notify does it, or finds that it is not wanted any more; may be repeated when it failed */
  constructor(
    private readonly notify: (
      conversationId: string,
      userId: string,
      after: number | null,
    ) => Promise<void>,
    private readonly logger: Logger,
  ) {}

  /** Once stopped, it is another node's to see to. */
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

  /** Resolves when everything was tried once more; what fails from now on is given up. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.workers);
  }

  private async processWaiting(): Promise<void> {
    this.working++;
    // The end of it sees what was added meanwhile.
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

/** Whoever was given everything up to there on one device needs no notice of it for another. */
function furthestReached(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : Math.max(one, other);
}
