import type { Writable } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Payload, SocketWriter, SubscriptionSink } from '../execution/subscription.sink';
import { corkForThisTurn, currentTurn } from '../runtime/cork';
import { flatString } from '../runtime/v8';
import { frameOf, PING_FRAME, textFrame } from './frame';

/** Beyond this much unsent, a writer waits for the reader; below, it need not. */
const UNSENT_BEFORE_WAITING_BYTES = 64 * 1024;

/**
 * All that is written to one WebSocket: the protocol's messages and the events' frames, in order. Past `ws`, which would
 * encode an event's text for each socket anew, and write the head of a frame by itself; it, too, writes whole frames, and
 * at once.
 */
export class WebSocketWriter implements SocketWriter {
  private waiting: (() => void)[] | null = null;
  /** The turn of the last event. */
  private lastTurn = -1;
  /** Answers that are to be written soon. */
  private answersDue = 0;

  /** @param stream the connection below `socket`, to which it writes, too */
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

  /** Resolves when its reader keeps up: the source of further messages waits meanwhile. */
  send(message: string): Promise<void> | void {
    if (!this.isOpen) return;
    corkForThisTurn(this.stream);
    const { keepsUp } = this;
    const frame = frameOf(message);
    if (keepsUp) this.stream.write(frame);
    else return new Promise((resolve) => this.stream.write(frame, () => resolve()));
  }

  /** Where the events of one subscription go (graphql-transport-ws `next`). */
  sinkFor(subscriptionId: string): SubscriptionSink {
    return {
      writer: this,
      messageStart: flatString('{"id":', asciiJson(subscriptionId), ',"type":"next","payload":'),
    };
  }

  /** Whether little enough is unsent. */
  get keepsUp(): boolean {
    return this.unsentBytes < UNSENT_BEFORE_WAITING_BYTES;
  }

  /** Until the answer is there, events wait for it to the end of their turn: a sender's own comes right before it. */
  answering<T>(answer: Promise<T>): Promise<T> {
    this.answersDue++;
    return answer.finally(() => {
      this.answersDue--;
    });
  }

  /** @param start ASCII */
  write(start: string, payload: Payload, more: boolean): void {
    if (!this.isOpen) return;
    const turn = currentTurn();
    if (more || this.answersDue > 0 || this.lastTurn === turn) corkForThisTurn(this.stream);
    this.lastTurn = turn;
    const frame = textFrame(start, payload.bytes, payload.spare);
    this.stream.write(frame);
    // What is unsent keeps its bytes. What the system has taken is free: the next reader's frame differs in its id only.
    payload.spare = this.stream.writableLength === 0 ? frame : null;
  }

  ping(): void {
    if (this.isOpen) this.stream.write(PING_FRAME);
  }

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

function asciiJson(text: string): string {
  return JSON.stringify(text).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
