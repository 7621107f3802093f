/**
 * One subscriber's place at one or several topics.
 *
 * Topics push events into the seat, and the seat pushes those that its subscriber accepts to one
 * reader. While the reader is not ready, events wait in a queue of limited length.
 *
 * A seat at a log guarantees its reader every accepted event with a greater sequence than its
 * position, in the order of the sequences and once. It is in one of three phases:
 *
 * - *replaying*: it reads pages of the log, at the pace of its reader, and ignores the topic's own
 *   events. Once its position is where the topic is, it goes live within the same turn of the event
 *   loop: no event can fall between.
 * - *live*: the topic pushes each event as it delivers it. An event whose sequence is not greater
 *   than the position is dropped, so no event comes twice.
 * - *ending*: nothing is added any more. The reader gets what is queued, and then the end.
 *
 * A removal can end the seat: `endsAfter` is asked for each PARTICIPANT_REMOVED, whose event is
 * still pushed, if it is accepted, and is the last one.
 *
 * When the queue is full, `onOverflow` decides: the seat ends without what was queued, or the
 * oldest event is dropped. The log's events that a replay reads do not count, since a page is read
 * only when the reader is ready.
 *
 * A seat is free, and `onClosed` says so, as soon as it is ending. It reports how far its reader
 * had come: an event that was queued, or that the reader still worked on, counts as not received.
 *
 * An exception of the subscriber's own functions or of its reader is this seat's alone. At an event
 * of the log it ends the seat, since the event must not be skipped. A hint is dropped. The topic
 * catches the exceptions of `pushLogged` and `pushHint`; all other methods let none out.
 */
import { type BusEvent, type DurableEvent, isDurable, isRemoval, type Removal } from '../events';
import type { LogPage } from '../log/log.source';
import { asError } from '../runtime/as-error';
import type { Reader, Source } from './source';

/** The wishes of a subscriber. */
export interface SeatOptions {
  /** True for an event that the subscriber receives. Called without a `this`. */
  accepts: (event: BusEvent) => boolean;
  /** The error with which this removal ends the seat; null when it does not end it. */
  endsAfter?: (event: Removal) => Error | null;
  /** Events that may wait for the reader. Default 1,000. */
  queueLimit?: number;
  /** Called when another event finds the queue full. Default: the seat ends with an error. */
  onOverflow?: () => 'end' | 'drop oldest';
  /**
   * Called once, when the seat is free again.
   *
   * @param error ends the seat; null when there is none
   * @param done the position up to which the reader has finished with the log
   */
  onClosed?: (error: Error | null, done: number) => void;
}

/** The means by which a seat catches up with its topic. */
export interface Replay {
  /**
   * Reads a page that holds what follows `after`; one with fewer than {@link REPLAY_PAGE_SIZE}
   * events is the last. It may begin before `after`, since seats that replay share their pages.
   */
  read: (after: number) => Promise<LogPage>;
  /** True when the topic has delivered nothing after this position. */
  caughtUp: (position: number) => boolean;
}

/** The topic, or several of them, at which a seat is registered. */
export interface SeatRegistry {
  /** The seat is free. Called once. */
  remove(seat: Seat): void;
  /** Told of an exception that was caught at the end of a seat. */
  failed?(error: unknown): void;
}

/** Events that one page of a replay holds at most. */
export const REPLAY_PAGE_SIZE = 200;

const DEFAULT_QUEUE_LIMIT = 1_000;
/** Pause between two readings of a log that does not show yet what its topic knows of. */
const REPLAY_PAUSE_MS = 20;

type Phase =
  | ({ name: 'replaying' } & Replay)
  | { name: 'live' }
  | { name: 'ending'; error: Error | null };

/**
 * One object for all live seats: an event touches the memory of each of them (docs/performance.md).
 */
const LIVE: Phase = { name: 'live' };

/** Takes the place of a reader that has left, or was told the end. */
const NO_READER: Reader<BusEvent> = { isReady: false, underWay: [], push() {}, ended() {} };

export class Seat implements Source<BusEvent> {
  /** null while it is empty, as it mostly is: a reader that is ready gets each event at once. */
  private queue: BusEvent[] | null = null;
  /** Called for each event of the topic, so it is one property away. */
  private readonly accepts: SeatOptions['accepts'];
  private phase: Phase;
  private reader: Reader<BusEvent> | null = null;
  private isReadingLog = false;

  /** @param position the sequence of the last event that passed this seat */
  constructor(
    private readonly options: SeatOptions,
    private position: number,
    replay: Replay | null,
    private readonly registry: SeatRegistry,
  ) {
    this.accepts = options.accepts;
    this.phase = replay ? { name: 'replaying', ...replay } : LIVE;
  }

  readBy(reader: Reader<BusEvent>): void {
    this.reader = reader;
    this.resume();
  }

