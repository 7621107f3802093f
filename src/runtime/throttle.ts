/** At this number of keys all are forgotten, so that a flood of keys does not fill the memory. */
const MAX_KEYS = 1_000;

/** Lets one occurrence pass for each key and interval, e.g. of a line in the log. */
export class Throttle {
  private readonly passedAtMs = new Map<string, number>();

  constructor(private readonly intervalMs: number) {}

  /** Returns false while an interval runs for `key`. Otherwise starts one, and returns true. */
  pass(key: string): boolean {
    const nowMs = Date.now();
    const lastMs = this.passedAtMs.get(key);
    if (lastMs !== undefined && nowMs - lastMs < this.intervalMs) return false;
    if (this.passedAtMs.size >= MAX_KEYS) this.passedAtMs.clear();
    this.passedAtMs.set(key, nowMs);
    return true;
  }
}
