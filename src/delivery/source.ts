/**
 * A reader that a source pushes values to.
 *
 * The source pushes while the reader is ready, one value after the other. A reader that has not
 * been ready calls `resume()` of its source when it is again.
 */
export interface Reader<Value> {
  readonly isReady: boolean;
  push(value: Value): void;
  /** Values that it was given and has not finished with, in order. */
  readonly underWay: readonly Value[];
  /** Called once, after the last value; with the error that ended the source, if there is one. */
  ended(error: Error | null): void;
}

/** Something that pushes values to one reader. */
export interface Source<Value> {
  /** Pushes to this reader from now on. Called once. */
  readBy(reader: Reader<Value>): void;
  /** The reader is ready again. */
  resume(): void;
  /** The reader leaves: nothing more is pushed, and the reader is not told the end. Idempotent. */
  close(): void;
}
