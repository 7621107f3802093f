import { type BusEvent, type DurableEvent, isDurable, isRemoval, type Removal } from '../events';
import type { LogPage } from '../log/log.source';

/** What a subscriber wants of a topic. */
export interface SeatOptions {
  /** Which events the subscriber receives; the others pass by. Called without a `this`. */
  accepts: (event: BusEvent) => boolean;
  /**
   * Whether this removal ends the subscription, and with which error. The event itself is still delivered,
   * if accepted; nothing after it is.
   */
  endsAfter?: (event: Removal) => Error | null;
  /** Events that may wait for the reader; default 1,000. One more and `onOverflow` is called. */
  queueLimit?: number;
  /** The reader is too slow. It is told once; the seat ends with it. */
  onOverflow?: () => void;
  /**
   * The seat is free again; with the error that ends it, if there is one, and up to where the reader was done with the
   * log. After `onOverflow`, if that is why.
   */
  onVacated?: (error: Error | null, done: number) => void;
}

/** How a seat catches up: where it reads, and whether a position is where the topic is. */
export interface Replay {
  /**
   * Reads a page that holds what follows `after`; with fewer than {@link REPLAY_PAGE_SIZE} it is the last. It may begin
   * before that, since it is for everybody who asked for much the same.
   */
  read: (after: number) => Promise<LogPage>;
  caughtUp: (position: number) => boolean;
}

/** Where a seat stands. */
export interface Place {
  /** The seat is free again. Called once. */
  leave(seat: Seat): void;
}

/** Whoever is handed a seat's events as they come, instead of asking for each. */
export interface SeatReader {
  /** Whether it can take an event now. Once it can again, it calls {@link Seat.resume}. */
  readonly isReady: boolean;
  take(event: BusEvent): void;
  /** What it has taken and not dealt with yet, in order. */
  readonly underWay: readonly BusEvent[];
  /** After the last event: nothing more comes. With the error that ended the seat, if there is one. */
  ended(error: Error | null): void;
}

/** Where a seat is in its life. */
type Phase =
  | ({ name: 'replaying' } & Replay)
  | { name: 'live' }
  | { name: 'ending'; error: Error | null };

const LIVE: Phase = { name: 'live' };

/** Stands where a reader was that has been told the end. */
const UNREADY: SeatReader = { isReady: false, underWay: [], take() {}, ended() {} };

const DEFAULT_QUEUE_LIMIT = 1_000;
export const REPLAY_PAGE_SIZE = 200;
const REPLAY_PAUSE_MS = 20;

/**
 * One subscriber's place at a topic: a bounded queue, with an async iterator or a {@link SeatReader} at its end.
 *
 * It is no async generator: one of those that was never started skips its `finally` on `return()`, and
 * the seat would stay taken. A seat counts from its construction until `return()`, an end or an error.
 *
 * A seat with a position first *replays*: the reader pulls pages out of the log at its own pace, so that
 * however much was missed costs one page of memory and never fills the queue. Once the log is read up to
 * where the topic is, the seat goes *live* within the same turn of the event loop, and nothing can fall
 * between. In both phases an event whose sequence is not greater than the seat's position is dropped.
 */
export class Seat implements AsyncIterableIterator<BusEvent> {
  /** Null mostly: a reader that keeps up is handed each event at once. */
  private queue: BusEvent[] | null = null;
  /** Asked for each event, so it is at hand. */
  private readonly accepts: SeatOptions['accepts'];
  private phase: Phase;
  /** The event that the reader is busy with: it has not come back for the next one. */
  private handed: BusEvent | null = null;
  private waiting: ((result: IteratorResult<BusEvent> | Promise<never>) => void) | null = null;
  private reader: SeatReader | null = null;
  private reading = false;

  constructor(
    private readonly options: SeatOptions,
    /** The last sequence that passed this seat. */
    private position: number,
    replay: Replay | null,
    private readonly place: Place,
  ) {
    this.accepts = options.accepts;
    this.phase = replay ? { name: 'replaying', ...replay } : LIVE;
  }

  /** Puts a present state before everything else: what was read after the seat was taken. */
  preface(events: readonly BusEvent[]): void {
    if (events.length > 0) this.queue = [...events, ...this.takeQueued()];
  }

  /** What waits for the reader now, taken at once. */
  takeQueued(): BusEvent[] {
    const queued = this.queue ?? [];
    this.queue = null;
    return queued;
  }

  /** From now on events are handed to the reader, when it is ready; nobody asks with `next()` any more. */
  readBy(reader: SeatReader): void {
    this.reader = reader;
    this.resume();
  }

