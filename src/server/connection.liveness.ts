/**
 * Finds out whether the peer of one socket lives. Everything that is heard of it counts.
 *
 * `Connections` has each socket checked every 4.8 s. A silent peer is pinged. The first check that
 * finds more than 10 s of silence declares it dead: less than 15 s after it was last heard
 * (server/liveness). A newcomer beyond the limit of the user's sockets asks for a proof at once
 * (server/socket.limit).
 */
import { v7 as uuidv7 } from 'uuid';
import type { WebSocket } from 'ws';
import { assessLiveness } from './liveness';
import type { WebSocketWriter } from './socket.writer';

/** A socket that is younger counts as having just answered a ping. */
const YOUNG_MS = 5_000;
/** The time in which a socket has to answer a ping that asks for a proof of life. */
const PROOF_MS = 3_000;

export class ConnectionLiveness {
  private lastHeardMs = Date.now();
  /** The checks since `lastHeardMs`. */
  private unheardChecks = 0;

  constructor(
    private readonly socket: WebSocket,
    private readonly writer: WebSocketWriter,
  ) {}

  private get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  /** Notes that something was heard from the peer now. */
  hear(): void {
    this.lastHeardMs = Date.now();
    this.unheardChecks = 0;
  }

  /**
   * Makes one check, which pings a silent peer.
   *
   * @returns false when the peer has been silent for too long
   */
  check(): boolean {
    const verdict = assessLiveness(++this.unheardChecks, Date.now() - this.lastHeardMs);
    // The peer reads all unsent bytes before it reads the ping, so its answer comes later. While
    // any are unsent, the ping is therefore sent one check earlier.
    if (verdict === 'ask' || (verdict === 'alive' && this.writer.unsentBytes > 0))
      this.writer.ping();
    return verdict !== 'gone';
  }

  /**
   * Finds out whether the peer lives: it is young, or answers a ping that is sent now.
   *
   * @param connectionId the UUID of version 7 that the connection got when it opened
   * @returns `silent` when nothing at all was heard of the peer within 3 s, although it had nothing
   *   else to read; `unknown` when something was heard, but not the answer
   */
  async prove(connectionId: string): Promise<'alive' | 'silent' | 'unknown'> {
    if (!this.isOpen) return 'silent';
    const askedMs = Date.now();
    const ageMs = askedMs - timeIn(connectionId);
    if (ageMs >= 0 && ageMs < YOUNG_MS) return 'alive';
    if (await this.answersPing()) return 'alive';
    const isHeard = this.lastHeardMs >= askedMs || this.writer.unsentBytes > 0;
    return isHeard && this.isOpen ? 'unknown' : 'silent';
  }

  private answersPing(): Promise<boolean> {
    const payload = uuidv7();
    return new Promise((resolve) => {
      const hear = (data: Buffer) => {
        if (data.toString() === payload) settle(true);
      };
      // setImmediate lets the event loop read the sockets first, so that late answers count.
      const timer = setTimeout(() => setImmediate(settle, false), PROOF_MS).unref();
      const settle = (answered: boolean) => {
        clearTimeout(timer);
        this.socket.off('pong', hear);
        resolve(answered);
      };
      this.socket.on('pong', hear);
      this.writer.ping(payload);
    });
  }
}

/** Returns the time in a UUID of version 7 (RFC 9562, section 5.7), in milliseconds since 1970. */
function timeIn(id: string): number {
  return Number.parseInt(id.slice(0, 13).replace('-', ''), 16);
}
