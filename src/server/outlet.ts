import type { Writable } from 'node:stream';
import type { WebSocket } from 'ws';
import { corkForThisTurn } from '../cork';
import type { Payload, Reply } from '../graphql/reply';
import { PING_FRAME, textFrame } from './frame';

/** Beyond this much unsent, a writer waits for the reader; below, it need not. */
const UNSENT_BEFORE_WAITING_BYTES = 64 * 1024;

/** The events of one subscription (graphql-transport-ws `next`). */
class Events implements Reply {
  constructor(
    private readonly outlet: Outlet,
    private readonly start: string,
  ) {}

  get isReady(): boolean {
    return this.outlet.keepsUp;
  }

  next(payload: Payload, more: boolean): void {
    this.outlet.write(this.start, payload, more);
  }

  whenReady(listener: () => void): void {
    this.outlet.whenDrained(listener);
  }
}

/** All that is written to one WebSocket: the protocol's messages and the events' frames, in order. */
export class Outlet {
  private waiting: (() => void)[] | null = null;

  /** @param stream the connection below `socket`, to which it writes, too */
  constructor(
    private readonly socket: WebSocket,
    private readonly stream: Writable,
  ) {}

  get unsentBytes(): number {
    return this.stream.writableLength;
  }

  /** Resolves when its reader keeps up: the source of further messages waits meanwhile. */
  send(message: string): Promise<void> | void {
    corkForThisTurn(this.stream);
    if (this.keepsUp) return this.socket.send(message);
    return new Promise((resolve) => this.socket.send(message, () => resolve()));
  }

  replyTo(subscriptionId: string): Reply {
    return new Events(this, `{"id":${asciiJson(subscriptionId)},"type":"next","payload":`);
  }

  /** Whether little enough is unsent. */
  get keepsUp(): boolean {
    return this.unsentBytes < UNSENT_BEFORE_WAITING_BYTES;
  }

  /**
   * Past `ws`, which would encode the same text for each socket anew. It writes whole frames, too, and at once.
   *
   * @param start of the message, before `payload`
   * @param more another may follow in this turn, to be written together with it
   */
  write(start: string, payload: Payload, more: boolean): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    if (more) corkForThisTurn(this.stream);
    const frame = textFrame(start, payload.bytes, payload.spare);
    this.stream.write(frame);
    // What is unsent keeps its bytes. What the system has taken is free: the next reader's frame differs in its id only.
    payload.spare = this.stream.writableLength === 0 ? frame : null;
  }

  ping(): void {
    if (this.socket.readyState === this.socket.OPEN) this.stream.write(PING_FRAME);
  }

  /** Calls `listener` once, when everything is sent. */
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
