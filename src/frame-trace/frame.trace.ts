/**
 * One node's part in a frame trace: it copies the frames of one user's connections.
 *
 * A frame is only kept when it passes, by a reference to its text. It is read later, a few
 * milliseconds of work at a time, so a trace delays no message. The queue is bounded in frames and
 * in bytes: a frame that finds it full is left out and counted, and its number is missing from
 * those that are told.
 */
import { randomUUID } from 'node:crypto';
import type { FramesAsked } from '../events';
import { deleteOldest, FrameReader, type RawFrame } from './frame.reader';
import { FrameShapes } from './frame.shape';
import type { FrameTaker, TracedConnection } from './frame.tap';
import type { Vocabulary } from './frame.vocabulary';

const MAX_QUEUED_FRAMES = 1_000;
const MAX_QUEUED_LENGTH = 1024 * 1024;
/** The length of the texts that are told at once. */
const MAX_TOLD_LENGTH = 64 * 1024;
/** The end of a connection may have been left out, so the number of those known is bounded. */
const MAX_READERS = 500;
const PINGS: ReadonlySet<string> = new Set(['ping', 'pong']);

/** Frames that are told together. */
export interface ToldFrames {
  frames: string[];
  /** The frames up to this number have been told or left out. */
  through: number;
}

export class FrameTrace implements FrameTaker {
  /** Names this node's part, in which the frames are numbered. */
  readonly partId = randomUUID();
  readonly beganMs = Date.now();
  readonly id: string;
  readonly userId: string;
  readonly includesPings: boolean;
  readonly by: string;
  /** The user's connections at this node. */
  readonly connections = new Set<TracedConnection>();
  /** Frames that were left out because the queue was full. */
  leftOut = 0;
  /** Each with the number of frames that were left out after it. */
  private queue: { frame: RawFrame; leftOutAfter: number }[] = [];
  private queuedLength = 0;
  private readonly readers = new Map<string, FrameReader>();
  private readonly shapes: FrameShapes;
  private last = 0;

  constructor(asked: FramesAsked, vocabulary: Vocabulary) {
    this.id = asked.traceId;
    this.userId = asked.userId;
    this.includesPings = asked.includesPings;
    this.by = asked.by;
    this.shapes = new FrameShapes(vocabulary, Buffer.from(asked.key, 'hex'), asked.userId);
  }

  /** True while frames wait. */
  get hasFrames(): boolean {
    return this.queue.length > 0;
  }

  /** The frames that have been told or left out. */
  get through(): number {
    return this.last;
  }

  /** Keeps a frame until it is told. */
  take(frame: RawFrame): void {
    const length = lengthOf(frame);
    const isFull =
      this.queue.length >= MAX_QUEUED_FRAMES || this.queuedLength + length > MAX_QUEUED_LENGTH;
    if (!isFull) {
      this.queue.push({ frame, leftOutAfter: 0 });
      this.queuedLength += length;
      return;
    }
    this.leftOut++;
    const newest = this.queue.at(-1);
    if (newest) newest.leftOutAfter++;
    // The frame alone is too long for the queue.
    else this.skip(1);
  }

  forget(connection: TracedConnection): void {
    this.connections.delete(connection);
  }

  /** Reads frames that wait, for `budgetMs` at most and one frame more. */
  tell(budgetMs: number): ToldFrames {
    const untilMs = performance.now() + budgetMs;
    const frames: string[] = [];
    let [length, count] = [0, 0];
    while (count < this.queue.length && length < MAX_TOLD_LENGTH) {
      const { frame, leftOutAfter } = this.queue[count++]!;
      this.queuedLength -= lengthOf(frame);
      const text = this.read(frame);
      if (text !== null) {
        frames.push(text);
        length += text.length;
      }
      this.skip(leftOutAfter);
      if (performance.now() > untilMs) break;
    }
    this.queue = this.queue.slice(count);
    return { frames, through: this.last };
  }

  /** Notes that frames were left out here, of which any may have begun or ended an operation. */
  private skip(count: number): void {
    if (count === 0) return;
    this.last += count;
    for (const reader of this.readers.values()) reader.forgetOperations();
  }

  /** Returns null for a ping of the protocol that is not asked for. */
  private read(frame: RawFrame): string | null {
    const { connectionId, fact } = frame;
    let reader = this.readers.get(connectionId);
    if (!reader) {
      reader = new FrameReader(this.shapes);
      this.readers.set(connectionId, reader);
      if (this.readers.size > MAX_READERS) deleteOldest(this.readers);
    }
    if (fact?.type === 'closed') this.readers.delete(connectionId);
    const read = reader.read(frame);
    if (PINGS.has(read.type) && !this.includesPings) return null;
    return JSON.stringify({ n: ++this.last, ...read });
  }
}

function lengthOf({ start, rest }: RawFrame): number {
  return start.length + (rest?.length ?? 0);
}
