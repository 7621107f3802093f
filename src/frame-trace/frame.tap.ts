import type { RawFrame } from './frame.reader';
import type { Direction } from './traced.frame';

/** Takes the frames of a user's connections, for one trace. */
export interface FrameTaker {
  readonly includesPings: boolean;
  take(frame: RawFrame): void;
  /** The connection has ended. Its frames that were taken are still told. */
  forget(connection: TracedConnection): void;
}

/** A connection as a frame trace sees it. */
export interface TracedConnection {
  readonly id: string;
  /** null before authentication, and for a service token that acts as nobody. */
  readonly userId: string | null;
  /** null as well for a service token that acts as the user. */
  readonly deviceUserId: string | null;
  /** Takes the connection's frames; null while no trace follows it, which is almost always. */
  tap: FrameTap | null;
}

/** Copies the frames of one connection to the traces that follow its user. Never throws. */
export class FrameTap {
  constructor(
    private readonly connection: TracedConnection,
    readonly traces: readonly FrameTaker[],
  ) {}

  /** Takes a message of the client. */
  received(text: string): void {
    this.take('in', text, null);
  }

  /** Takes a message to the client. */
  sent(text: string): void {
    this.take('out', text, null);
  }

  /**
   * Takes an event.
   *
   * @param start the message before the payload
   * @param rest the bytes after it, which many connections share
   */
  sentEvent(start: string, rest: Buffer): void {
    this.take('out', start, rest);
  }

  /** Takes a ping or a pong of the WebSocket itself. */
  sawPing(direction: Direction, type: 'ping' | 'pong'): void {
    const fact = { type };
    for (const trace of this.traces)
      if (trace.includesPings) trace.take(this.frame(direction, '', null, fact));
  }

  /** A listener of the WebSocket, which answers a ping by itself. */
  readonly onPing = (): void => {
    this.sawPing('in', 'ping');
    this.sawPing('out', 'pong');
  };

  /** This server begins to close the connection. */
  closing(code: number): void {
    this.takeFact('out', { type: 'close', shape: { code } });
  }

  /** The connection has ended. */
  closed(code: number): void {
    this.takeFact(null, { type: 'closed', shape: { code } });
    for (const trace of this.traces) trace.forget(this.connection);
    this.connection.tap = null;
  }

  private takeFact(direction: Direction, fact: { type: string; shape: object }): void {
    for (const trace of this.traces) trace.take(this.frame(direction, '', null, fact));
  }

  private take(direction: Direction, start: string, rest: Buffer | null): void {
    for (const trace of this.traces) trace.take(this.frame(direction, start, rest, null));
  }

  private frame(
    direction: Direction,
    start: string,
    rest: Buffer | null,
    fact: RawFrame['fact'],
  ): RawFrame {
    const { id: connectionId } = this.connection;
    return { atMs: Date.now(), connectionId, direction, start, rest, fact };
  }
}