  resume(): void {
    const reader = this.reader!;
    while (this.queue && reader.isReady) this.pushQueued(reader, this.shift()!);
    if (this.queue || !reader.isReady || this.reader !== reader) return;
    if (this.phase.name === 'ending') this.tellEnd(reader, this.phase.error);
    else if (this.phase.name === 'replaying' && !this.isReadingLog) void this.readOn(this.phase);
  }

  close(): void {
    this.leave(null);
    this.queue = null;
    this.reader = NO_READER;
  }

  /**
   * Takes an event of the topic's log. Called in the order of the sequences.
   *
   * @throws an exception of the subscriber; {@link failAt} then ends the seat
   */
  pushLogged(event: DurableEvent): void {
    if (this.phase.name !== 'live' || event.sequence <= this.position) return;
    this.position = event.sequence;
    this.take(event);
  }

  /**
   * Takes an event that stands in no log.
   *
   * @throws an exception of the subscriber, for which the hint is lost
   */
  pushHint(event: BusEvent): void {
    if (this.phase.name !== 'ending') this.take(event);
  }

  /** Ends the seat; its reader still gets what is queued, and then the end. */
  end(error: Error | null = null): void {
    this.leave(error);
    if (this.reader) this.resume();
  }

  /**
   * Ends the seat because an event of its log could not be handed over. The event, and what is
   * queued, count as not received.
   */
  failAt({ sequence }: DurableEvent, error: unknown): void {
    this.position = Math.min(this.position, sequence - 1);
    this.leave(asError(error));
    this.queue = null;
    if (this.reader) this.resume();
  }

  private leave(error: Error | null): void {
    if (this.phase.name === 'ending') return;
    this.phase = { name: 'ending', error };
    try {
      this.registry.remove(this);
      this.options.onClosed?.(error, this.done);
    } catch (failure) {
      this.registry.failed?.(failure);
    }
  }

  private tellEnd(reader: Reader<BusEvent>, error: Error | null): void {
    this.reader = NO_READER;
    try {
      reader.ended(error);
    } catch (failure) {
      this.registry.failed?.(failure);
    }
  }

  /** The position up to which the reader has finished with everything. */
  private get done(): number {
    const unfinished = [...(this.reader?.underWay ?? []), ...(this.queue ?? [])].find(isDurable);
    return unfinished ? unfinished.sequence - 1 : this.position;
  }

  private pushQueued(reader: Reader<BusEvent>, event: BusEvent): void {
    try {
      reader.push(event);
    } catch (error) {
      this.registry.failed?.(error);
      // A seat at a topic without a log stays at position 0, and loses a hint.
      if (isDurable(event) && event.sequence <= this.position) this.failAt(event, error);
    }
  }

  private async readOn(phase: Phase & { name: 'replaying' }): Promise<void> {
    this.isReadingLog = true;
    try {
      await this.replayPage(phase);
    } catch (error) {
      this.end(asError(error));
    }
    this.isReadingLog = false;
    this.resume();
  }

  private async replayPage(phase: Phase & { name: 'replaying' }): Promise<void> {
    const after = this.position;
    const page = await phase.read(after);
    for (const event of page.events) {
      if (this.phase !== phase) return;
      if (event.sequence <= after) continue;
      this.position = event.sequence;
      try {
        this.take(event, { bounded: false });
      } catch (error) {
        this.failAt(event, error);
        return;
      }
    }
    if (this.phase !== phase) return;
    this.position = Math.max(this.position, page.reached);
    if (page.events.length === REPLAY_PAGE_SIZE) return;
    if (phase.caughtUp(this.position)) this.phase = LIVE;
    // The topic knows of events that the log does not show yet: rare, and no reason to read in a
    // loop.
    else if (this.position === after)
      await new Promise((resolve) => setTimeout(resolve, REPLAY_PAUSE_MS));
  }

  private take(event: BusEvent, { bounded } = { bounded: true }): void {
    const { accepts } = this;
    if (accepts(event)) this.pushOrQueue(event, bounded);
    const error = isRemoval(event) ? this.options.endsAfter?.(event) : null;
    if (error) this.end(error);
  }

  private pushOrQueue(event: BusEvent, bounded: boolean): void {
    if (!this.queue && this.reader?.isReady) {
      this.reader.push(event);
      return;
    }
    const isFull =
      bounded && (this.queue?.length ?? 0) >= (this.options.queueLimit ?? DEFAULT_QUEUE_LIMIT);
    if (isFull && !this.makeRoom()) return;
    if (this.queue) this.queue.push(event);
    else this.queue = [event];
  }

  /** @returns false when the seat has ended instead */
  private makeRoom(): boolean {
    const decision = this.options.onOverflow?.();
    if (decision === 'drop oldest') {
      this.shift();
      return true;
    }
    this.queue = null;
    this.end(decision ? null : new Error('The queue of a seat is full.'));
    return false;
  }

  private shift(): BusEvent | undefined {
    const event = this.queue?.shift();
    if (this.queue?.length === 0) this.queue = null;
    return event;
  }
}
