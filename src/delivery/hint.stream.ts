/**
 * The sources of subscriptions without a position: typing, presence, viewers, receipts, custom
 * events, badges, lists, and everything that comes without a conversation id.
 *
 * A hint is delivered at most once. A hint that cannot be looked up now, because the database is
 * away, is told later, or dropped where it is of no use by then. It never touches the socket, on
 * which followed subscriptions may be healthy.
 *
 * Two shapes exist:
 *
 * - {@link EventHints} tells each event, one after the other, as `map` shows it. Meanwhile events
 *   wait in the seat's queue, of which the oldest is dropped when it is full.
 * - {@link StateHints} tells how things are at the moment of sending. It keeps the keys of what has
 *   changed, not the events, so changes that come together are told once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { UnavailableError } from '../errors';
import type { BusEvent } from '../events';
import type { Seat } from './seat';
import type { Reader, Source } from './source';
import { SourceIterator } from './source.iterator';

/**
 * Least pause before a hint is looked up again; each pause is longer by up to as much, at random.
 */
const RETRY_MS = 1_000;

/** Told of an error of a lookup that would fail again; the hint is dropped. */
export type HintFailure = (error: unknown) => void;

export abstract class HintStream<Value>
  implements Source<Value>, Reader<BusEvent>, AsyncIterable<Value>
{
  /** A hint counts as told when it is taken: nothing resumes after it. */
  readonly underWay = [];
  protected reader: Reader<Value> | null = null;
  protected isClosed = false;

  constructor(
    protected readonly seat: Seat,
    private readonly onFailure: HintFailure,
  ) {}

  abstract readonly isReady: boolean;

  abstract push(event: BusEvent): void;

  abstract resume(): void;

  readBy(reader: Reader<Value>): void {
    this.reader = reader;
    this.seat.readBy(this);
    this.resume();
  }

  close(): void {
    this.isClosed = true;
    this.seat.close();
  }

  ended(error: Error | null): void {
    this.isClosed = true;
    this.reader!.ended(error);
  }

  [Symbol.asyncIterator](): AsyncIterator<Value> {
    return new SourceIterator<Value>(this);
  }

  /** Pushes a value to the reader. A value at which the reader throws is dropped. */
  protected handOver(value: Value): void {
    try {
      this.reader!.push(value);
    } catch (error) {
      this.onFailure(error);
    }
  }

  /**
   * Does a lookup, again and again while the database is away.
   *
   * @returns null when the stream ended first, or the lookup failed in another way
   */
  protected async lookUp<Found>(look: () => Promise<Found>): Promise<Found | null> {
    while (!this.isClosed) {
      try {
        return await look();
      } catch (error) {
        if (!(error instanceof UnavailableError)) {
          this.onFailure(error);
          return null;
        }
        await sleep(RETRY_MS * (1 + Math.random()), undefined, { ref: false });
      }
    }
    return null;
  }
}

/** Tells each event of a seat, in order. */
export class EventHints<In extends BusEvent, Value = In> extends HintStream<Value> {
  private isMapping = false;

  /**
   * @param map makes the subscription's value of an event, one event at a time; null leaves it out.
   *   Without a `map` the events are the values
   * @param first events that come before those of the seat
   */
  constructor(
    seat: Seat,
    onFailure: HintFailure,
    private readonly map: ((event: In) => Promise<Value | null>) | null = null,
    private readonly first: In[] = [],
  ) {
    super(seat, onFailure);
  }

  get isReady(): boolean {
    return !this.isMapping && this.first.length === 0 && this.isReaderReady;
  }

  push(event: BusEvent): void {
    if (this.map) void this.tell(event as In, this.map);
    else this.handOver(event as Value);
  }

  resume(): void {
    if (this.isMapping || this.isClosed) return;
    while (this.first.length > 0 && this.isReaderReady && !this.isMapping)
      this.push(this.first.shift()!);
    if (this.isReady) this.seat.resume();
  }

  private get isReaderReady(): boolean {
    return this.reader?.isReady ?? false;
  }

  private async tell(event: In, map: (event: In) => Promise<Value | null>): Promise<void> {
    this.isMapping = true;
    const value = await this.lookUp(() => map(event));
    this.isMapping = false;
    if (this.isClosed) return;
    if (value !== null) this.handOver(value);
    this.resume();
  }
}

/** The changes of a state, and the lookup that tells them. */
export interface StateChanges<Change, Value> {
  /** Time for which changes are gathered before they are told together. Default 0. */
  windowMs?: number;
  /** Names the key that an event changes, and how. */
  changeOf(event: BusEvent): readonly [key: string, change: Change] | null;
  /** Joins two changes of one key. */
  merge(earlier: Change, later: Change): Change;
  /** Reads how things are now, for all keys that have changed. */
  lookUp(changes: ReadonlyMap<string, Change>): Promise<readonly Value[]>;
}

/** Tells how things are, after they have changed. */
export class StateHints<Change, Value> extends HintStream<Value> {
  readonly isReady = true;
  private changes = new Map<string, Change>();
  private values: Value[] = [];
  private isTelling = false;

  /** @param first values that come before any change */
  constructor(
    seat: Seat,
    onFailure: HintFailure,
    private readonly options: StateChanges<Change, Value>,
    first: readonly Value[] = [],
  ) {
    super(seat, onFailure);
    this.values = [...first];
  }

  push(event: BusEvent): void {
    const changed = this.options.changeOf(event);
    if (changed) this.note(...changed);
  }

  /** Takes a change that no event tells. */
  note(key: string, change: Change): void {
    this.gather(key, change);
    if (this.reader) this.resume();
  }

  resume(): void {
    if (!this.isTelling) void this.tell();
  }

  private gather(key: string, change: Change): void {
    const earlier = this.changes.get(key);
    const isKnown = this.changes.has(key);
    this.changes.set(key, isKnown ? this.options.merge(earlier as Change, change) : change);
  }

  private async tell(): Promise<void> {
    this.isTelling = true;
    this.pushValues();
    while (this.changes.size > 0 && this.values.length === 0 && !this.isClosed) {
      const { windowMs = 0 } = this.options;
      if (windowMs > 0) await sleep(windowMs, undefined, { ref: false });
      this.values = [...((await this.lookUp(() => this.readChanges())) ?? [])];
      this.pushValues();
    }
    this.isTelling = false;
  }

  /** Values that the reader cannot take yet wait, and further changes with them. */
  private pushValues(): void {
    while (this.values.length > 0 && !this.isClosed && this.reader?.isReady)
      this.handOver(this.values.shift()!);
  }

  private async readChanges(): Promise<readonly Value[]> {
    const taken = this.changes;
    this.changes = new Map();
    try {
      return await this.options.lookUp(taken);
    } catch (error) {
      // Only an outage is waited for. After any other error these changes would fail again.
      if (!(error instanceof UnavailableError)) throw error;
      const later = this.changes;
      this.changes = taken;
      for (const [key, change] of later) this.gather(key, change);
      throw error;
    }
  }
}
