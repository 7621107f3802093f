import type { Client, FormattedExecutionResult, Sink, SubscribePayload } from 'graphql-ws';
import type { Connection, Dependent } from './connection.js';
import type { LogEnd } from './log.end.js';
import { isGiven, type Position } from './position.js';
import type { Resync } from './resync.js';
import { BackOff, isPassing, leastWaitMs } from './retry.js';

export type Result = FormattedExecutionResult<Record<string, unknown>, unknown>;

/** The things that the subscriptions of a client share. */
export interface Shared {
  client: Client;
  connection: Connection;
  waitMs: (refusals: number, leastMs: number) => number;
  onResync: ((resync: Resync) => void) | undefined;
}

/** A subscription with a position. It is followed until it ends. */
export class FollowedSubscription implements Dependent {
  readonly backOff: BackOff;
  private readonly connection: Connection;
  private epochOfPosition: string | null;
  private readonly moving: SubscribePayload;
  /** The wait after a refusal; the client does not know of the subscription meanwhile. */
  private wait: ReturnType<typeof setTimeout> | null = null;
  private release = () => {};

  /**
   * @param logEnd the end of its log, for a subscription whose `after` variable has no value
   * @throws {TypeError} when its epoch is no text
   */
  constructor(
    private readonly shared: Shared,
    private readonly payload: SubscribePayload,
    private readonly position: Position,
    private readonly sink: Sink<Result>,
    private readonly logEnd: LogEnd | null,
  ) {
    this.connection = shared.connection;
    this.moving = movingPayload(payload);
    this.epochOfPosition = epochOf(payload) ?? this.connection.epoch;
    this.backOff = new BackOff(shared.waitMs);
    this.connection.dependents.add(this);
  }

  /** The epoch of its position; null while it has none, which no epoch makes worthless. */
  get epoch(): string | null {
    return this.hasPosition ? this.epochOfPosition : null;
  }

  set epoch(epoch: string | null) {
    this.epochOfPosition = epoch;
  }

  /** Subscribes from the present position on. */
  begin(): void {
    this.wait = null;
    if (this.connection.isStale(this)) {
      queueMicrotask(() => this.endAtNewEpoch());
      return;
    }
    this.connection.requested(this.backOff);
    if (this.logEnd && !this.hasPosition) this.findEnd(this.logEnd);
    else this.request();
  }

  /** Subscribes from the end of its log on, which is asked for over the same connection. */
  private findEnd({ payload, sequenceIn }: LogEnd): void {
    let isOver = false;
    const over = () => {
      const wasOver = isOver;
      isOver = true;
      return !wasOver && this.isFollowed;
    };
    const stop = this.shared.client.subscribe<Record<string, unknown>, unknown>(payload, {
      next: ({ data, errors }) => {
        if (!over()) return;
        if (isPassing(refusalIn(errors)?.code)) {
          this.error(errors);
          return;
        }
        // Without a position, the server says by itself why it refuses the subscription.
        const sequence = data ? sequenceIn(data) : undefined;
        if (sequence !== undefined) this.moving.variables![this.position.variable] = sequence;
        this.request();
      },
      error: (error) => {
        if (over()) this.error(error);
      },
      complete: () => {
        if (over() && this.finish()) this.sink.complete();
      },
    });
    this.release = stop;
  }

  private request(): void {
    this.release = this.shared.client.subscribe<Record<string, unknown>, unknown>(this.moving, {
      next: (result) => this.next(result),
      error: (error) => this.error(error),
      complete: () => {
        if (this.finish()) this.sink.complete();
      },
    });
  }

  unsubscribe(): void {
    const wasFollowed = this.finish();
    this.release();
    if (wasFollowed) this.sink.complete();
  }

  endAtNewEpoch(): void {
    this.end(resyncOf('LOG_EPOCH_CHANGED', this.payload), [epochError()]);
  }

  giveUpWaiting(): void {
    const isRefused = this.wait !== null;
    if (!isRefused && !this.connection.isAway(this)) return;
    if (this.finish()) this.sink.complete();
  }

  private next(result: Result): void {
    if (!this.isFollowed) return;
    this.backOff.reset();
    this.connection.progressed();
    if (!moveOn(this.moving, this.position, result)) return;
    try {
      this.sink.next(result);
    } catch (error) {
      // graphql-ws would end the socket, and with it the subscriptions of everyone else.
      this.release();
      if (this.finish()) this.sink.error(error);
    }
  }

  private error(error: unknown): void {
    if (!this.isFollowed) return;
    // After a close graphql-ws counts the subscription as one for which it keeps the socket.
    this.release();
    const refusal = refusalIn(error);
    if (refusal?.code === 'RESYNC_REQUIRED') {
      const resync = resyncOf('RESYNC_REQUIRED', this.payload, refusal.lastSequence ?? null);
      this.end(resync, error as readonly unknown[]);
    } else if (this.connection.isDisposed) this.fail(error);
    else if (isPassing(refusal?.code)) {
      const ms = this.backOff.nextMs(leastWaitMs(refusal!.retryAfterMs));
      this.wait = setTimeout(() => this.begin(), ms);
    } else if (this.connection.isOutage(error)) this.connection.waitFor(this);
    else this.fail(error);
  }

  /** Ends it with `errors`, after `onResync`. */
  private end(resync: Resync, errors: readonly unknown[]): void {
    if (!this.finish()) return;
    this.release();
    try {
      this.shared.onResync?.(resync);
    } finally {
      this.sink.error(errors);
    }
  }

  private fail(error: unknown): void {
    if (this.finish()) this.sink.error(error);
  }

  private get hasPosition(): boolean {
    return isGiven(this.moving.variables![this.position.variable]);
  }

  private get isFollowed(): boolean {
    return this.connection.dependents.has(this);
  }

  /** @returns false when it has ended before */
  private finish(): boolean {
    if (!this.isFollowed) return false;
    if (this.wait !== null) clearTimeout(this.wait);
    this.wait = null;
    this.connection.forget(this);
    return true;
  }
}

/**
 * Copies a payload for graphql-ws, which keeps it and sends it again when it reconnects. The
 * wrapper may change the copy's variables. The position's epoch is not sent.
 */
function movingPayload(payload: SubscribePayload): SubscribePayload {
  const moving = { ...payload, variables: { ...payload.variables } };
  if (payload.extensions?.logEpoch === undefined) return moving;
  const { logEpoch: _, ...extensions } = payload.extensions;
  return { ...moving, extensions };
}

/**
 * Returns the epoch of the position that a payload begins at, which stands in its extensions.
 *
 * @throws {TypeError} when it is no text
 */
function epochOf({ extensions }: SubscribePayload): string | null {
  const epoch = extensions?.logEpoch ?? null;
  if (epoch !== null && typeof epoch !== 'string')
    throw new TypeError('extensions.logEpoch has to be the epoch that the server named, a text.');
  return epoch;
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

/** The `extensions` of a server's error that are read here. */
interface Refusal {
  code?: string;
  retryAfterMs?: unknown;
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
