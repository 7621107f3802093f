import type { Writable } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Reply } from '../graphql/context';
import { corkForThisTurn } from './cork';
import { textFrame } from './frame';

/** Beyond this much unsent, a writer waits for the reader; below, it need not. */
const UNSENT_BEFORE_WAITING_BYTES = 64 * 1024;
const END = Buffer.from('}');

/** All that is written to one WebSocket: the protocol's messages and the events' frames, in order. */
export class Outlet {
  private waiting: (() => void)[] = [];

  /** @param stream the connection below `socket`, to which it writes, too */
  constructor(
    private readonly socket: WebSocket,
    private readonly stream: Writable,
  ) {
    stream.on('drain', () => this.drained());
  }

  get unsentBytes(): number {
    return this.socket.bufferedAmount;
  }

  /** Resolves when its reader keeps up: the source of further messages waits meanwhile. */
  send(message: string): Promise<void> | void {
    corkForThisTurn(this.stream);
    if (this.keepsUp) return this.socket.send(message);
    return new Promise((resolve) => this.socket.send(message, () => resolve()));
  }

  /** The `next` messages of one subscription (graphql-transport-ws). */
  replyTo(subscriptionId: string): Reply {
    const start = Buffer.from(`{"id":${JSON.stringify(subscriptionId)},"type":"next","payload":`);
    const outlet = this;
    return {
      get isReady() {
        return outlet.keepsUp;
      },
      next: (body) => outlet.write(textFrame(start, body, END)),
      whenReady: (listener) => void outlet.waiting.push(listener),
    };
  }

  private get keepsUp(): boolean {
    return this.unsentBytes < UNSENT_BEFORE_WAITING_BYTES;
  }

  /** Past `ws`, which would encode the same text for each socket anew. It writes whole frames, too, and at once. */
  private write(frame: Buffer): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    corkForThisTurn(this.stream);
    this.stream.write(frame);
  }

  private drained(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const listener of waiting) listener();
  }
}
