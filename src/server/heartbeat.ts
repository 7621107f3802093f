const SLOTS = 100;

/**
 * Has something done for each of many at the same interval: a few of them at a time, by one timer. Ten thousand timers
 * of their own would cost memory.
 */
export class Heartbeat<T> {
  private readonly slots: Set<T>[] = Array.from({ length: SLOTS }, () => new Set());
  private next = 0;
  /** When the next slot is due. */
  private dueMs = 0;
  private timer: NodeJS.Timeout | null = null;

  /** @param beat must not throw */
  constructor(
    private readonly intervalMs: number,
    private readonly beat: (one: T) => void,
  ) {}

  start(): void {
    this.dueMs = performance.now() + this.slotMs;
    // After what has come meanwhile was read.
    this.timer = setInterval(() => setImmediate(() => this.serveDue()), this.slotMs).unref();
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
  }

  /** The first time is an interval from now. */
  add(one: T): void {
    this.slots[(this.next + SLOTS - 1) % SLOTS]!.add(one);
  }

  remove(one: T): void {
    for (const slot of this.slots) if (slot.delete(one)) return;
  }

  private get slotMs(): number {
    return this.intervalMs / SLOTS;
  }

  /** Timers are late on a busy node, and would stretch the interval; after a stall everyone is served once. */
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
