const SLOTS = 100;

/**
 * Has something done for each of many at the same interval: a few of them at a time, by one timer. Ten thousand timers
 * of their own would cost memory, and fire together after a stall.
 */
export class Heartbeat<T> {
  private readonly slots: Set<T>[] = Array.from({ length: SLOTS }, () => new Set());
  private next = 0;
  private timer: NodeJS.Timeout | null = null;

  /** @param beat must not throw */
  constructor(
    private readonly intervalMs: number,
    private readonly beat: (one: T) => void,
  ) {}

  start(): void {
    // After what has come meanwhile was read.
    this.timer = setInterval(() => setImmediate(() => this.serve()), this.intervalMs / SLOTS).unref();
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

  private serve(): void {
    const due = this.slots[this.next]!;
    this.next = (this.next + 1) % SLOTS;
    for (const one of due) this.beat(one);
  }
}
