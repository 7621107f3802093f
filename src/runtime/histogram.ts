/**
 * Upper bounds, in seconds, of the classes of a duration. A network's round trip is in the first
 * ones, and the last one is longer than any statement or wait may take.
 */
export const DURATION_BOUNDS_S: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];

/** Counts durations by classes. An observation is a few additions, and allocates nothing. */
export class Histogram {
  /** The observations of each class: above the bound before it, and at most its own. */
  readonly counts: Float64Array;
  /** The number of all observations, also of those above the last bound. */
  count = 0;
  sumS = 0;

  constructor(readonly bounds: readonly number[] = DURATION_BOUNDS_S) {
    this.counts = new Float64Array(bounds.length);
  }

  /** @param seconds a negative value, as of clocks that differ, counts as 0 */
  observe(seconds: number): void {
    const value = seconds > 0 ? seconds : 0;
    this.count++;
    this.sumS += value;
    const { bounds } = this;
    for (let index = 0; index < bounds.length; index++)
      if (value <= bounds[index]!) {
        this.counts[index]!++;
        return;
      }
  }
}
