/** `in` is from the client, `out` to it; null for a fact about the connection. */
export type Direction = 'in' | 'out' | null;

/** One frame, or one fact about a connection, as a node tells it to a frame trace. */
export interface TracedFrame {
  /** Counts 1, 2, 3 … at one node in one trace. A missing number was left out. */
  n: number;
  atMs: number;
  connectionId: string;
  direction: Direction;
  /**
   * The type of the protocol's message, or `ping` and `pong` of the WebSocket below it. `open`: the
   * connection was open when the trace began; `opened`: it began since; `close`: this server begins
   * to close it; `closed`: it has ended; `unread`: a message that is none, or is too long.
   */
  type: string;
  /** The length of the message; 0 for a fact. */
  bytes: number;
  /** The operation's id, as the client has it. */
  id?: string;
  /** Absent for an operation that began before the trace, or whose document is not known. */
  operation?: { type: string; name: string | null; fields: readonly string[] };
  /** See frame.shape. */
  shape?: unknown;
}

/** Returns the frame in a text from the bus; null when it is none, as of a later version. */
export function parseFrame(text: string): TracedFrame | null {
  try {
    const frame: unknown = JSON.parse(text);
    return isFrame(frame) ? frame : null;
  } catch {
    return null;
  }
}

function isFrame(value: unknown): value is TracedFrame {
  if (typeof value !== 'object' || value === null) return false;
  const { n, atMs, bytes, connectionId, direction, type, id, operation } =
    value as Partial<TracedFrame>;
  return (
    [n, atMs, bytes].every(Number.isSafeInteger) &&
    !Number.isNaN(new Date(atMs!).getTime()) &&
    [connectionId, type, id ?? ''].every((one) => typeof one === 'string') &&
    (direction === 'in' || direction === 'out' || direction === null) &&
    (operation === undefined || Array.isArray(operation?.fields))
  );
}
