import { UnavailableError } from '../errors';

export interface BatchOptions<Item, Result> {
  /** Works on several items at once; results in their order. */
  work: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Items in one batch at most. */
  maxSize: number;
  /** Time to wait for more items after this batch. Default 0. */
  pauseMs?: (batch: readonly Item[]) => number;
  /**
   * True when this error of `work` says that nothing of the batch was done: then each item is tried
   * alone, so that one which fails takes no other with it. Any other error is every item's.
   */
  isSafeToRetry: (error: unknown, tookMs: number) => boolean;
  /** True when this error of `work` also fails every item that waits by then. Default: never. */
  failsWaiting?: (error: unknown, tookMs: number) => boolean;
  /** Nothing is under way any more, and nothing waits. */
  onIdle?: () => void;
}

interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Joins what is asked in the same turn, and while something of the same kind is under way: those
 * that come meanwhile go together as soon as it is done. Idle, it costs nothing and delays nothing;
 * under load, what would queue up shares one statement. Work on an item never starts before the
 * item was added.
 */
export class Batches<Item, Result> {
  private readonly waiting: Waiting<Item, Result>[] = [];
  /** Items of a failed batch that are retried alone, before those that wait. */
  private retriedAlone: Waiting<Item, Result>[] = [];
  private running = false;

  constructor(private readonly options: BatchOptions<Item, Result>) {}

  submit(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.running) return;
      this.running = true;
      // After what is due in this turn, which may add to it.
      process.nextTick(() => void this.run());
    });
  }

  private async run(): Promise<void> {
    for (let batch = this.nextBatch(); batch.length > 0; batch = this.nextBatch()) {
      await this.runBatch(batch);
      const pauseMs = this.options.pauseMs?.(batch.map(({ item }) => item)) ?? 0;
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    this.running = false;
    this.options.onIdle?.();
  }

  private nextBatch(): Waiting<Item, Result>[] {
    return this.retriedAlone.length > 0
      ? this.retriedAlone.splice(0, 1)
      : this.waiting.splice(0, this.options.maxSize);
  }

  private async runBatch(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    const startMs = performance.now();
    try {
      const results = await this.options.work(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index]!);
    } catch (error) {
      const { isSafeToRetry: isUndone, failsWaiting: isEverybodys } = this.options;
      const tookMs = performance.now() - startMs;
      if (batch.length > 1 && isUndone(error, tookMs)) {
        this.retriedAlone = [...batch];
        return;
      }
      const others = isEverybodys?.(error, tookMs)
        ? [...this.retriedAlone.splice(0), ...this.waiting.splice(0)]
        : [];
      for (const { reject } of [...batch, ...others]) reject(error);
    }
  }
}

/** Lists of keys that share one read at most. */
const MAX_LISTS = 100;
/** Less than a connection to the database is waited for. */
const LONG_WAIT_MS = 2_000;

/**
 * Makes reads by key join: those that are asked for while one is under way go together in the next.
 *
 * @param read values in the order of the keys, which may repeat; an error of it is everybody's
 */
export function batched<Key, Value>(
  read: (keys: readonly Key[]) => Promise<readonly Value[]>,
): (keys: readonly Key[]) => Promise<Value[]> {
  const batches = new Batches<readonly Key[], Value[]>({
    work: async (lists) => {
      const values = await read(lists.flat());
      let at = 0;
      return lists.map(({ length }) => {
        at += length;
        return values.slice(at - length, at);
      });
    },
    maxSize: MAX_LISTS,
    isSafeToRetry: () => false,
    failsWaiting: isOutage,
  });
  return (keys) => batches.submit(keys);
}

/**
 * True when an error says that the database is away: batch after batch would wait in vain, and the
 * last of many be told so late. What fails at once is one connection's own end.
 */
export function isOutage(error: unknown, tookMs: number): boolean {
  return error instanceof UnavailableError && tookMs > LONG_WAIT_MS;
}
