/**
 * One topic on this node, and the seats that share its subscription to the bus.
 *
 * A log topic delivers the events of its log to all its live seats in the order of their sequences.
 * The bus may bring them in any order, twice, or not at all:
 *
 * - The next sequence is delivered at once.
 * - A sequence that was delivered already is dropped.
 * - A greater one leaves a gap. It is kept, and the missing event may be on its way: the topic
 *   waits 20 ms for it, then reads the log from the last delivered event on, once for all seats.
 * - A head that was read from the database and is greater than what was delivered heals in the same
 *   way.
 *
 * A reading that fails is repeated every 250 ms. One that is not answered for 2.5 s keeps no other
 * from healing the gap, and delivers nothing twice when it is answered after all.
 *
 * Hints stand in no log; they go to every seat at once.
 *
 * An exception at one seat is that seat's: it is logged, and the others get the event. The seat
 * ends when the event stands in the log, and loses the hint otherwise.
 */
import { ResyncRequiredError } from '../errors';
import { type BusEvent, type DurableEvent, isDurable } from '../events';
import type { LogPage, ReplaySource } from '../log/log.source';
import type { Logger } from '../logger';
import { DeliveryCounts } from './delivery.counts';
import type { FanOut } from './fan-out';
import type { Replay, Seat } from './seat';
import { SharedReplay } from './shared-replay';

export interface Topic {
  readonly seats: Set<Seat>;
  /** Takes an event from the bus: events may come in any order, or twice. */
  receive(event: BusEvent): void;
  /** Ends the topic's timers. It has no seats any more. */
  close(): void;
}

/** A topic without a log. */
export class HintTopic implements Topic {
  readonly seats = new Set<Seat>();

  constructor(
    private readonly logger: Logger,
    private readonly counts = new DeliveryCounts(),
    /** null while traces are off. */
    private readonly fanOut: FanOut | null = null,
  ) {}

  receive(event: BusEvent): void {
    this.counts.events++;
    if (this.fanOut === null) this.pushToSeats(event);
    else this.fanOut(this, event);
  }

  pushToSeats(event: BusEvent): void {
    pushHint(this.seats, event, this.logger);
  }

  close(): void {}
}

function pushHint(seats: Set<Seat>, event: BusEvent, logger: Logger): void {
  for (const seat of seats) {
    try {
      seat.pushHint(event);
    } catch (error) {
      logger.error({ err: error, event: event.name }, 'hint lost by a subscriber');
    }
  }
}

/** Time for which a missing event may be on its way, before the log is read. */
const STRAGGLER_WAIT_MS = 20;
const HEAL_RETRY_MS = 250;
/** Small, so that many topics that heal at once share a statement (log/page.reads). */
const HEAL_PAGE_SIZE = 100;
/**
 * Time without an answer after which the log may be read again, on another connection. Longer than
 * the wait for a connection, so that an outage multiplies no reads.
 */
const SILENCE_MS = 2_500;
/** Early events that are kept at most. Any more are read from the log. */
const MAX_EARLY = 1_000;

/** A topic whose durable events stand in a log. */
export class LogTopic implements Topic {
  readonly seats = new Set<Seat>();
  /**
   * The sequence up to which the live seats have everything; null until the log's head was read.
   */
  private delivered: number | null = null;
  /** The greatest head of the log that was read from the database. */
  private knownHead = 0;
  /** Events that came before their turn, by sequence; null while there are none. */
  private early: Map<number, DurableEvent> | null = null;
  private timer: NodeJS.Timeout | null = null;
  /** The start of the reading of the log that is under way; null while there is none. */
  private healBegunMs: number | null = null;
  private isClosed = false;
  /** The pages that replaying seats share; null while no seat replays. */
  private replays: SharedReplay | null = null;

  constructor(
    private readonly read: ReplaySource,
    private readonly logger: Logger,
    private readonly counts = new DeliveryCounts(),
    /** null while traces are off. */
    private readonly fanOut: FanOut | null = null,
  ) {}

  /**
   * Begins to deliver what follows the log's head, which was read after the bus began to listen.
   */
  open(head: number): void {
    this.delivered = head;
    this.deliverEarly();
  }

  /** Lets a seat catch up with the live seats. Only after {@link open}. */
  replay(): Replay {
    return {
      read: (after) => this.pageAfter(after),
      caughtUp: (position) => position >= this.delivered!,
    };
  }

  receive(event: BusEvent): void {
    if (isDurable(event)) {
      this.receiveLogged(event);
      return;
    }
    this.counts.events++;
    if (this.fanOut === null) this.pushToSeats(event);
    else this.fanOut(this, event);
  }

