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

interface Lane {
  running: number;
  /** Lets each piece of waiting work begin, in the order in which it came. */
  waiting: Set<() => void>;
}

/**
 * Limits how many pieces of work with the same key are under way at a time. Any more wait, and
 * begin in the order in which they came. Work with different keys never waits for each other.
 */
export class Lanes {
  private readonly lanes = new Map<string, Lane>();

  constructor(private readonly limits: LaneLimits) {}

  /**
   * Runs `work` as soon as its key's limit allows it, at once where nothing else is under way.
   *
   * @throws the refusal, and `work` does not begin, when too many wait or it waited for too long
   */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    let lane = this.lanes.get(key);
    if (!lane) {
      lane = { running: 0, waiting: new Set() };
      this.lanes.set(key, lane);
    }
    if (lane.running < this.limits.width) lane.running++;
    else await this.turnIn(lane);
    try {
      return await work();
    } finally {
      this.leave(key, lane);
    }
  }

  /** Resolves when it is this work's turn. The work before it has passed its place on. */
  private turnIn({ waiting }: Lane): Promise<void> {
    const { maxWaiting = Number.POSITIVE_INFINITY, maxWaitMs, refusal } = this.limits;
    if (waiting.size >= maxWaiting) throw refusal('full');
    return new Promise((resolve, reject) => {
      const begin = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.delete(begin);
        reject(refusal('timeout'));
      }, maxWaitMs);
      waiting.add(begin);
    });
  }

  private leave(key: string, lane: Lane): void {
    const [next] = lane.waiting;
    if (next) {
      lane.waiting.delete(next);
      next();
    } else if (--lane.running === 0) this.lanes.delete(key);
  }
}
