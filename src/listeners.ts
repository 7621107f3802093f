/** Who wants to be told of one thing within this process. */
export class Listeners<T> {
  private readonly entries = new Set<{ readonly listener: (value: T) => void }>();

  /** @param onError told of what a listener throws */
  constructor(private readonly onError: (error: unknown) => void) {}

  get size(): number {
    return this.entries.size;
  }

  /**
   * Adds a listener; the same one may be added twice, and is then called twice.
   *
   * @returns ends it at once, in the middle of a delivery too; may be called again
   */
  add(listener: (value: T) => void): () => void {
    const entry = { listener };
    this.entries.add(entry);
    return () => void this.entries.delete(entry);
  }

  clear(): void {
    this.entries.clear();
  }

  /** Calls every listener, in the order in which they were added; one that throws disturbs no other. */
  deliver(value: T): void {
    // A copy: a listener that ends itself and begins anew would otherwise be called for ever.
    for (const entry of [...this.entries]) {
      if (!this.entries.has(entry)) continue;
      try {
        entry.listener(value);
      } catch (error) {
        this.onError(error);
      }
    }
  }
}