  pushToSeats(event: BusEvent): void {
    if (isDurable(event)) this.pushLogged(event);
    else pushHint(this.seats, event, this.logger);
  }

  /** The sequence up to which the live seats have everything; 0 before {@link open}. */
  get reached(): number {
    return this.delivered ?? 0;
  }

  /** The number of events that are known to be in the log, and were not delivered yet. */
  get lag(): number {
    if (this.delivered === null) return 0;
    const early = this.early ? Math.max(...this.early.keys()) : 0;
    return Math.max(0, this.knownHead - this.delivered, early - this.delivered);
  }

  /**
   * Ends every seat: the log is not the one any more that they follow.
   *
   * @param head the head of the log as it is now
   */
  abandon(head: number): void {
    for (const seat of [...this.seats]) seat.end(new ResyncRequiredError(head));
  }

  /** Reads the log if it reaches further than what was delivered. */
  noteHead(head: number): void {
    this.knownHead = Math.max(this.knownHead, head);
    if (this.isBehind) void this.heal();
  }

  close(): void {
    this.isClosed = true;
    if (this.timer) clearTimeout(this.timer);
  }

  private get isBehind(): boolean {
    return this.delivered !== null && this.knownHead > this.delivered;
  }

  private pageAfter(after: number): Promise<LogPage> {
    this.replays ??= new SharedReplay(this.read, () => {
      this.replays = null;
    });
    return this.replays.pageAfter(after);
  }

  private receiveLogged(event: DurableEvent): void {
    if (this.delivered !== null && event.sequence <= this.delivered) return;
    if (this.delivered !== null && event.sequence === this.delivered + 1) this.deliver(event);
    else this.keepEarly(event);
    this.deliverEarly();
  }

  private keepEarly(event: DurableEvent): void {
    if ((this.early?.size ?? 0) >= MAX_EARLY) return;
    this.early = (this.early ?? new Map()).set(event.sequence, event);
  }

  private deliver(event: DurableEvent): void {
    this.delivered = event.sequence;
    if (this.fanOut === null) this.pushLogged(event);
    else this.fanOut(this, event);
    this.counts.events++;
    if (event.name === 'log.appended')
      this.counts.commitToDelivery.observe((Date.now() - Date.parse(event.at)) / 1_000);
  }

  private pushLogged(event: DurableEvent): void {
    for (const seat of this.seats) {
      try {
        seat.pushLogged(event);
      } catch (error) {
        this.logger.error({ err: error, sequence: event.sequence }, 'subscriber failed');
        seat.failAt(event, error);
      }
    }
  }

  /** Delivers the early events whose turn has come, and heals a gap that remains. */
  private deliverEarly(): void {
    const { early } = this;
    if (!early || this.delivered === null) return;
    const next = () => early.get(this.delivered! + 1);
    for (let event = next(); event; event = next()) this.deliver(event);
    for (const sequence of early.keys()) if (sequence <= this.delivered) early.delete(sequence);
    if (early.size > 0) this.healAfter(STRAGGLER_WAIT_MS);
    else this.early = null;
  }

  private healAfter(delayMs: number): void {
    if (this.timer || this.isClosed) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      // The missing event may have come meanwhile.
      if (this.early || this.isBehind) void this.heal();
    }, delayMs);
    this.timer.unref();
  }

  private async heal(): Promise<void> {
    const startMs = performance.now();
    const isHealing = this.healBegunMs !== null && startMs - this.healBegunMs < SILENCE_MS;
    if (isHealing || this.isClosed) return;
    this.healBegunMs = startMs;
    let hasFailed = false;
    try {
      await this.deliverFromLog();
    } catch (error) {
      hasFailed = true;
      this.logger.warn({ err: error }, 'gap not healed yet');
    }
    if (this.healBegunMs === startMs) this.healBegunMs = null;
    if (!hasFailed) this.deliverEarly();
    // The reading failed, or a greater head became known meanwhile.
    if (hasFailed || this.isBehind) this.healAfter(HEAL_RETRY_MS);
  }

  private async deliverFromLog(): Promise<void> {
    let page: LogPage;
    do {
      [page] = (await this.read([this.delivered!], HEAL_PAGE_SIZE)) as [LogPage];
      const missed = page.events.filter((event) => event.sequence > this.delivered!);
      for (const event of missed) this.deliver(event);
      this.delivered = Math.max(this.delivered!, page.reached);
      if (missed.length > 0) this.noteHealed(missed.length);
    } while (page.events.length === HEAL_PAGE_SIZE && !this.isClosed);
  }

  private noteHealed(events: number): void {
    this.counts.gapsHealed++;
    this.counts.eventsHealed += events;
    this.logger.info({ events }, 'gap healed');
  }
}
