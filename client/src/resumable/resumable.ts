/**
 * `resumable()` wraps a graphql-ws client. A subscription with an `after` variable then goes on
 * exactly where it stopped, after any reconnect: no event comes twice, and none is left out.
 *
 * How it works. When graphql-ws reconnects, it sends the same payload object again. The wrapper
 * passes a payload of its own and moves `variables.after` on at each event. An event whose sequence
 * is not greater than that position is dropped.
 *
 * - **All conversations.** A subscription to all of them has no position. Without a value for its
 *   `after` variable it passes through, and misses what happens during an outage.
 * - **A connection that graphql-ws gives up.** The subscription is requested again, for ever. The
 *   wait is 1 s, doubles with each attempt, and is never longer than 30 s. Its random part is up to
 *   one half, so that clients do not all come back at once. It starts anew after an event, and
 *   after a connection that stood for 30 s. The client's own attempts and waits come first:
 *   {@link retryForever} has the options by which they are of this kind too. Closes that the same
 *   attempt would meet again are final: 1003, 1007 to 1010, 4400, 4401, 4406, 4409, 4429.
 * - `UNAVAILABLE` and `RATE_LIMITED`. A subscription that is refused with one of these codes is
 *   requested again in the same way. The first wait is the time that the server names.
 * - `RESYNC_REQUIRED`. The position is beyond the log's end, or the log was set back while the
 *   client was connected. The subscription ends with this error, and `onResync` is called first.
 * - **Another `logEpoch` in the server's acknowledgement.** The log was set back to an earlier
 *   state, so positions from before are not valid. Their subscriptions end as above, before
 *   graphql-ws can subscribe again. A position that was stored can be handed in with the epoch in
 *   which it was valid, as `extensions.logEpoch`, which is not sent. The client's `logEpoch` is the
 *   one to store. So the client has to be wrapped before it connects.
 * - **A server that is silent.** It is pinged after 30 s, and left after 30 s more. One that does
 *   not acknowledge within 30 s is left as well.
 * - `dispose()` completes the subscriptions that wait to be requested again.
 *
 * Everything else passes through unchanged, so the wrapped client serves Apollo Client's
 * `GraphQLWsLink` and urql's `subscriptionExchange` as the client itself does.
 */

import type { Client, FormattedExecutionResult, Sink, SubscribePayload } from 'graphql-ws';
import { Connection } from './connection.js';
import { FollowedSubscription, type Result, type Shared } from './followed.subscription.js';
import type { FindLogEnd } from './log.end.js';
import { findPosition, isGiven, logOf } from './position.js';
import { ResultIterator } from './result.iterator.js';
import type { Resync } from './resync.js';
import { backOffMs, MAX_WAIT_MS } from './retry.js';

export type { FindLogEnd, LogEnd } from './log.end.js';
export type { Log } from './position.js';
export type { Resync } from './resync.js';
export { retryForever } from './retry.forever.js';

export interface ResumableOptions {
  /** Called when a position is worthless, before the subscription's sink gets the error. */
  onResync?: (resync: Resync) => void;
  /**
   * Returns the time to wait before something is requested again, in ms.
   *
   * @param refusals the number of refusals or closes in a row before this one
   * @param leastMs the time that the server names, or 1 s
   */
  retryWaitMs?: (refusals: number, leastMs: number) => number;
  /** The time that the server may be silent before it is pinged, and then for its answer, in ms. */
  silenceMs?: number;
  /**
   * Says how the end of a log is asked for. A subscription whose `after` variable has no value
   * begins there, as it is when it is first asked for. Without this, `after` needs a value.
   */
  findLogEnd?: FindLogEnd;
}

/** A graphql-ws client that knows the epoch of the positions that its events have. */
export interface ResumableClient extends Client {
  /** The epoch that the server named last; null before it did. It is stored with a position. */
  readonly logEpoch: string | null;
  /**
   * Tells the client that the network may be there again, or be another one, as when a page is
   * shown again. What waits to be requested again is requested at once. A connection whose server
   * does not answer a ping within 3 s is left, and made again.
   */
  wake(): void;
}

/**
 * Wraps a graphql-ws client so that a subscription with an `after` variable goes on exactly where
 * it stopped, after any reconnect and however long the outage: no event comes twice, and none is
 * left out. Everything else passes through unchanged.
 *
 * `subscribe` and `iterate` throw a `TypeError` when the `after` variable of a subscription to one
 * log has no value, unless `findLogEnd` knows where it begins. They also throw when the operation
 * does not select the `sequence` to go on from. A subscription whose position is worthless ends
 * with a `RESYNC_REQUIRED` error, and `onResync` is called.
 */
export function resumable(client: Client, options: ResumableOptions = {}): ResumableClient {
  const { onResync, retryWaitMs: waitMs = backOffMs, silenceMs = MAX_WAIT_MS } = options;
  const connection = new Connection(client, { waitMs, silenceMs });
  const shared: Shared = { client, connection, waitMs, onResync };

  function subscribe<Data, Extensions>(
    payload: SubscribePayload,
    sink: Sink<FormattedExecutionResult<Data, Extensions>>,
  ): () => void {
    // A persisted operation may be named by its hash alone, which tells nothing of a position.
    const position = payload.query ? findPosition(payload.query, payload.operationName) : null;
    if (!position) return client.subscribe(payload, sink);
    const hasPosition = isGiven(payload.variables?.[position.variable]);
    const log = hasPosition ? null : logOf(position, payload.variables);
    if (!hasPosition && !log) return client.subscribe(payload, sink);
    const logEnd = log && options.findLogEnd?.(log);
    if (log && !logEnd)
      throw new TypeError(
        `$${position.variable} needs a value: the sequence after which the subscription begins.`,
      );
    const followed = new FollowedSubscription(
      shared,
      payload,
      position,
      sink as unknown as Sink<Result>,
      logEnd ?? null,
    );
    followed.begin();
    return () => followed.unsubscribe();
  }

  function dispose(): void | Promise<void> {
    connection.dispose();
    return client.dispose();
  }

  return {
    on: client.on,
    dispose,
    terminate: client.terminate,
    subscribe,
    iterate: <Data, Extensions>(payload: SubscribePayload) =>
      new ResultIterator<FormattedExecutionResult<Data, Extensions>>((sink) =>
        subscribe<Data, Extensions>(payload, sink),
      ),
    wake: () => connection.wake(),
    get logEpoch() {
      return connection.epoch;
    },
    ...(Symbol.asyncDispose && { [Symbol.asyncDispose]: async () => dispose() }),
  } as ResumableClient;
}
