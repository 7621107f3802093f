/** More keys than this are forgotten together: a flood of keys must not fill the memory. */
const MAX_KEYS = 1_000;

/** Lets one thing through for each key and interval: log lines that could become a flood. */
export class Throttle {
  private readonly passedAtMs = new Map<string, number>();

  constructor(private readonly intervalMs: number) {}

  /** Returns true, and notes the passing, when nothing passed for `key` within the interval. */
  pass(key: string): boolean {
    const nowMs = Date.now();
    const lastMs = this.passedAtMs.get(key);
    if (lastMs !== undefined && nowMs - lastMs < this.intervalMs) return false;
    if (this.passedAtMs.size >= MAX_KEYS) this.passedAtMs.clear();
    this.passedAtMs.set(key, nowMs);
    return true;
  }
}
