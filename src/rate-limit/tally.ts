/** How many there are of one key until `endsAtMs`. */
export interface TallyWindow {
  count: number;
  /** By `performance.now()`, which no clock's correction moves. */
  endsAtMs: number;
}

/**
 * Counts by key within windows of fixed length, each of which starts with its first. Keeps a key for two lengths at
 * most and needs no timer: what nobody asked for while a whole length went by is dropped as one Map.
 */
export class Tally {
  private recent = new Map<string, TallyWindow>();
  private earlier = new Map<string, TallyWindow>();
  private turnsAtMs: number;

  constructor(private readonly lengthMs: number) {
    this.turnsAtMs = performance.now() + lengthMs;
  }

  /** Windows that are kept, those that are over among them. */
  get size(): number {
    return this.recent.size + this.earlier.size;
  }

  /** Counts one. Whoever takes it back lowers the window's `count`, which is nobody's once the window is over. */
  add(key: string): TallyWindow {
    const nowMs = performance.now();
    if (nowMs >= this.turnsAtMs) this.turn(nowMs);
    let window = this.recent.get(key) ?? this.earlier.get(key);
    if (window === undefined || nowMs >= window.endsAtMs) {
      window = { count: 0, endsAtMs: nowMs + this.lengthMs };
      this.recent.set(key, window);
    }
    window.count++;
    return window;
  }

  /** What is in `recent` began before now, and so ends before the next turn: `earlier` is over by then. */
  private turn(nowMs: number): void {
    this.earlier = this.recent;
    this.recent = new Map();
    this.turnsAtMs = nowMs + this.lengthMs;
  }
}
