/**
 * Batches: calls that come while another one of the same kind is under way share the next one.
 *
 * When no batch is under way, an item starts with the next tick (`process.nextTick`), together with
 * the items that are submitted until then. Items that come while a batch is under way wait. They
 * form the next batch, in the order in which they came, up to `maxSize`. So an idle system delays
 * nothing, and a busy one sends one statement for items that would otherwise queue up. With
 * `pauseMs`, the next batch waits for more items. With `gatherMs`, batches begin at least that far
 * apart: fewer and larger ones cost less, where nobody minds the wait. The callers of such a batch
 * go on over several turns of the event loop, so that everybody else is served between them.
 *
 * - One batch is under way at a time. With `lanes`, another one begins beside it when items wait
 *   and the newest one has not answered for `laneAfterMs`. So a connection that went without a word
 *   holds up its own items only. A batch that answers sooner has the lane for itself, because few
 *   large statements cost less than many small ones.
 * - Work on an item begins after the item was submitted, so a read sees everything that was
 *   committed before.
 * - `work` returns one result for each item, in the order of the items.
 * - An error rejects every item of the batch. When `isSafeToRetry` says that nothing was done, each
 *   item of a batch of several is tried again alone, before the items that wait. So a bad item
 *   fails alone.
 * - When `failsWaiting` says so, the error also rejects all items that wait, as they are: nothing
 *   of them was begun. Otherwise thousands of them would learn batch by batch that the database is
 *   away. That is refuted by any batch that has succeeded since the failed one began.
 * - Where traces are on, a batch runs in the span of the caller that it serves. One that serves
 *   several has a span of its own, with links to theirs (`runtime/span`).
 *
 * `batched` makes a read by keys share statements in this way.
 */
import { UnavailableError } from '../errors';
import { hasSpans, recordedSpan, type Span, withinAll } from './span';

export interface BatchOptions<Item, Result> {
  /**
   * Processes a batch, and returns one result for each item, in the order of the items. `spans` has
   * the span of each item's caller; null while traces are off.
   */
  work: (items: readonly Item[], spans: ItemSpans) => Promise<readonly Result[]>;
  /** The largest number of items in one batch. */
  maxSize: number;
  /** The largest number of batches that are under way at once. Default: 1. */
  lanes?: number;
  /** Time without an answer after which the next lane is opened. Default: 50 ms. */
  laneAfterMs?: number;
  /**
   * Least time from the beginning of a batch to the beginning of the next one, unless a full batch
   * waits. Default: 0.
   */
  gatherMs?: number;
  /** Returns for how many milliseconds the next batch waits after this one. Default: 0. */
  pauseMs?: (batch: readonly Item[]) => number;
  /**
   * True when this error of `work` means that nothing of the batch was done. Then each item is
   * tried again alone, so that a bad item fails alone. Any other error rejects every item.
   */
  isSafeToRetry: (error: unknown, tookMs: number) => boolean;
  /**
   * True when this error of `work` also rejects every item that waits by then. Default: never. An
   * {@link UnavailableError} reaches them without its `outcome`, because they were not begun.
   */
  failsWaiting?: (error: unknown, tookMs: number) => boolean;
  /** Called when no batch is under way any more, and no item waits. */
  onIdle?: () => void;
}

/**
 * The spans in which a batch's items were submitted, null for an item outside of any; null instead
 * of the list while traces are off.
 */
export type ItemSpans = readonly (Span | null)[] | null;

interface Waiting<Item, Result> {
  item: Item;
  /** The span in which it was submitted. */
  span: Span | null;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/** Longer than the answers of a busy database, and hardly noticed by a user. */
const LANE_AFTER_MS = 50;

/** The items of a gathered batch whose callers go on in the same turn of the event loop. */
const STARTS_PER_TURN = 10;

/** A queue whose items are processed in batches. */
export class Batches<Item, Result> {
  private readonly waiting: Waiting<Item, Result>[] = [];
  /** Items of a failed batch. They are tried again one by one, before those in `waiting`. */
  private readonly retriedAlone: Waiting<Item, Result>[] = [];
  private underWay = 0;
  private newestBegunMs = 0;
  /** The number of batches that have succeeded. */
  private successes = 0;
  /** True while a batch is about to begin with the next tick. */
  private isBeginning = false;
  /** Runs while the next batch waits for more items. */
  private pause: NodeJS.Timeout | null = null;
  /** Runs for `gatherMs` after a batch has begun. */
  private gather: NodeJS.Timeout | null = null;
  /** Runs while items wait for the next lane. */
  private laneTimer: NodeJS.Timeout | null = null;

  constructor(private readonly options: BatchOptions<Item, Result>) {}

