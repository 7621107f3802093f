/** Time for which a line waits for earlier ones of other nodes. */
const HOLD_MS = 300;

interface Held<T> {
  readonly atMs: number;
  readonly arrivedMs: number;
  readonly item: T;
}

/**
 * Brings what several nodes tell into the order of its times. Each item waits a moment for earlier
 * ones of other nodes, whose clocks are taken to agree. The order of one node's items stays.
 */
export class FrameOrder<T> {
  private held: Held<T>[] = [];
  /** The latest time of each node. */
  private readonly latestMs = new Map<string, number>();

  /** @param atMs null for an item that belongs behind what the node told before */
  add(node: string, atMs: number | null, item: T, nowMs: number): void {
    const latestMs = this.latestMs.get(node);
    const placeMs = Math.max(latestMs ?? 0, atMs ?? (latestMs === undefined ? nowMs : 0));
    this.latestMs.set(node, placeMs);
    let index = this.held.length;
    while (index > 0 && this.held[index - 1]!.atMs > placeMs) index--;
    this.held.splice(index, 0, { atMs: placeMs, arrivedMs: nowMs, item });
  }

  /** Returns, in order, what has waited long enough, with all that stands before it. */
  due(nowMs: number): T[] {
    let count = this.held.length;
    while (count > 0 && this.held[count - 1]!.arrivedMs > nowMs - HOLD_MS) count--;
    return this.held.splice(0, count).map(({ item }) => item);
  }

  /** Returns, in order, all that waits. */
  rest(): T[] {
    return this.held.splice(0).map(({ item }) => item);
  }
}
