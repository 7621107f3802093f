import type { Reader, Source } from './source';

type Step<Value> = IteratorResult<Value>;

/**
 * Reads a source as an async iterator, for whatever pulls: graphql-js' own `subscribe`, and tests.
 * Parley's subscriptions do not come this way, see the subscription push.
 *
 * It is a plain object and no generator, so that `return()` reaches the source at once, before the
 * first `next()` and while one is pending, which it settles.
 */
export class SourceIterator<Value, Out = Value>
  implements AsyncIterableIterator<Out>, Reader<Value>
{
  private waiting: ((step: Step<Value> | Promise<never>) => void) | null = null;
  private handed: Value | null = null;
  private over: { error: Error | null } | null = null;
  private isReading = false;

  /** @param map makes what is iterated over of a value; null leaves the value out */
  constructor(
    private readonly source: Source<Value>,
    private readonly map: ((value: Value) => Promise<Out | null>) | null = null,
  ) {}

  get isReady(): boolean {
    return this.waiting !== null;
  }

  /** The value handed out last, until the consumer asks for the next one: it has finished then. */
  get underWay(): readonly Value[] {
    return this.handed === null ? [] : [this.handed];
  }

  push(value: Value): void {
    this.handed = value;
    this.settle({ value, done: false });
  }

  ended(error: Error | null): void {
    this.over = { error };
    this.settleEnd();
  }

  async next(): Promise<Step<Out>> {
    for (;;) {
      const step = await this.pull();
      if (step.done) return { value: undefined, done: true };
      if (!this.map) return step as unknown as Step<Out>;
      const mapped = await this.map(step.value);
      if (mapped !== null) return { value: mapped, done: false };
    }
  }

  async return(): Promise<Step<Out>> {
    this.source.close();
    this.over = { error: null };
    this.settleEnd();
    return { value: undefined, done: true };
  }

  async throw(error: unknown): Promise<never> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private pull(): Promise<Step<Value>> {
    this.handed = null;
    return new Promise((resolve) => {
      this.waiting = resolve;
      if (this.over) this.settleEnd();
      else if (this.isReading) this.source.resume();
      else {
        this.isReading = true;
        this.source.readBy(this);
      }
    });
  }

  /** The first `next()` after the end rejects with the error; later calls just end. */
  private settleEnd(): void {
    if (!this.waiting) return;
    const { error } = this.over!;
    this.over = { error: null };
    this.settle(error ? Promise.reject(error) : { value: undefined, done: true });
  }

  private settle(step: Step<Value> | Promise<never>): void {
    const resolve = this.waiting;
    this.waiting = null;
    resolve?.(step);
  }
}
