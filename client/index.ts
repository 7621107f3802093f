import type { Client, FormattedExecutionResult, Sink, SubscribePayload } from 'graphql-ws';
import { findPosition, type Position } from './position';

/** Why a position is worthless: fetch again, then subscribe from the fresh `lastSequence`. */
export interface Resync {
  /** `RESYNC_REQUIRED`: it is beyond the log's end. `LOG_EPOCH_CHANGED`: the log was set back to an earlier state. */
  reason: 'RESYNC_REQUIRED' | 'LOG_EPOCH_CHANGED';
  /** What was subscribed to, as it was given. */
  payload: SubscribePayload;
  /** The log's end, where the server told it. */
  lastSequence: number | null;
}

export interface ResumableOptions {
  /** Called before the subscription's sink gets the error that ends it. */
  onResync?: (resync: Resync) => void;
}

type Result = FormattedExecutionResult<Record<string, unknown>, unknown>;

/** What the client knows of one subscription with a position. */
interface FollowedSubscription {
  end(resync: Resync, errors: readonly unknown[]): void;
  /** Ends it if it waits to be asked for once more: nobody else knows of it then. */
  giveUpWaiting(): void;
  payload: SubscribePayload;
}

/** Where the server does not say how long it will be unavailable. */
const RETRY_AFTER_MS = 1_000;
/** Each further refusal doubles the wait, up to so long. */
const MAX_RETRY_MS = 30_000;

/**
 * Wraps a graphql-ws client so that a subscription with an `after` variable goes on exactly where it stopped,
 * after any reconnect: nothing twice, nothing left out. Refused as `UNAVAILABLE`, it is asked for once more after
 * the time that the server names, twice that when it is refused again, and so on up to 30 s; each wait is longer by
 * up to as much again, so that not all come at once. Everything else passes through untouched, so it serves Apollo
 * Client's `GraphQLWsLink` and urql's `subscriptionExchange` as the client itself does.
 *
 * How: graphql-ws sends the very payload object again when it reconnects. The wrapper keeps one of its
 * own and moves `variables.after` on at each event.
 *
 * `subscribe` and `iterate` throw a `TypeError` when an operation's `after` variable has no value, or when it
 * selects no `sequence` to go on from. A subscription whose position turned out worthless ends with
 * `RESYNC_REQUIRED`, and `onResync` is told.
 */
export function resumable(client: Client, { onResync }: ResumableOptions = {}): Client {
  const followed = new Set<FollowedSubscription>();
  let epoch: unknown;
  let disposed = false;

  client.on('connected', (_socket, acknowledgement) => {
    const seen = (acknowledgement as { logEpoch?: unknown } | undefined)?.logEpoch;
    const changed = epoch !== undefined && seen !== undefined && seen !== epoch;
    epoch = seen ?? epoch;
    // Before graphql-ws subscribes again: what has ended by then is not asked for.
    if (changed)
      for (const one of [...followed])
        one.end(resyncOf('LOG_EPOCH_CHANGED', one.payload), [epochError()]);
  });

  function subscribe<Data, Extensions>(
    payload: SubscribePayload,
    sink: Sink<FormattedExecutionResult<Data, Extensions>>,
  ): () => void {
    const position = findPosition(payload.query, payload.operationName);
    if (!position) return client.subscribe(payload, sink);
    return follow(payload, position, sink as unknown as Sink<Result>);
  }

  function follow(payload: SubscribePayload, position: Position, sink: Sink<Result>): () => void {
    const moving = movingPayload(payload, position);
    const finish = () => followed.delete(one);
    let waiting: ReturnType<typeof setTimeout> | null = null;
    let refusals = 0;
    let unsubscribe = () => {};
    const release = () => {
      if (waiting !== null) clearTimeout(waiting);
      unsubscribe();
    };
    const one: FollowedSubscription = {
      payload,
      end(resync, errors) {
        if (!finish()) return;
        release();
        onResync?.(resync);
        sink.error(errors);
      },
      giveUpWaiting() {
        if (waiting === null || !finish()) return;
        release();
        sink.complete();
      },
    };
    const begin = () => {
      waiting = null;
      unsubscribe = client.subscribe<Record<string, unknown>, unknown>(moving, {
        next(result) {
          refusals = 0;
          if (followed.has(one) && moveOn(moving, position, result)) sink.next(result);
        },
        error(error) {
          if (!followed.has(one)) return;
          const refusal = refusalIn(error);
          if (refusal?.code === 'UNAVAILABLE' && !disposed)
            waiting = setTimeout(begin, waitMs(refusal.retryAfterMs ?? RETRY_AFTER_MS, refusals++));
          else if (refusal?.code === 'RESYNC_REQUIRED')
            one.end(
              resyncOf('RESYNC_REQUIRED', payload, refusal.lastSequence ?? null),
              error as readonly unknown[],
            );
          else if (finish()) sink.error(error);
        },
        complete() {
          if (finish()) sink.complete();
        },
      });
    };
    followed.add(one);
    begin();
    return () => {
      const wasFollowed = finish();
      release();
      if (wasFollowed) sink.complete();
    };
  }

  function dispose(): void | Promise<void> {
    disposed = true;
    for (const one of [...followed]) one.giveUpWaiting();
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

/** The payload that graphql-ws keeps and sends again; its variables are ours to move on. */
function movingPayload(payload: SubscribePayload, { variable }: Position): SubscribePayload {
  const value = payload.variables?.[variable];
  if (value === undefined || value === null)
    throw new TypeError(
      `$${variable} needs a value: the sequence after which the subscription begins.`,
    );
  return { ...payload, variables: { ...payload.variables } };
}

/** Moves the position on. False for an event that came before. */
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

/** @param refusals in a row, before this one */
function waitMs(retryAfterMs: number, refusals: number): number {
  return Math.min(retryAfterMs * 2 ** refusals, MAX_RETRY_MS) * (1 + Math.random());
}

/** What a refusal says of itself, as the server's errors do; null for what is none. */
interface Refusal {
  code?: string;
  retryAfterMs?: number;
  lastSequence?: number;
}

/** The first refusal of a subscription; null for another kind of error, such as a lost connection. */
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

/** A subscription's results, pulled one by one; ending the iteration ends the subscription. */
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