  /** Adds an item, and returns its result, or rejects with the error of its batch. */
  submit(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, span: recordedSpan(), resolve, reject });
      this.proceed();
    });
  }

  /** Begins the next batch if it may begin. */
  private proceed(): void {
    if (this.isBeginning || this.pause) return;
    if (this.waiting.length + this.retriedAlone.length === 0) {
      if (this.underWay === 0) this.rest();
      return;
    }
    if (this.isGathering()) return;
    const { lanes = 1, laneAfterMs = LANE_AFTER_MS } = this.options;
    if (this.underWay >= lanes) return;
    const waitMs = this.underWay === 0 ? 0 : this.newestBegunMs + laneAfterMs - performance.now();
    if (waitMs > 0) {
      this.laneTimer ??= setTimeout(() => {
        this.laneTimer = null;
        this.proceed();
      }, waitMs);
      return;
    }
    this.isBeginning = true;
    // The code that is running now may submit more items. They join the batch.
    process.nextTick(() => void this.run());
  }

  private beginGathering(): void {
    const { gatherMs = 0 } = this.options;
    if (gatherMs === 0) return;
    if (this.gather) clearTimeout(this.gather);
    this.gather = setTimeout(() => {
      this.gather = null;
      this.proceed();
    }, gatherMs);
  }

  /** True while the next batch waits until it is full, or `gatherMs` after the newest one. */
  private isGathering(): boolean {
    if (!this.gather) return false;
    return this.waiting.length < this.options.maxSize && this.retriedAlone.length === 0;
  }

  private rest(): void {
    if (this.laneTimer) clearTimeout(this.laneTimer);
    this.laneTimer = null;
    this.options.onIdle?.();
  }

  private async run(): Promise<void> {
    this.isBeginning = false;
    const batch = this.nextBatch();
    this.underWay++;
    this.newestBegunMs = performance.now();
    this.beginGathering();
    // More items may wait than the batch takes.
    this.proceed();
    await this.runBatch(batch);
    this.underWay--;
    const pauseMs = this.options.pauseMs?.(batch.map(({ item }) => item)) ?? 0;
    if (pauseMs > 0)
      this.pause ??= setTimeout(() => {
        this.pause = null;
        this.proceed();
      }, pauseMs);
    this.proceed();
  }

  private nextBatch(): Waiting<Item, Result>[] {
    return this.retriedAlone.length > 0
      ? this.retriedAlone.splice(0, 1)
      : this.waiting.splice(0, this.options.maxSize);
  }

  private async runBatch(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    if (batch.length === 0) return;
    const startMs = performance.now();
    const successes = this.successes;
    try {
      const results = await this.work(batch);
      this.successes++;
      for (const [index, { resolve }] of batch.entries()) {
        if (index > 0 && this.endsTurn(index)) await nextTurn();
        resolve(results[index]!);
      }
    } catch (error) {
      const { isSafeToRetry, failsWaiting } = this.options;
      const tookMs = performance.now() - startMs;
      if (batch.length > 1 && isSafeToRetry(error, tookMs)) {
        this.retriedAlone.push(...batch);
        return;
      }
      for (const { reject } of batch) reject(error);
      if (this.successes === successes && failsWaiting?.(error, tookMs)) this.failWaiting(error);
    }
  }

  /** True when the results before this one are enough for a turn of the event loop. */
  private endsTurn(index: number): boolean {
    return this.options.gatherMs !== undefined && index % STARTS_PER_TURN === 0;
  }

  private work(batch: readonly Waiting<Item, Result>[]): Promise<readonly Result[]> {
    const items = batch.map(({ item }) => item);
    if (!hasSpans()) return this.options.work(items, null);
    return this.workWithin(
      items,
      batch.map(({ span }) => span),
    );
  }

  private workWithin(
    items: readonly Item[],
    spans: readonly (Span | null)[],
  ): Promise<readonly Result[]> {
    return withinAll(spans, () => this.options.work(items, spans));
  }

  private failWaiting(error: unknown): void {
    const told = error instanceof UnavailableError ? new UnavailableError({ cause: error }) : error;
    for (const { reject } of this.retriedAlone.splice(0)) reject(told);
    for (const { reject } of this.waiting.splice(0)) reject(told);
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The largest number of lists of keys that share one read. */
const MAX_LISTS = 100;
/** Shorter than the time for which a statement waits for a connection to the database. */
const LONG_WAIT_MS = 2_000;
/**
 * Time for which reads gather that only the start of a connection or of a subscription waits for.
 * Thousands may start at once, when a node has ended. A start takes four to six such reads in a
 * row. When hardly any others start, none of them waits.
 */
export const START_GATHER_MS = 20;

/** The cause of a read: a request, or the start of a connection or of a subscription. */
export type Urgency = 'request' | 'start';

/** Enough that one or two connections without a word hold up no read, and not half of the pool. */
export const READ_LANES = 4;

/** Returns the reads of both kinds, which share no statement with each other. */
export function batchedByUrgency<Key, Value>(
  read: (keys: readonly Key[]) => Promise<readonly Value[]>,
): Record<Urgency, (keys: readonly Key[]) => Promise<Value[]>> {
  return { request: batched(read), start: batched(read, { gatherMs: START_GATHER_MS }) };
}

/**
 * Returns a function like `read` whose calls share reads: calls that come while a read is under way
 * wait for it, and go together into the next one. When it takes long, the next one begins beside
 * it.
 *
 * @param read returns one value for each key, in the order of the keys; a key may occur several
 *   times. Its error rejects every call that shares the read
 * @param gatherMs least time from one read to the next; see {@link BatchOptions}
 */
export function batched<Key, Value>(
  read: (keys: readonly Key[]) => Promise<readonly Value[]>,
  { gatherMs }: { gatherMs?: number } = {},
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
    lanes: READ_LANES,
    gatherMs,
    isSafeToRetry: () => false,
    failsWaiting: isOutage,
  });
  return (keys) => batches.submit(keys);
}

/**
 * True when the error means that the database is away: an {@link UnavailableError} after more than
 * 2 s. Further batches would wait in vain, one after the other, and their callers would learn it
 * late. An UnavailableError that comes sooner may concern one statement only.
 */
export function isOutage(error: unknown, tookMs: number): boolean {
  return error instanceof UnavailableError && tookMs > LONG_WAIT_MS;
}
