/** What follows `"payload":` in a `next` message: made once for all who are sent the same. */
export class Payload {
  /** For whoever writes it: what served for one reader and may be written over for the next. */
  spare: Buffer | null = null;

  /** @param bytes UTF-8 */
  constructor(readonly bytes: Buffer) {}
}

/** Where the events of one subscription are written, beside the protocol's own messages and in order with them. */
export interface Reply {
  /** Whether its reader keeps up; otherwise {@link whenReady} says when it has caught up. */
  readonly isReady: boolean;
  /**
   * Writes a `next` message.
   *
   * @param more another may follow in this turn of the event loop: both shall leave together
   */
  next(payload: Payload, more: boolean): void;
  whenReady(listener: () => void): void;
}
