/** The bytes after `"payload":` in a `next` message, made once for all who get the same. */
export class Payload {
  /** A frame of this payload that its writer may write over for the next reader; null: none. */
  spare: Buffer | null = null;

  /** @param bytes UTF-8 */
  constructor(readonly bytes: Buffer) {}
}

/** Writes events to one socket, in order with the protocol's own messages. */
export interface SocketWriter {
  /**
   * True while the client reads what it is sent. When it is false, {@link whenDrained} says when
   * the client has caught up.
   */
  readonly keepsUp: boolean;
  /**
   * Writes a message.
   *
   * @param messageStart the message up to its payload
   * @param mayBeFollowed true when another message may follow in this turn of the event loop, so
   *   that both should leave in one write
   */
  write(messageStart: string, payload: Payload, mayBeFollowed: boolean): void;
  /** Calls `listener` once, when everything is sent. */
  whenDrained(listener: () => void): void;
}

/** Takes the frames of one subscription. */
export interface SubscriptionSink {
  readonly writer: SocketWriter;
  /** The start of each of its `next` messages, up to the payload. */
  readonly messageStart: string;
}
