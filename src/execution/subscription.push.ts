/**
 * Pushes the values of a subscription's stream to its socket.
 *
 * The stream hands each value over, the value is rendered, together for all subscribers who see the
 * same, and the frame is written. No promise and no iterator is made for a value and subscriber,
 * which are most of what a delivery costs elsewhere (docs/performance.md). To graphql-ws the
 * subscription is a generator that yields nothing, and ends when the subscription does.
 *
 * - Frames leave in the order in which the stream pushed the values, whichever is rendered first.
 * - At most 200 values are being rendered at once, so that a page of a replay shares its
 *   statements. After that the stream waits until all of them are sent, so the next ones are
 *   rendered together, too.
 * - While the client does not read what was sent, nothing more is taken.
 * - A value of a followed stream that cannot be rendered now ends the socket with 1013: its client
 *   resumes before it. Such a value of a hint stream is dropped, and the socket is left alone.
 * - An exception in writing a frame ends the subscription with that error. It does not reach the
 *   stream, nor the other subscriptions that wait for the same rendering or the same socket.
 */
import type { ExecutionResult } from 'graphql';
import type { Reader, Source } from '../delivery/source';
import { UnavailableError } from '../errors';
import type { ConnectionHandle } from '../graphql/context';
import { asError } from '../runtime/as-error';
import type { Renderer, Rendering, RenderingListener } from './rendering';
import type { SocketWriter, SubscriptionSink } from './subscription.sink';

const MAX_UNDER_WAY = 200;

type Step = IteratorResult<ExecutionResult>;

const DONE: Step = { value: undefined, done: true };

export class SubscriptionPush<Value>
  implements Reader<Value>, RenderingListener, AsyncGenerator<ExecutionResult>
{
  /** The rendering that is sent next. Mostly no other waits, so `further` is seldom needed. */
  private rendering: Rendering<Value> | null = null;
  private further: Rendering<Value>[] | null = null;
  private over: { error: Error | null } | null = null;
  private isDone = false;
  /** True until the client has read what was sent. */
  private isWaiting = false;
  /** True from the moment at which as many values as may be are under way until all are sent. */
  private isFull = false;
  private settleNext: ((step: Step | Promise<never>) => void) | null = null;
  private readonly maxUnderWay: number;
  private readonly writer: SocketWriter;
  private readonly messageStart: string;

  /** @param isFollowed true for a followed stream, which may not skip a value */
  constructor(
    private readonly source: Source<Value>,
    private readonly renderer: Renderer<Value>,
    private readonly connection: ConnectionHandle,
    { writer, messageStart }: SubscriptionSink,
    private readonly isFollowed: boolean,
  ) {
    // Kept here and not in the sink: each value touches as few objects as possible.
    this.writer = writer;
    this.messageStart = messageStart;
    this.maxUnderWay = Math.min(MAX_UNDER_WAY, connection.queueLimit);
  }

  get isReady(): boolean {
    return !this.isWaiting && !this.isFull && !this.isDone;
  }

  get underWay(): readonly Value[] {
    if (!this.rendering) return [];
    return [this.rendering, ...(this.further ?? [])].map(({ value }) => value);
  }

  push(value: Value): void {
    const rendering = this.renderer.render(value);
    if (this.rendering === null) this.rendering = rendering;
    else if (this.further === null) this.further = [rendering];
    else this.further.push(rendering);
    this.isFull ||= 1 + (this.further?.length ?? 0) === this.maxUnderWay;
    if (rendering.state === 'pending') rendering.whenSettled(this);
    else this.flush();
  }

  ended(error: Error | null): void {
    this.over = { error };
    this.flush();
  }

  onSettled(): void {
    this.flush();
  }

  /** Resolves when the subscription is over. */
  next(): Promise<Step> {
    if (this.isDone) return Promise.resolve(DONE);
    const end = new Promise<Step>((resolve) => {
      this.settleNext = resolve;
    });
    if (this.over) this.flush();
    else this.source.readBy(this);
    return end;
  }

  /** The client completed the subscription, or its socket ended: nothing more is sent. */
  async return(): Promise<Step> {
    this.finish(null);
    this.leave();
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

  private leave(): void {
    // The values under way have not reached the client; the seat counts them as not received.
    this.source.close();
    this.rendering = null;
    this.further = null;
  }

  private flush(): void {
    try {
      this.sendSettled();
    } catch (error) {
      this.finish(asError(error));
      this.leave();
    }
  }

  /** Sends what is settled and next in order, then asks for more, or ends. */
  private sendSettled(): void {
    while (!this.isDone && !this.isWaiting && this.rendering) {
      if (this.rendering.state === 'pending') return;
      if (this.rendering.state === 'unavailable' && this.isFollowed) {
        this.interrupt();
        return;
      }
      this.sendNext(this.rendering);
    }
    if (this.isDone || this.isWaiting) return;
    this.further = null;
    if (this.over) this.finish(this.over.error);
    else if (this.isFull) {
      this.isFull = false;
      this.source.resume();
    }
  }

  private sendNext({ payload, mayBeFollowed }: Rendering<Value>): void {
    this.rendering = this.further?.shift() ?? null;
    if (payload === null) return;
    this.writer.write(this.messageStart, payload, mayBeFollowed || this.rendering !== null);
    this.renderer.traffic.deliveries++;
    if (!this.writer.keepsUp) this.waitForClient();
  }

  private waitForClient(): void {
    this.isWaiting = true;
    this.writer.whenDrained(() => {
      this.isWaiting = false;
      if (this.isDone) return;
      this.flush();
      if (!this.over && this.isReady) this.source.resume();
    });
  }

  private interrupt(): void {
    this.connection.interrupt();
    void this.return();
  }

  private finish(error: Error | null): void {
    if (this.isDone) return;
    if (this.isFollowed && error instanceof UnavailableError) {
      this.interrupt();
      return;
    }
    this.isDone = true;
    this.renderer.leave();
    this.settleNext?.(error ? Promise.reject(error) : DONE);
    this.settleNext = null;
  }
}
