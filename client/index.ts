/**
 * `resumable()` wraps a graphql-ws client. A subscription with an `after` variable then goes on
 * exactly where it stopped, after any reconnect: no event comes twice, and none is left out.
 *
 * How it works. When graphql-ws reconnects, it sends the same payload object again. The wrapper
 * passes a payload of its own and moves `variables.after` on at each event. An event whose sequence
 * is not greater than that position is dropped.
 *
 * - `UNAVAILABLE`. A subscription that is refused with this code is requested again. The wait is
 *   the time that the server names, or 1 s. It doubles with each further refusal, up to 30 s, and
 *   starts anew after an event. A random time of up to the same length is added to each wait, so
 *   that clients do not all come back at once.
 * - `RESYNC_REQUIRED`. The position is beyond the log's end, or the log was set back while the
 *   client was connected. The subscription ends with this error, and `onResync` is called first.
 * - A changed `logEpoch` in the server's acknowledgement. The log was set back to an earlier state,
 *   so no position is valid. Every subscription with a position ends as above, before graphql-ws
 *   can subscribe again from its old position.
 * - `dispose()` completes the subscriptions that wait to be requested again.
 *
 * Everything else passes through unchanged, so the wrapped client serves Apollo Client's
 * `GraphQLWsLink` and urql's `subscriptionExchange` as the client itself does.
 */

import type { Client, FormattedExecutionResult, Sink, SubscribePayload } from 'graphql-ws';
import { findPosition, type Position } from './position';

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

export interface ResumableOptions {
  /** Called when a position is worthless, before the subscription's sink gets the error. */
  onResync?: (resync: Resync) => void;
}

type Result = FormattedExecutionResult<Record<string, unknown>, unknown>;

/** The first wait when the server does not send `retryAfterMs`. */
const RETRY_AFTER_MS = 1_000;
/** The longest wait, without its random part. */
const MAX_RETRY_MS = 30_000;

/**
 * Wraps a graphql-ws client so that a subscription with an `after` variable goes on exactly where
 * it stopped, after any reconnect: no event comes twice, and none is left out. A subscription that
 * is refused as `UNAVAILABLE` is requested again, ever less often. Everything else passes through
 * unchanged.
 *
 * `subscribe` and `iterate` throw a `TypeError` when an operation's `after` variable has no value,
 * or when the operation does not select the `sequence` to go on from. A subscription whose position
 * is worthless ends with a `RESYNC_REQUIRED` error, and `onResync` is called.
 */
export function resumable(client: Client, { onResync }: ResumableOptions = {}): Client {
  const registry: Registry = { client, followed: new Set(), isDisposed: false, onResync };
  endAtNewEpoch(registry);

  function subscribe<Data, Extensions>(
    payload: SubscribePayload,
    sink: Sink<FormattedExecutionResult<Data, Extensions>>,
  ): () => void {
    const position = findPosition(payload.query, payload.operationName);
    if (!position) return client.subscribe(payload, sink);
    const followed = new FollowedSubscription(
      registry,
      payload,
      position,
      sink as unknown as Sink<Result>,
    );
    followed.begin();
    return () => followed.unsubscribe();
  }

  function dispose(): void | Promise<void> {
    registry.isDisposed = true;
    for (const one of [...registry.followed]) one.giveUpWaiting();
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
    ...(Symbol.asyncDispose && { [Symbol.asyncDispose]: async () => dispose() }),
  } as Client;
}

/** The state that a client's subscriptions share. */
interface Registry {
  client: Client;
  /** The subscriptions with a position that have not ended. */
  followed: Set<FollowedSubscription>;
  isDisposed: boolean;
  onResync: ResumableOptions['onResync'];
}

/** Ends every subscription with a position when the log was set back. */
function endAtNewEpoch({ client, followed }: Registry): void {
  let epoch: unknown;
  client.on('connected', (_socket, acknowledgement) => {
    const seen = (acknowledgement as { logEpoch?: unknown } | undefined)?.logEpoch;
    const changed = epoch !== undefined && seen !== undefined && seen !== epoch;
    epoch = seen ?? epoch;
    // This runs before graphql-ws subscribes again, so an ended subscription is not requested.
    if (changed)
      for (const one of [...followed])
        one.end(resyncOf('LOG_EPOCH_CHANGED', one.payload), [epochError()]);
  });
}

/** A subscription with a position. It is followed until it ends. */
class FollowedSubscription {
  private readonly moving: SubscribePayload;
  private waiting: ReturnType<typeof setTimeout> | null = null;
  private refusals = 0;
  private release = () => {};

  /** @throws {TypeError} when the `after` variable has no value */
  constructor(
    private readonly registry: Registry,
    readonly payload: SubscribePayload,
    private readonly position: Position,
    private readonly sink: Sink<Result>,
  ) {
    this.moving = movingPayload(payload, position);
    registry.followed.add(this);
  }

  /** Subscribes from the present position on. */
  begin(): void {
    this.waiting = null;
    this.release = this.registry.client.subscribe<Record<string, unknown>, unknown>(this.moving, {
      next: (result) => this.next(result),
      error: (error) => this.error(error),
      complete: () => {
        if (this.finish()) this.sink.complete();
      },
    });
  }

  unsubscribe(): void {
    const wasFollowed = this.finish();
    this.stop();
    if (wasFollowed) this.sink.complete();
  }

