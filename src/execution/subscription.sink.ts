/** What follows `"payload":` in a `next` message: made once for all who are sent the same. */
export class Payload {
  /** For whoever writes it: what served for one reader and may be written over for the next. */
  spare: Buffer | null = null;

  /** @param bytes UTF-8 */
  constructor(readonly bytes: Buffer) {}
}

/** One socket, to which events are written beside the protocol's own messages and in order with them. */
export interface SocketWriter {
  /** Whether its reader keeps up; otherwise {@link whenDrained} says when it has caught up. */
  readonly keepsUp: boolean;
  /**
   * Writes a message.
   *
   * @param start of the message, before `payload`
   * @param more another may follow in this turn of the event loop: both shall leave together
   */
  write(start: string, payload: Payload, more: boolean): void;
  /** Calls `listener` once, when everything is sent. */
  whenDrained(listener: () => void): void;
}

/** Where the events of one subscription go. */
export interface SubscriptionSink {
  readonly writer: SocketWriter;
  /** Of each of its `next` messages. */
  readonly messageStart: string;
}
