/**
 * Counts by key, such as refusals by code. The keys must come from a list that no client can make
 * longer, since each is kept for as long as the process runs.
 */
export class Tally {
  private readonly counts: Map<string, number>;

  /** @param known keys that are told with 0 before their first count */
  constructor(known: Iterable<string> = []) {
    this.counts = new Map([...known].map((key) => [key, 0]));
  }

  add(key: string, count = 1): void {
    this.counts.set(key, (this.counts.get(key) ?? 0) + count);
  }

  /** Returns each key with its count since the start of the node. */
  entries(): Iterable<[key: string, count: number]> {
    return this.counts.entries();
  }
}
