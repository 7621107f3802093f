/**
 * The writer of one WebSocket. It sends the protocol's messages, the events of subscriptions, and
 * pings. Frames leave in the order in which they are written here.
 *
 * - Past `ws`. Frames are built here and written to the stream below the socket. `ws` would encode
 *   an event's text for each socket anew, and write a frame's head as a chunk of its own. It still
 *   writes pongs and close frames to the same stream. Nothing mixes, because both sides write only
 *   whole frames, and at once.
 * - Cork. A corked stream holds its writes back until the end of the event loop's turn, when they
 *   leave in one system call. The protocol's messages are always corked. An event is written at
 *   once if it is the first of its turn, no other is about to follow, and no answer is due on this
 *   socket. Otherwise it is corked. So a sender's own event and the answer to the mutation leave
 *   together, the event first.
 * - Reuse of a frame's bytes. The frames of one event differ between readers only in the
 *   subscription's id. When the system has accepted a frame completely, its buffer becomes the
 *   payload's spare, and the next reader's frame overwrites it. A frame that is still unsent, even
 *   in part, keeps its bytes.
 * - Back-pressure. A reader keeps up while less than 64 KiB are unsent. When it does not, `send`
 *   returns a promise, and a subscription waits with `whenDrained` before it writes further events.
 *   The limit at which the connection ends belongs to server/connection.
 * - Traces. While a frame trace follows the connection, its tap is handed each frame as well: the
 *   text, or the payload's bytes, which are never written to.
 * - Close. Nothing is written once either side has begun to close.
 */

import type { Writable } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Payload, SocketWriter, SubscriptionSink } from '../execution/subscription.sink';
import type { FrameTap } from '../frame-trace/frame.tap';
import { corkForThisTurn, currentTurn } from '../runtime/cork';
import { flatString } from '../runtime/v8';
import { frameOf, PING_FRAME, pingFrame, textFrame } from './frame';

/** From this many unsent bytes on, a writer waits for the reader. */
const UNSENT_BEFORE_WAITING_BYTES = 64 * 1024;

/** Writes the messages, events and pings of one WebSocket, in order. */
export class WebSocketWriter implements SocketWriter {
  /** null while no frame trace follows the connection. */
  tap: FrameTap | null = null;
  private waiting: (() => void)[] | null = null;
  /** The turn of the event loop in which the last event was written. */
  private lastTurn = -1;
  /** The number of answers under way. Each is written to this socket once it is ready. */
  private answersDue = 0;

  /** @param stream the network stream below `socket`; `socket` also writes to it */
  constructor(
    private readonly socket: WebSocket,
    private readonly stream: Writable,
  ) {}

  private get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  get unsentBytes(): number {
    return this.stream.writableLength;
  }

  /**
   * Writes a message of the protocol, at the end of the turn.
   *
   * @returns undefined if the reader keeps up and the message is not large; else a promise that
   *   resolves when the message has been sent, for which the source of further messages waits
   */
  send(message: string): Promise<void> | void {
    if (!this.isOpen) return;
    if (this.tap !== null) this.tap.sent(message);
    corkForThisTurn(this.stream);
    const frame = frameOf(message);
    const mayWait = !this.keepsUp || frame.length >= UNSENT_BEFORE_WAITING_BYTES;
    if (!mayWait) this.stream.write(frame);
    else return new Promise((resolve) => this.stream.write(frame, () => resolve()));
  }

  /** Returns a sink that writes a subscription's events as graphql-transport-ws `next` messages. */
  sinkFor(subscriptionId: string): SubscriptionSink {
    return {
      writer: this,
      messageStart: flatString('{"id":', asciiJson(subscriptionId), ',"type":"next","payload":'),
    };
  }

  /** True while the unsent bytes are below the limit at which a writer waits. */
  get keepsUp(): boolean {
    return this.unsentBytes < UNSENT_BEFORE_WAITING_BYTES;
  }

  get hasAnswersDue(): boolean {
    return this.answersDue > 0;
  }

  /** Counts an answer as due until it settles. Events are corked meanwhile, to leave with it. */
  answering<T>(answer: Promise<T>): Promise<T> {
    this.answersDue++;
    return answer.finally(() => {
      this.answersDue--;
    });
  }

  /**
   * Writes an event.
   *
   * @param start the message before the payload, in ASCII
   * @param payload the rest of the message; its spare is used, and set to null or to this frame
   * @param more true when another event may follow in this turn
   */
  write(start: string, payload: Payload, more: boolean): void {
    if (!this.isOpen) return;
    if (this.tap !== null) this.tap.sentEvent(start, payload.bytes);
    const turn = currentTurn();
    if (more || this.answersDue > 0 || this.lastTurn === turn) corkForThisTurn(this.stream);
    this.lastTurn = turn;
    const frame = textFrame(start, payload.bytes, payload.spare);
    this.stream.write(frame);
    // 0 means that the system has accepted all bytes: only then may the frame be overwritten.
    payload.spare = this.stream.writableLength === 0 ? frame : null;
  }

  /** @param payload at most 125 ASCII characters, which the pong repeats */
  ping(payload = ''): void {
    if (!this.isOpen) return;
    if (this.tap !== null) this.tap.sawPing('out', 'ping');
    this.stream.write(payload === '' ? PING_FRAME : pingFrame(payload));
  }

  /** Calls `listener` once, when nothing is unsent any more. To be called while not `keepsUp`. */
  whenDrained(listener: () => void): void {
    if (this.waiting) this.waiting.push(listener);
    else {
      this.waiting = [listener];
      this.stream.once('drain', () => this.drained());
    }
  }

  private drained(): void {
    const due = this.waiting ?? [];
    this.waiting = null;
    for (const listener of due) listener();
  }
}

/** Returns a text as JSON in which every character beyond ASCII is escaped. */
function asciiJson(text: string): string {
  return JSON.stringify(text).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
