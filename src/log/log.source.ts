import type { DurableEvent } from '../events';

/**
 * A page of a log, in the order of the sequences. `reached` is the position at its end: the log
 * holds no other events up to there.
 */
export interface LogPage {
  events: DurableEvent[];
  reached: number;
}

/**
 * Reads a log from several positions on, and returns a page for each, in the order of the
 * positions. A page holds at most `limit` events, the first ones whose sequence is greater than the
 * position. A page with fewer events reaches the end of the log.
 */
export type ReplaySource = (positions: readonly number[], limit: number) => Promise<LogPage[]>;

/** A log, and the topic on which its events are published. */
export interface LogSource {
  topic: string;
  read: ReplaySource;
}
