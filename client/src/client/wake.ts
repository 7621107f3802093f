/**
 * The moments at which a browser's page may have a connection again: the network is back, the page
 * is visible again, or it was restored from the cache of pages. A wait for the next attempt ends
 * then. Where there is no page, nothing ends it early.
 */
export class Wake {
  private readonly waits = new Set<() => void>();
  private readonly listeners = new Set<() => void>();
  private readonly page = typeof document === 'undefined' ? null : document;
  private readonly wake = () => {
    if (this.page?.visibilityState === 'hidden') return;
    for (const end of [...this.waits]) end();
    for (const listener of [...this.listeners]) listener();
  };

  constructor() {
    if (!this.page) return;
    addEventListener('online', this.wake);
    addEventListener('pageshow', this.wake);
    this.page.addEventListener('visibilitychange', this.wake);
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

  /** Calls the listener at each moment of this kind, until the returned function is called. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  dispose(): void {
    for (const end of [...this.waits]) end();
    this.listeners.clear();
    if (!this.page) return;
    removeEventListener('online', this.wake);
    removeEventListener('pageshow', this.wake);
    this.page.removeEventListener('visibilitychange', this.wake);
  }
}
