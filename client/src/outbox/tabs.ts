/** The pages of one origin that share an outbox's storage. */

/** A message from one page to the others. */
export type Notice =
  | { kind: 'changed' }
  | { kind: 'sent'; clientMessageId: string; message: unknown };

/**
 * One of the pages holds the lock, and sends for all. Where there are no Web Locks, or the storage
 * is not shared, each sends by itself; the server accepts a message once all the same.
 */
export class Tabs {
  isSender: boolean;
  private readonly channel: BroadcastChannel | null;
  private readonly closing = new AbortController();
  private release = () => {};

  constructor(
    name: string,
    isShared: boolean,
    options: { elected: () => void; noticed: (notice: Notice) => void },
  ) {
    const locks = isShared && typeof navigator !== 'undefined' ? navigator.locks : undefined;
    this.channel =
      isShared && typeof BroadcastChannel !== 'undefined' ? new BroadcastChannel(name) : null;
    this.channel?.addEventListener('message', ({ data }) => options.noticed(data as Notice));
    this.isSender = !locks;
    const held = () =>
      new Promise<void>((resolve) => {
        this.release = resolve;
        this.isSender = true;
        options.elected();
      });
    locks?.request(name, { signal: this.closing.signal }, held).catch(() => {});
  }

  tell(notice: Notice): void {
    if (!this.closing.signal.aborted) this.channel?.postMessage(notice);
  }

  close(): void {
    this.isSender = false;
    this.closing.abort();
    this.release();
    this.channel?.close();
  }
}
