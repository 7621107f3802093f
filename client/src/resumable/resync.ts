import type { SubscribePayload } from 'graphql-ws';

/**
 * A position that has become worthless. The application has to fetch again, and then subscribe from
 * the `lastSequence` that it fetched.
 */
export interface Resync {
  /**
   * `RESYNC_REQUIRED`: the position is beyond the log's end, or the log was just set back.
   * `LOG_EPOCH_CHANGED`: the log was set back to an earlier state.
   */
  reason: 'RESYNC_REQUIRED' | 'LOG_EPOCH_CHANGED';
  /** The payload that the application subscribed with, unchanged. */
  payload: SubscribePayload;
  /** The sequence at the log's end; null when the server did not send it. */
  lastSequence: number | null;
}
