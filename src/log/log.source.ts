import type { DurableEvent } from '../events';

/** A page of a log. `reached` is the position behind it: up to there the log holds nothing else. */
export interface LogPage {
  events: DurableEvent[];
  reached: number;
}

/**
 * Reads on from several positions: after each, events with a greater sequence, in order, at most
 * `limit`; a page with fewer is the last.
 */
export type ReplaySource = (positions: readonly number[], limit: number) => Promise<LogPage[]>;

/** A log, and the topic on which the bus tells of it. */
export interface LogSource {
  topic: string;
  read: ReplaySource;
}
