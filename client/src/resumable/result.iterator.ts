import type { Sink } from 'graphql-ws';

interface Reader<T> {
  resolve(result: IteratorResult<T>): void;
  reject(error: unknown): void;
}

/**
 * Iterates over a subscription's results in order. An error is thrown once, after the results that
 * came before it. Ending the iteration ends the subscription, and no result comes after it. Calls
 * of `next` that wait at the same time are answered in their order, and all of them at the end.
 */
export class ResultIterator<T> implements AsyncIterableIterator<T> {
  private readonly pending: T[] = [];
  private readonly readers: Reader<T>[] = [];
  private hasEnded = false;
  /** The error with which it ended, until it is thrown. */
  private failure: { error: unknown } | null = null;
  private readonly unsubscribe: () => void;

  constructor(start: (sink: Sink<T>) => () => void) {
    this.unsubscribe = start({
      next: (value) => this.take(value),
      error: (error) => this.end({ error }),
      complete: () => this.end(null),
    });
  }

  next(): Promise<IteratorResult<T>> {
    if (this.pending.length > 0)
      return Promise.resolve({ value: this.pending.shift()!, done: false });
    if (!this.hasEnded)
      return new Promise((resolve, reject) => this.readers.push({ resolve, reject }));
    const { failure } = this;
    this.failure = null;
    return failure ? Promise.reject(failure.error) : Promise.resolve(ended());
  }

  async return(value?: unknown): Promise<IteratorResult<T>> {
    this.pending.length = 0;
    this.failure = null;
    this.end(null);
    this.unsubscribe();
    return { value, done: true };
  }

  async throw(error: unknown): Promise<IteratorResult<T>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private take(value: T): void {
    if (this.hasEnded) return;
    const reader = this.readers.shift();
    if (reader) reader.resolve({ value, done: false });
    else this.pending.push(value);
  }

  private end(failure: { error: unknown } | null): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    const [first, ...others] = this.readers.splice(0);
    if (failure && first) first.reject(failure.error);
    else {
      this.failure = failure;
      first?.resolve(ended());
    }
    for (const reader of others) reader.resolve(ended());
  }
}

function ended(): IteratorReturnResult<undefined> {
  return { value: undefined, done: true };
}
