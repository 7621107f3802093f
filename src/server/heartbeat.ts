/** The slots that an interval is divided into. */
const SLOTS = 100;
/** The slots among which a new member gets the emptiest, the last of an interval. */
const CHOICE = 20;

/**
 * Calls a function for each member once per interval. The members are spread over 100 slots, which
 * a single timer serves one after the other. A timer for each of ten thousand members would cost
 * memory. Members that come together do not all get the same slot, since their calls would hold up
 * the event loop for as long as they take together.
 */
export class Heartbeat<T> {
  private readonly slots: Set<T>[] = Array.from({ length: SLOTS }, () => new Set());
  private next = 0;
  /** The time at which the next slot is due, by `performance.now()`. */
  private dueMs = 0;
  private timer: NodeJS.Timeout | null = null;

  /**
   * @param intervalMs the time between two calls for the same member
   * @param beat called with the member; must not throw
   */
  constructor(
    private readonly intervalMs: number,
    private readonly beat: (one: T) => void,
  ) {}

  start(): void {
    this.dueMs = performance.now() + this.slotMs;
    // setImmediate lets the event loop read the sockets first, so that their answers count.
    this.timer = setInterval(() => setImmediate(() => this.serveDue()), this.slotMs).unref();
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
  }

  /** Adds a member. Its first call comes in 80 to 100 percent of an interval from now. */
  add(one: T): void {
    let emptiest = this.slotBefore(1);
    for (let back = 2; back <= CHOICE; back++) {
      const slot = this.slotBefore(back);
      if (slot.size < emptiest.size) emptiest = slot;
    }
    emptiest.add(one);
  }

  remove(one: T): void {
    for (const slot of this.slots) if (slot.delete(one)) return;
  }

  /** Returns the slot so many before the next one, which is as many before its turn comes again. */
  private slotBefore(back: number): Set<T> {
    return this.slots[(this.next + SLOTS - back) % SLOTS]!;
  }

  private get slotMs(): number {
    return this.intervalMs / SLOTS;
  }

  /**
   * Serves every slot that is due. On a busy node the timer fires late: serving a single slot each
   * time would stretch the interval. After a stall of more than one interval, each slot is served
   * once.
   */
  private serveDue(): void {
    const nowMs = performance.now();
    this.dueMs = Math.max(this.dueMs, nowMs - this.intervalMs + this.slotMs);
    for (; this.dueMs <= nowMs; this.dueMs += this.slotMs) this.serve();
  }

  private serve(): void {
    const due = this.slots[this.next]!;
    this.next = (this.next + 1) % SLOTS;
    for (const one of due) this.beat(one);
  }
}
