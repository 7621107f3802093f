/**
 * Batches: calls that come while another one of the same kind is under way share the next one.
 *
 * When no batch is under way, an item starts with the next tick (`process.nextTick`), together with
 * the items that are submitted until then. Items that come while a batch is under way wait. They
 * form the next batch, in the order in which they came, up to `maxSize`. So an idle system delays
 * nothing, and a busy one sends one statement for items that would otherwise queue up. With
 * `pauseMs`, the next batch waits for more items.
 *
 * - One batch is under way at a time.
 * - Work on an item begins after the item was submitted, so a read sees everything that was
 *   committed before.
 * - `work` returns one result for each item, in the order of the items.
 * - An error rejects every item of the batch. When `isSafeToRetry` says that nothing was done, each
 *   item of a batch of several is tried again alone, before the items that wait. So a bad item
 *   fails alone.
 * - When `failsWaiting` says so, the error also rejects all items that wait. Otherwise thousands of
 *   them would learn batch by batch that the database is away.
 *
 * `batched` makes a read by keys share statements in this way.
 */
import { UnavailableError } from '../errors';

export interface BatchOptions<Item, Result> {
  /** Processes a batch, and returns one result for each item, in the order of the items. */
  work: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** The largest number of items in one batch. */
  maxSize: number;
  /** Returns for how many milliseconds the next batch waits after this one. Default: 0. */
  pauseMs?: (batch: readonly Item[]) => number;
  /**
   * True when this error of `work` means that nothing of the batch was done. Then each item is
   * tried again alone, so that a bad item fails alone. Any other error rejects every item.
   */
  isSafeToRetry: (error: unknown, tookMs: number) => boolean;
  /** True when this error of `work` also rejects every item that waits by then. Default: never. */
  failsWaiting?: (error: unknown, tookMs: number) => boolean;
  /** Called when no batch is under way any more, and no item waits. */
  onIdle?: () => void;
}

interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/** A queue whose items are processed in batches, one batch at a time. */
export class Batches<Item, Result> {
  private readonly waiting: Waiting<Item, Result>[] = [];
  /** Items of a failed batch. They are tried again one by one, before those in `waiting`. */
  private retriedAlone: Waiting<Item, Result>[] = [];
  private running = false;

  constructor(private readonly options: BatchOptions<Item, Result>) {}

  /** Adds an item, and returns its result, or rejects with the error of its batch. */
  submit(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.running) return;
      this.running = true;
      // The code that is running now may submit more items. They join the first batch.
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
      const { isSafeToRetry, failsWaiting } = this.options;
      const tookMs = performance.now() - startMs;
      if (batch.length > 1 && isSafeToRetry(error, tookMs)) {
        this.retriedAlone = [...batch];
        return;
      }
      const others = failsWaiting?.(error, tookMs)
        ? [...this.retriedAlone.splice(0), ...this.waiting.splice(0)]
        : [];
      for (const { reject } of [...batch, ...others]) reject(error);
    }
  }
}

/** The largest number of lists of keys that share one read. */
const MAX_LISTS = 100;
/** Shorter than the time for which a statement waits for a connection to the database. */
const LONG_WAIT_MS = 2_000;

/**
 * Returns a function like `read` whose calls share reads: calls that come while a read is under way
 * wait for it, and go together into the next one.
 *
 * @param read returns one value for each key, in the order of the keys; a key may occur several
 *   times. Its error rejects every call that shares the read
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
 * True when the error means that the database is away: an {@link UnavailableError} after more than
 * 2 s. Further batches would wait in vain, one after the other, and their callers would learn it
 * late. An UnavailableError that comes sooner means only that one connection ended.
 */
export function isOutage(error: unknown, tookMs: number): boolean {
  return error instanceof UnavailableError && tookMs > LONG_WAIT_MS;
}
