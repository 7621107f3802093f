import type { FrameShapes } from './frame.shape';
import { type OperationFacts, readOperation } from './operation.facts';
import type { Direction, TracedFrame } from './traced.frame';

/** A longer message is not read: it would hold up the node. */
const MAX_READ_BYTES = 64 * 1024;
/** The part of such a message in which its type and id are looked for. */
const HEAD_LENGTH = 400;
/** The end of an operation may have been left out, so the number of those known is bounded. */
const MAX_OPERATIONS = 500;

/** The types of graphql-transport-ws for a connection, and those for an operation. */
const OF_CONNECTION: ReadonlySet<unknown> = new Set([
  ...['connection_init', 'connection_ack', 'ping', 'pong'],
]);
const OF_OPERATION: ReadonlySet<unknown> = new Set(['subscribe', 'next', 'error', 'complete']);

/** One frame as it was copied: not read yet. */
export interface RawFrame {
  readonly atMs: number;
  readonly connectionId: string;
  readonly direction: Direction;
  /** The beginning of the message, or all of it; empty for a fact about the connection. */
  readonly start: string;
  /** The rest of the message. Shared with all who get the same, and never written to. */
  readonly rest: Buffer | null;
  /** The fact, or the WebSocket's own frame; null when the message tells its type. */
  readonly fact: { readonly type: string; readonly shape?: object } | null;
}

interface Message {
  type?: unknown;
  id?: unknown;
  payload?: unknown;
}

/** Reads the frames of one connection, in order, for one trace. */
export class FrameReader {
  /** The operations that have begun since the trace has; null for one that cannot be read. */
  private readonly operations = new Map<string, OperationFacts | null>();

  constructor(private readonly shapes: FrameShapes) {}

  /**
   * Forgets the operations, after a frame that was not read: an id may stand for another one since.
   */
  forgetOperations(): void {
    this.operations.clear();
  }

  /** Returns the frame as it may be shown. Never throws. */
  read(frame: RawFrame): Omit<TracedFrame, 'n'> {
    const read = this.readOrNot(frame);
    if (read.type === 'unread') this.forgetOperations();
    return read;
  }

  private readOrNot(frame: RawFrame): Omit<TracedFrame, 'n'> {
    const { atMs, connectionId, direction, start, rest, fact } = frame;
    const bytes = Buffer.byteLength(start) + (rest?.length ?? 0);
    const common = { atMs, connectionId, direction, bytes };
    if (fact !== null) return { ...common, ...fact };
    try {
      if (bytes > MAX_READ_BYTES) return { ...common, ...this.headOf(frame) };
      const message: unknown = JSON.parse(rest === null ? start : start + rest.toString());
      return { ...common, ...this.readMessage(direction, (message ?? {}) as Message) };
    } catch {
      return { ...common, type: 'unread' };
    }
  }

  private readMessage(
    direction: Direction,
    { type, id, payload }: Message,
  ): Pick<TracedFrame, 'type' | 'id' | 'operation' | 'shape'> {
    if (OF_CONNECTION.has(type)) {
      const isShown = direction === 'out' && type === 'connection_ack';
      return { type: type as string, ...(isShown && { shape: this.answer(type, payload) }) };
    }
    if (!OF_OPERATION.has(type) || typeof id !== 'string') return { type: 'unread' };
    const named = { type: type as string, id: this.shapes.operationId(id) };
    if (type === 'subscribe') {
      const facts = factsOf(payload);
      this.operations.set(id, facts);
      if (this.operations.size > MAX_OPERATIONS) deleteOldest(this.operations);
      return { ...named, ...shown(facts), shape: this.shapes.ofRequest(payload, facts) };
    }
    const facts = this.operations.get(id) ?? null;
    if (type === 'complete' || type === 'error') this.operations.delete(id);
    const isAnswer = direction === 'out' && (type === 'next' || type === 'error');
    return {
      ...named,
      ...shown(facts),
      ...(isAnswer && { shape: this.answer(type, payload, facts) }),
    };
  }

  private answer(type: string, payload: unknown, facts: OperationFacts | null = null): unknown {
    return this.shapes.ofAnswer(type, payload ?? null, facts);
  }

  /** This server writes the type and the id of a message in front of its payload. */
  private headOf({ direction, start, rest }: RawFrame): Pick<TracedFrame, 'type' | 'id'> {
    if (direction === 'in') return { type: 'unread' };
    const head =
      start.length < HEAD_LENGTH && rest ? start + rest.toString('latin1', 0, 100) : start;
    const [before] = head.slice(0, HEAD_LENGTH).split('"payload"');
    const type = /"type":"(\w+)"/.exec(before!)?.[1];
    const id = /"id":("(?:[^"\\]|\\.)*")/.exec(before!)?.[1];
    if (type !== 'next' || id === undefined) return { type: 'unread' };
    return { type, id: this.shapes.operationId(JSON.parse(id) as string) };
  }
}

/** Deletes the entry that was made before all others. */
export function deleteOldest<Key>(entries: Map<Key, unknown>): void {
  for (const key of entries.keys()) {
    entries.delete(key);
    return;
  }
}

/** Returns the facts of the operation that a payload of `subscribe` asks for. */
function factsOf(payload: unknown): OperationFacts | null {
  const { query, operationName } = (payload ?? {}) as { query?: unknown; operationName?: unknown };
  if (typeof query !== 'string') return null;
  const name = typeof operationName === 'string' && operationName !== '' ? operationName : null;
  return readOperation(query, name);
}

function shown(facts: OperationFacts | null): Pick<TracedFrame, 'operation'> {
  if (facts === null) return {};
  const { type, name, fields } = facts;
  return { operation: { type, name, fields } };
}
