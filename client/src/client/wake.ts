/**
 * The moments at which a browser may have a connection again: the network is back, the page is
 * visible again, or it was restored from the cache of pages. A wait for the next attempt ends then.
 * Where there are no such events, as in Node, only `endWaits` ends it early.
 */
export class Wake {
  private readonly waits = new Set<() => void>();
  private readonly listeners = new Set<() => void>();
  private readonly page = typeof document === 'undefined' ? null : document;
  private readonly hasEvents = typeof addEventListener === 'function';
  private readonly wake = () => {
    this.endWaits();
    for (const listener of [...this.listeners]) listener();
  };
  private readonly shown = () => {
    if (this.page?.visibilityState === 'visible') this.wake();
  };

  constructor() {
    this.page?.addEventListener('visibilitychange', this.shown);
    if (!this.hasEvents) return;
    addEventListener('online', this.wake);
    addEventListener('pageshow', this.wake);
  }

  /** Resolves after `ms`, or at the next moment of this kind. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.waits.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.waits.add(end);
    });
  }

  /** Lets the next attempts begin. */
  endWaits(): void {
    for (const end of [...this.waits]) end();
  }

  /** Calls the listener at each moment of this kind, until the returned function is called. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  dispose(): void {
    this.endWaits();
    this.listeners.clear();
    this.page?.removeEventListener('visibilitychange', this.shown);
    if (!this.hasEvents) return;
    removeEventListener('online', this.wake);
    removeEventListener('pageshow', this.wake);
  }
}