  /** The reader is ready again: hands it what waits, and reads on in the log where the seat still replays. */
  resume(): void {
    const reader = this.reader!;
    while (this.queue && reader.isReady) reader.take(this.shift()!);
    if (this.queue || !reader.isReady) return;
    if (this.phase.name === 'ending') this.finish(reader);
    else if (this.phase.name === 'replaying' && !this.reading) void this.readOn(this.phase);
  }

  private async readOn(phase: Phase & { name: 'replaying' }): Promise<void> {
    this.reading = true;
    await this.replay(phase);
    this.reading = false;
    this.resume();
  }

  /** Once: nothing follows it. */
  private finish(reader: SeatReader): void {
    const error = this.takeError();
    this.reader = UNREADY;
    reader.ended(error);
  }

  /** Hands the seat a durable event of its topic's log. Called in the order of the sequences. */
  offerLogged(event: DurableEvent): void {
    if (this.phase.name !== 'live' || event.sequence <= this.position) return;
    this.position = event.sequence;
    this.take(event);
  }

  /** Hands the seat an event that stands in no log. */
  offerLive(event: BusEvent): void {
    if (this.phase.name !== 'ending') this.take(event);
  }

  /** Ends the seat after what is queued; with an error, the reader gets it last. */
  end(error: Error | null = null): void {
    if (this.phase.name === 'ending') return;
    this.phase = { name: 'ending', error };
    this.place.leave(this);
    this.options.onVacated?.(error, this.done);
    if (this.reader) this.resume();
    else if (this.waiting && !this.queue) this.settle();
  }

  async next(): Promise<IteratorResult<BusEvent>> {
    this.handed = null;
    while (!this.queue && this.phase.name === 'replaying') await this.replay(this.phase);
    const event = this.shift();
    if (event) return this.hand(event);
    return new Promise((resolve) => {
      this.waiting = resolve;
      if (this.phase.name === 'ending') this.settle();
    });
  }

  /** The reader goes. Idempotent; settles a pending `next()`. */
  async return(): Promise<IteratorResult<BusEvent>> {
    this.end();
    this.queue = null;
    return { value: undefined, done: true };
  }

  async throw(error: unknown): Promise<never> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Up to here the reader has taken and dealt with everything that was for it. */
  private get done(): number {
    const busyWith = this.reader ? this.reader.underWay : this.handed ? [this.handed] : [];
    const first = [...busyWith, ...(this.queue ?? [])].find(isDurable);
    return first ? first.sequence - 1 : this.position;
  }

  private hand(event: BusEvent): IteratorResult<BusEvent> {
    this.handed = event;
    return { value: event, done: false };
  }

  private async replay(phase: Phase & { name: 'replaying' }): Promise<void> {
    const after = this.position;
    let page: LogPage;
    try {
      page = await phase.read(after);
    } catch (error) {
      this.end(error as Error);
      return;
    }
    for (const event of page.events) {
      if (this.phase !== phase) return;
      if (event.sequence <= after) continue;
      this.position = event.sequence;
      this.take(event, { bounded: false });
    }
    if (this.phase !== phase) return;
    this.position = Math.max(this.position, page.reached);
    if (page.events.length === REPLAY_PAGE_SIZE) return;
    if (phase.caughtUp(this.position)) this.phase = LIVE;
    // The topic knows of more than the log shows: that is rare, and no reason to ask without a pause.
    else if (this.position === after)
      await new Promise((resolve) => setTimeout(resolve, REPLAY_PAUSE_MS));
  }

  private take(event: BusEvent, { bounded } = { bounded: true }): void {
    const { accepts } = this;
    if (accepts(event)) this.enqueue(event, bounded);
    const error = isRemoval(event) ? this.options.endsAfter?.(event) : null;
    if (error) this.end(error);
  }

  private enqueue(event: BusEvent, bounded: boolean): void {
    if (!this.queue && this.reader?.isReady) {
      this.reader.take(event);
      return;
    }
    if (this.waiting) {
      const resolve = this.waiting;
      this.waiting = null;
      resolve(this.hand(event));
      return;
    }
    if (bounded && (this.queue?.length ?? 0) >= (this.options.queueLimit ?? DEFAULT_QUEUE_LIMIT)) {
      this.queue = null;
      this.options.onOverflow?.();
      this.end();
      return;
    }
    if (this.queue) this.queue.push(event);
    else this.queue = [event];
  }

  private shift(): BusEvent | undefined {
    const event = this.queue?.shift();
    if (this.queue?.length === 0) this.queue = null;
    return event;
  }

  private settle(): void {
    const resolve = this.waiting!;
    this.waiting = null;
    const error = this.takeError();
    resolve(error ? Promise.reject(error) : { value: undefined, done: true });
  }

  /** Of several who ask after the end only the first is told why. */
  private takeError(): Error | null {
    if (this.phase.name !== 'ending') return null;
    const { error } = this.phase;
    this.phase = { name: 'ending', error: null };
    return error;
  }
}
