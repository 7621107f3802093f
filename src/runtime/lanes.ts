/** Limits of the work with one key. */
export interface LaneLimits {
  /** Pieces of work that may be under way at a time. */
  width: number;
  /** Pieces of work that may wait. Default: any number. */
  maxWaiting?: number;
  /** Time after which waiting work is given up. */
  maxWaitMs: number;
  /** Makes the error for work that may not wait, or has waited for too long. */
  refusal: (reason: 'full' | 'timeout') => Error;
}

interface Waiting {
  width: number;
  begin: () => void;
}

interface Lane {
  /** The width that work under way takes. */
  taken: number;
  /** In the order in which it came. */
  waiting: Set<Waiting>;
}

/**
 * Limits how many pieces of work with the same key are under way at a time. Any more wait, and
 * begin in the order in which they came. Work with different keys never waits for each other. A
 * great piece may take the place of several.
 */
export class Lanes {
  private readonly lanes = new Map<string, Lane>();

  constructor(private readonly limits: LaneLimits) {}

  /**
   * Runs `work` as soon as its key's limit allows it, at once where nothing else is under way.
   *
   * @param width the number of pieces whose place it takes; at most all
   * @throws the refusal, and `work` does not begin, when too many wait or it waited for too long
   */
  async run<T>(key: string, work: () => Promise<T>, width = 1): Promise<T> {
    let lane = this.lanes.get(key);
    if (!lane) {
      lane = { taken: 0, waiting: new Set() };
      this.lanes.set(key, lane);
    }
    const own = Math.min(width, this.limits.width);
    if (lane.waiting.size === 0 && this.hasRoom(lane, own)) lane.taken += own;
    else await this.turnIn(lane, own);
    try {
      return await work();
    } finally {
      lane.taken -= own;
      this.beginWaiting(lane);
      if (lane.taken === 0) this.lanes.delete(key);
    }
  }

  private hasRoom({ taken }: Lane, width: number): boolean {
    return taken + width <= this.limits.width;
  }

  /** Resolves when it is this work's turn, and its width is taken. */
  private turnIn(lane: Lane, width: number): Promise<void> {
    const { maxWaiting = Number.POSITIVE_INFINITY, maxWaitMs, refusal } = this.limits;
    const { waiting } = lane;
    if (waiting.size >= maxWaiting) throw refusal('full');
    return new Promise((resolve, reject) => {
      const begin = () => {
        clearTimeout(timer);
        resolve();
      };
      const own = { width, begin };
      const timer = setTimeout(() => {
        waiting.delete(own);
        reject(refusal('timeout'));
        // It may have been too wide for a place that the next one fits into.
        this.beginWaiting(lane);
      }, maxWaitMs);
      waiting.add(own);
    });
  }

  private beginWaiting(lane: Lane): void {
    for (const next of lane.waiting) {
      if (!this.hasRoom(lane, next.width)) return;
      lane.waiting.delete(next);
      lane.taken += next.width;
      next.begin();
    }
  }
}