  /** Ends it with `errors`, after `onResync`. */
  end(resync: Resync, errors: readonly unknown[]): void {
    if (!this.finish()) return;
    this.stop();
    this.registry.onResync?.(resync);
    this.sink.error(errors);
  }

  /** Completes it if it waits to be requested again: graphql-ws does not know of it then. */
  giveUpWaiting(): void {
    if (this.waiting === null || !this.finish()) return;
    this.stop();
    this.sink.complete();
  }

  private next(result: Result): void {
    this.refusals = 0;
    const isFollowed = this.registry.followed.has(this);
    if (isFollowed && moveOn(this.moving, this.position, result)) this.sink.next(result);
  }

  private error(error: unknown): void {
    if (!this.registry.followed.has(this)) return;
    const refusal = refusalIn(error);
    if (refusal?.code === 'UNAVAILABLE' && !this.registry.isDisposed) {
      const ms = waitMs(refusal.retryAfterMs ?? RETRY_AFTER_MS, this.refusals++);
      this.waiting = setTimeout(() => this.begin(), ms);
    } else if (refusal?.code === 'RESYNC_REQUIRED') {
      const resync = resyncOf('RESYNC_REQUIRED', this.payload, refusal.lastSequence ?? null);
      this.end(resync, error as readonly unknown[]);
    } else if (this.finish()) this.sink.error(error);
  }

  /** @returns false when it has ended before */
  private finish(): boolean {
    return this.registry.followed.delete(this);
  }

  private stop(): void {
    if (this.waiting !== null) clearTimeout(this.waiting);
    this.release();
  }
}

/**
 * Copies a payload for graphql-ws, which keeps it and sends it again when it reconnects. The
 * wrapper may change the copy's variables.
 *
 * @throws {TypeError} when the `after` variable has no value
 */
function movingPayload(payload: SubscribePayload, { variable }: Position): SubscribePayload {
  const value = payload.variables?.[variable];
  if (value === undefined || value === null)
    throw new TypeError(
      `$${variable} needs a value: the sequence after which the subscription begins.`,
    );
  return { ...payload, variables: { ...payload.variables } };
}

/**
 * Moves the payload's position to that of an event.
 *
 * @returns false for an event at or before the position, which has come already; true for a result
 *   without a position, which leaves the payload as it is
 */
function moveOn(
  payload: SubscribePayload,
  { variable, field, key }: Position,
  result: Result,
): boolean {
  const event = result.data?.[field] as Record<string, unknown> | null | undefined;
  const reached = event?.[key];
  if (reached === undefined || reached === null) return true;
  const variables = payload.variables as Record<string, unknown>;
  if (typeof reached === 'number' && reached <= Number(variables[variable])) return false;
  variables[variable] = reached;
  return true;
}

function resyncOf(
  reason: Resync['reason'],
  payload: SubscribePayload,
  lastSequence: number | null = null,
): Resync {
  return { reason, payload, lastSequence };
}

/**
 * Returns the time to wait before a refused subscription is requested again.
 *
 * @param retryAfterMs the first wait, without its random part
 * @param refusals the number of refusals in a row before this one
 */
function waitMs(retryAfterMs: number, refusals: number): number {
  return Math.min(retryAfterMs * 2 ** refusals, MAX_RETRY_MS) * (1 + Math.random());
}

/** The `extensions` of a server's error that are read here. */
interface Refusal {
  code?: string;
  retryAfterMs?: number;
  lastSequence?: number;
}

/**
 * Returns the extensions of the first error with a code, or null when there is none, as for a lost
 * connection.
 */
function refusalIn(error: unknown): Refusal | null {
  if (!Array.isArray(error)) return null;
  return (
    (error as { extensions?: Refusal }[]).find(({ extensions }) => extensions?.code !== undefined)
      ?.extensions ?? null
  );
}

function epochError() {
  const message =
    'The log was set back to an earlier state. Fetch again, then subscribe from lastSequence.';
  return { message, extensions: { code: 'RESYNC_REQUIRED' } };
}

/**
 * Iterates over a subscription's results in order. An error is thrown once, after the results that
 * came before it. Ending the iteration ends the subscription.
 */
class ResultIterator<T> implements AsyncIterableIterator<T> {
  private readonly pending: T[] = [];
  private ended: { error: unknown } | null = null;
  private wake: () => void = () => {};
  private readonly unsubscribe: () => void;

  constructor(start: (sink: Sink<T>) => () => void) {
    const end = (error: unknown) => {
      this.ended ??= { error };
      this.wake();
    };
    this.unsubscribe = start({
      next: (value) => {
        this.pending.push(value);
        this.wake();
      },
      error: end,
      complete: () => end(null),
    });
  }

  async next(): Promise<IteratorResult<T>> {
    while (this.pending.length === 0 && this.ended === null)
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    if (this.pending.length > 0) return { value: this.pending.shift()!, done: false };
    const { error } = this.ended!;
    this.ended = { error: null };
    if (error) throw error;
    return { value: undefined, done: true };
  }

  async return(): Promise<IteratorResult<T>> {
    this.unsubscribe();
    this.pending.length = 0;
    return { value: undefined, done: true };
  }

  async throw(error: unknown): Promise<IteratorResult<T>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
