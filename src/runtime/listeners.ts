interface Entry<T> {
  readonly listener: (value: T) => void;
  hasEnded: boolean;
}

/** The listeners of one source within this process. Made for a few that seldom change. */
export class Listeners<T> {
  /** Replaced and never changed, so a delivery goes on with the listeners that it began with. */
  private entries: readonly Entry<T>[] = [];

  /** @param onError called with each error that a listener throws */
  constructor(private readonly onError: (error: unknown) => void) {}

  get size(): number {
    return this.entries.length;
  }

  /**
   * Adds a listener. One that is added twice is called twice.
   *
   * @returns a function that removes the listener at once, even during a delivery; it may be called
   *   several times
   */
  add(listener: (value: T) => void): () => void {
    const entry = { listener, hasEnded: false };
    this.entries = [...this.entries, entry];
    return () => {
      entry.hasEnded = true;
      this.entries = this.entries.filter((one) => one !== entry);
    };
  }

  /** Removes all listeners at once, even during a delivery. */
  clear(): void {
    for (const entry of this.entries) entry.hasEnded = true;
    this.entries = [];
  }

  /**
   * Calls every listener, in the order in which they were added. The error of one does not affect
   * the others. A listener that is added during the delivery is not called.
   */
  deliver(value: T): void {
    for (const entry of this.entries) {
      if (entry.hasEnded) continue;
      try {
        entry.listener(value);
      } catch (error) {
        this.onError(error);
      }
    }
  }
}
