interface Entry<T> {
  readonly listener: (value: T) => void;
  hasEnded: boolean;
}

/** The listeners of one thing within this process: a few, which seldom change. */
export class Listeners<T> {
  /** Never changed, but replaced: a delivery goes on with those whom it began with. */
  private entries: readonly Entry<T>[] = [];

  /** @param onError told of what a listener throws */
  constructor(private readonly onError: (error: unknown) => void) {}

  get size(): number {
    return this.entries.length;
  }

  /**
   * Adds a listener; the same one may be added twice, and is then called twice.
   *
   * @returns ends it at once, in the middle of a delivery too; may be called again
   */
  add(listener: (value: T) => void): () => void {
    const entry = { listener, hasEnded: false };
    this.entries = [...this.entries, entry];
    return () => {
      entry.hasEnded = true;
      this.entries = this.entries.filter((one) => one !== entry);
    };
  }

  clear(): void {
    for (const entry of this.entries) entry.hasEnded = true;
    this.entries = [];
  }

  /**
   * Calls every listener, in the order in which they were added; one that throws disturbs no other.
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
