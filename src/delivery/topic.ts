import { type BusEvent, type DurableEvent, isDurable } from '../events';
import type { LogPage, ReplaySource } from '../log/log.source';
import type { Logger } from '../logger';
import type { Replay, Seat } from './seat';
import { SharedReplay } from './shared-replay';

/** One topic on this node: the seats that share its one subscription to the bus. */
export interface Topic {
  readonly seats: Set<Seat>;
  /** Takes what the bus brought: anything, in any order, or twice. */
  receive(event: BusEvent): void;
  /** Ends the timers; the seats are somebody else's. */
  close(): void;
}

/** A topic without a log: every event goes to every seat at once. */
export class LiveTopic implements Topic {
  readonly seats = new Set<Seat>();

  receive(event: BusEvent): void {
    for (const seat of this.seats) seat.offerLive(event);
  }

  close(): void {}
}

/** How long a missing event may be on its way, before the log is asked for it. */
const STRAGGLER_WAIT_MS = 20;
const HEAL_RETRY_MS = 250;
const HEAL_PAGE_SIZE = 500;
/** Events that came too early are kept up to here; beyond it the log has them anyway. */
const MAX_EARLY = 1_000;

/**
 * A topic whose durable events stand in a log. The bus only says early what the log says anyway: the
 * next sequence is delivered, a smaller one dropped, and a gap is waited for shortly and then read from
 * the log, once for all seats. Events of no log (typing and the like) go straight through.
 */
export class LogTopic implements Topic {
  readonly seats = new Set<Seat>();
  /** The last sequence given to the live seats; null until the log's head was read. */
  private delivered: number | null = null;
  /** As far as the log is known to reach, by others than the bus. */
  private known = 0;
  /** What came before its turn; null mostly. */
  private early: Map<number, DurableEvent> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private healing = false;
  private closed = false;
  /** Of those who replay at present; null mostly. */
  private replays: SharedReplay | null = null;

  constructor(
    private readonly read: ReplaySource,
    private readonly logger: Logger,
  ) {}

  /** Starts at the log's head, which was read after the bus began to listen. */
  open(head: number): void {
    this.delivered = head;
    this.settleEarly();
  }

  /** How a seat catches up with the others. Only after {@link open}. */
  replay(): Replay {
    return {
      read: (after) => this.pageAfter(after),
      caughtUp: (position) => position >= this.delivered!,
    };
  }

  receive(event: BusEvent): void {
    if (isDurable(event)) this.receiveLogged(event);
    else for (const seat of this.seats) seat.offerLive(event);
  }

  /** The log is known to reach this far. */
  reach(head: number): void {
    this.known = Math.max(this.known, head);
    if (this.isBehind) void this.heal();
  }

  close(): void {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
  }

  private get isBehind(): boolean {
    return this.delivered !== null && this.known > this.delivered;
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
    else if ((this.early?.size ?? 0) < MAX_EARLY)
      this.early = (this.early ?? new Map()).set(event.sequence, event);
    this.settleEarly();
  }

  private deliver(event: DurableEvent): void {
    this.delivered = event.sequence;
    for (const seat of this.seats) seat.offerLogged(event);
  }

  /** Delivers what has become next, forgets what is past, and sees to a gap that remains. */
  private settleEarly(): void {
    const { early } = this;
    if (!early || this.delivered === null) return;
    for (let next = early.get(this.delivered + 1); next; next = early.get(this.delivered + 1))
      this.deliver(next);
    for (const sequence of early.keys()) if (sequence <= this.delivered) early.delete(sequence);
    if (early.size > 0) this.healAfter(STRAGGLER_WAIT_MS);
    else this.early = null;
  }

  private healAfter(delayMs: number): void {
    if (this.timer || this.closed) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      // The straggler may have come meanwhile.
      if (this.early || this.isBehind) void this.heal();
    }, delayMs);
    this.timer.unref();
  }

  private async heal(): Promise<void> {
    if (this.healing || this.closed) return;
    this.healing = true;
    try {
      let page: LogPage;
      do {
        [page] = (await this.read([this.delivered!], HEAL_PAGE_SIZE)) as [LogPage];
        const missed = page.events.filter((event) => event.sequence > this.delivered!);
        for (const event of missed) this.deliver(event);
        this.delivered = Math.max(this.delivered!, page.reached);
        if (missed.length > 0) this.logger.info({ events: missed.length }, 'gap healed');
      } while (page.events.length === HEAL_PAGE_SIZE && !this.closed);
    } catch (error) {
      this.logger.warn({ err: error }, 'gap not healed yet');
      this.healing = false;
      this.healAfter(HEAL_RETRY_MS);
      return;
    }
    this.healing = false;
    this.settleEarly();
    // It was told of more meanwhile.
    if (this.isBehind) this.healAfter(HEAL_RETRY_MS);
  }
}
