import type { SubscribePayload } from 'graphql-ws';
import type { Log } from './position.js';

/** A query for the newest sequence of a log. */
export interface LogEnd {
  payload: SubscribePayload;
  /** Returns the sequence in the query's data; undefined when the user has no such log. */
  sequenceIn: (data: Record<string, unknown>) => number | undefined;
}

/** Returns the query for the end of a log; undefined when there is none. */
export type FindLogEnd = (log: Log) => LogEnd | undefined;
