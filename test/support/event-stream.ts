import type { ExecutionResult, GraphQLFormattedError } from 'graphql';
import type { Sink } from 'graphql-ws';

const DEFAULT_TIMEOUT_MS = 30_000;

/** How a subscription ended: by the server's errors, by the socket's end, or because it was complete. */
export type StreamEnd =
  | { errors: readonly GraphQLFormattedError[] }
  | { closed: unknown }
  | 'complete';

/** One subscription's events, to be waited for one by one. */
export class EventStream<T> {
  /** Everything so far, in order. */
  readonly received: T[] = [];
  /** Errors that came inside events. */
  readonly eventErrors: unknown[] = [];
  private end: StreamEnd | null = null;
  private taken = 0;
  private wakers: (() => void)[] = [];
  private readonly unsubscribe: () => void;

  constructor(start: (sink: Sink<ExecutionResult<T>>) => () => void) {
    this.unsubscribe = start({
      next: (result) => {
        if (result.errors) this.eventErrors.push(...result.errors);
        if (result.data) this.received.push(result.data);
        this.wake();
      },
      error: (error) => this.finish(Array.isArray(error) ? { errors: error } : { closed: error }),
      complete: () => this.finish('complete'),
    });
  }

  /** The next event that nobody took yet. */
  async next(timeoutMs = DEFAULT_TIMEOUT_MS): Promise<T> {
    await this.until(
      () => this.received.length > this.taken || this.end !== null,
      timeoutMs,
      'no event came',
    );
    if (this.received.length <= this.taken) throw new Error(`ended: ${JSON.stringify(this.end)}`);
    return this.received[this.taken++]!;
  }

  /** The next events, this many. */
  async take(count: number, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<T[]> {
    const events: T[] = [];
    while (events.length < count) events.push(await this.next(timeoutMs));
    return events;
  }

  /** Waits for an event that fits; those before it count as taken. */
  async find(fits: (event: T) => boolean, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<T> {
    for (;;) {
      const event = await this.next(timeoutMs);
      if (fits(event)) return event;
    }
  }

  /** How it ended. */
  async ended(timeoutMs = DEFAULT_TIMEOUT_MS): Promise<StreamEnd> {
    await this.until(() => this.end !== null, timeoutMs, 'it did not end');
    return this.end!;
  }

  /** The code of the error that ended it. */
  async refusal(): Promise<unknown> {
    const end = await this.ended();
    return typeof end === 'object' && 'errors' in end ? end.errors[0]!.extensions?.code : end;
  }

  stop(): void {
    this.unsubscribe();
  }

  private finish(end: StreamEnd): void {
    this.end ??= end;
    this.wake();
  }

  private wake(): void {
    const waiting = this.wakers;
    this.wakers = [];
    for (const waker of waiting) waker();
  }

  private async until(done: () => boolean, timeoutMs: number, complaint: string): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!done()) {
      const leftMs = deadline - Date.now();
      if (leftMs <= 0)
        throw new Error(`${complaint} within ${timeoutMs} ms; ${this.received.length} came before`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.wakers.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }
}
