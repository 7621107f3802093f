import type { RawData, WebSocket } from 'ws';
import type { Turns } from '../runtime/turns';

/** The bytes of a message that count as one unit of work, beside the one that each counts. */
const BYTES_PER_UNIT = 1_024;

/** A message as it was read. */
interface Received {
  data: RawData;
  isBinary: boolean;
}

/** Returns the units of work that so many bytes of a client's text may take. */
export function unitsOf(bytes: number): number {
  return 1 + Math.floor(bytes / BYTES_PER_UNIT);
}

/**
 * Hands the messages of one socket on, in their order, as its user's turns allow it
 * (`runtime/turns`). While messages wait, nothing more is read from the socket: what waits is never
 * more than the system reads at a time.
 */
export class Intake {
  private waiting: Received[] | null = null;

  /**
   * @param keyOf returns the key whose turns the messages take
   * @param handle takes a message; must not throw
   */
  constructor(
    private readonly socket: WebSocket,
    private readonly turns: Turns,
    private readonly keyOf: () => unknown,
    private readonly handle: (data: RawData, isBinary: boolean) => void,
  ) {}

  /** True while messages wait that were read. */
  get isBehind(): boolean {
    return this.waiting !== null;
  }

  take(data: RawData, isBinary: boolean): void {
    if (this.waiting) this.waiting.push({ data, isBinary });
    else if (this.turns.tryBegin(this.keyOf(), unitsOf(sizeOf(data)))) this.handle(data, isBinary);
    else {
      this.waiting = [{ data, isBinary }];
      this.socket.pause();
      this.waitForTurn();
    }
  }

  private waitForTurn(): void {
    const [next] = this.waiting!;
    this.turns.run(this.keyOf(), unitsOf(sizeOf(next!.data)), () => {
      const { data, isBinary } = this.waiting!.shift()!;
      this.handle(data, isBinary);
      if (this.waiting!.length > 0) this.waitForTurn();
      else {
        this.waiting = null;
        this.socket.resume();
      }
    });
  }
}

/** The server leaves ws' setting for the type of binary data as it is, so a message is a buffer. */
function sizeOf(data: RawData): number {
  return (data as Buffer).length;
}
