/** One user's present window of one rate, as this node counts it. */
export interface Window {
  /** Actions that this node has counted in it. */
  used: number;
  readonly endsAtMs: number;
  /** The end of the window in Redis, if that was full when it was last asked; else 0. */
  fullUntilMs: number;
}

/**
 * The present windows of one rate, in memory. A user's window begins with their first action, and
 * all windows have the same length. Times are those of `performance.now()`: the system's clock may
 * be set while the node runs, and would end windows early or late.
 */
export class MemoryWindows {
  /** By user id, in the order of their ends. */
  private readonly windows = new Map<string, Window>();
  private readonly lengthMs: number;

  constructor(seconds: number) {
    this.lengthMs = seconds * 1_000;
  }

  /** Returns the user's present window; undefined when there is none. */
  find(userId: string): Window | undefined {
    const window = this.windows.get(userId);
    return window && window.endsAtMs > performance.now() ? window : undefined;
  }

  /** Returns the user's present window, or one that begins now. */
  of(userId: string): Window {
    const present = this.find(userId);
    if (present) return present;
    const nowMs = performance.now();
    this.forgetEnded(nowMs);
    const window = { used: 0, endsAtMs: nowMs + this.lengthMs, fullUntilMs: 0 };
    this.windows.set(userId, window);
    return window;
  }

  private forgetEnded(nowMs: number): void {
    for (const [userId, { endsAtMs }] of this.windows) {
      if (endsAtMs > nowMs) return;
      this.windows.delete(userId);
    }
  }
}

/** Returns the milliseconds after which an action is accepted that this window refuses now. */
export function waitOf({ endsAtMs, fullUntilMs }: Window): number {
  return Math.max(1, Math.ceil(Math.max(endsAtMs, fullUntilMs) - performance.now()));
}
