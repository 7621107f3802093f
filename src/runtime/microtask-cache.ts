/** Values that are made once for all who ask in the same microtask, and forgotten after it. */
export class MicrotaskCache<Key, Value> {
  /**
   * Replaced and not cleared: a cleared map keeps its former content alive (docs/performance.md).
   */
  private values: Map<Key, Value> | null = null;

  constructor(private readonly make: (key: Key) => Value) {}

  of(key: Key): Value {
    const known = this.values?.get(key);
    if (known !== undefined) return known;
    const value = this.make(key);
    if (this.values) {
      this.values.set(key, value);
      return value;
    }
    this.values = new Map([[key, value]]);
    // It runs after everything that is due by now, such as all seats that wait for the same page.
    queueMicrotask(() => {
      this.values = null;
    });
    return value;
  }
}
