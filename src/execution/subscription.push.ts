import type { ExecutionResult } from 'graphql';
import type { Seat, SeatReader } from '../delivery/seat';
import { UnavailableError } from '../errors';
import type { BusEvent } from '../events';
import type { ConnectionHandle } from '../graphql/context';
import type { Renderer, Rendering, RenderingListener } from './shared-execution';
import type { SocketWriter, SubscriptionSink } from './subscription.sink';

/** Events of one subscription that are being rendered at once, at most: enough that a replay's page shares its statements. */
const MAX_UNDER_WAY = 200;

/**
 * A subscription whose events go from the seat to the socket without a promise or an iterator a subscriber: the seat
 * hands each event over, it is rendered, for many at once where they see the same, and the frame is written. The
 * protocol sees a stream that brings nothing and ends when the subscription does.
 *
 * Events leave in the order in which the seat handed them over, whichever is rendered first.
 */
export class SubscriptionPush
  implements SeatReader, RenderingListener, AsyncGenerator<ExecutionResult>
{
  /** What is under way, in order; mostly one, and then no list for it. */
  private rendering: Rendering | null = null;
  private further: Rendering[] | null = null;
  private over: { error: Error | null } | null = null;
  private isDone = false;
  private isWaiting = false;
  /** Until all are sent: those that follow are then rendered together again. */
  private isFull = false;
  private settleNext: ((step: IteratorResult<ExecutionResult> | Promise<never>) => void) | null =
    null;
  private readonly most: number;
  private readonly writer: SocketWriter;
  private readonly start: string;

  constructor(
    private readonly seat: Seat,
    private readonly renderer: Renderer,
    private readonly connection: ConnectionHandle,
    { writer, messageStart: start }: SubscriptionSink,
  ) {
    // Both are needed for each event: the fewer objects lead to them, the less memory is gone through.
    this.writer = writer;
    this.start = start;
    this.most = Math.min(MAX_UNDER_WAY, connection.queueLimit);
  }

  get isReady(): boolean {
    return !this.isWaiting && !this.isFull && !this.isDone;
  }

  get underWay(): BusEvent[] {
    return this.rendering
      ? [this.rendering, ...(this.further ?? [])].map(({ event }) => event)
      : [];
  }

  take(event: BusEvent): void {
    const rendering = this.renderer.render(event);
    if (this.rendering === null) this.rendering = rendering;
    else if (this.further === null) this.further = [rendering];
    else this.further.push(rendering);
    this.isFull ||= 1 + (this.further?.length ?? 0) === this.most;
    if (rendering.isSettled) this.send();
    else rendering.whenSettled(this);
  }

  ended(error: Error | null): void {
    this.over = { error };
    this.send();
  }

  /** Resolves when the subscription is over: there is nothing else to wait for. */
  next(): Promise<IteratorResult<ExecutionResult>> {
    if (this.isDone) return Promise.resolve(DONE);
    const end = new Promise<IteratorResult<ExecutionResult>>((resolve) => {
      this.settleNext = resolve;
    });
    if (this.over) this.send();
    else this.seat.readBy(this);
    return end;
  }

  /** The subscriber goes: nothing more is sent. */
  async return(): Promise<IteratorResult<ExecutionResult>> {
    this.finish(null);
    // What is under way has not reached its reader: the seat looks at it once more.
    await this.seat.return();
    this.rendering = null;
    this.further = null;
    return DONE;
  }

  async throw(error: unknown): Promise<never> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  onSettled(): void {
    this.send();
  }

  private send(): void {
    if (this.isDone) return;
    while (this.rendering?.isSettled && !this.isWaiting) {
      const { payload, isFollowed } = this.rendering;
      if (payload === null) {
        this.interrupt();
        return;
      }
      this.rendering = this.further?.shift() ?? null;
      this.writer.write(this.start, payload, isFollowed || this.rendering !== null);
      if (!this.writer.keepsUp) this.waitForReader();
    }
    if (this.rendering || this.isWaiting) return;
    this.further = null;
    if (this.over) this.finish(this.over.error);
    else if (this.isFull) {
      this.isFull = false;
      this.seat.resume();
    }
  }

  private waitForReader(): void {
    this.isWaiting = true;
    this.writer.whenDrained(() => {
      this.isWaiting = false;
      if (this.isDone) return;
      this.send();
      if (!this.over && this.isReady) this.seat.resume();
    });
  }

  /** The client has to come back for what cannot be delivered now. */
  private interrupt(): void {
    this.connection.interrupt();
    void this.return();
  }

  private finish(error: Error | null): void {
    if (this.isDone) return;
    if (error instanceof UnavailableError) {
      this.interrupt();
      return;
    }
    this.isDone = true;
    this.renderer.leave();
    this.settleNext?.(error ? Promise.reject(error) : DONE);
    this.settleNext = null;
  }
}

const DONE = { value: undefined, done: true } as const;
