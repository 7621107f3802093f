import { Seat, type SeatOptions, type SeatRegistry } from './seat';
import type { ServedTopic } from './served.topic';
import type { HintTopic } from './topic';

/** The topics of one seat, which may change for as long as it is taken. */
export class ChangingTopics implements SeatRegistry {
  readonly seat: Seat;
  /** An array, since each subscription keeps one (docs/performance.md). */
  private served: ServedTopic<HintTopic>[] = [];
  private isFree = false;

  /**
   * @param serve returns the topic of this name
   * @param onRestored called when the bus is back, which may have lost events of the topics
   * @param onFree called once, when the seat is free again
   */
  constructor(
    options: SeatOptions,
    private readonly serve: (key: string) => ServedTopic<HintTopic>,
    readonly onRestored: () => void,
    private readonly onFree: (topics: ChangingTopics) => void,
  ) {
    this.seat = new Seat(options, 0, null, this);
  }

  /**
   * Adds topics; those that the seat has already stay. Resolves when the subscriptions to the bus
   * are in force. After the seat's end it does nothing.
   */
  async add(keys: readonly string[]): Promise<void> {
    if (this.isFree) return;
    const present = new Set(this.served.map(({ key }) => key));
    const added = keys.filter((key) => !present.has(key)).map((key) => this.serve(key));
    for (const { topic } of added) topic.seats.add(this.seat);
    this.served.push(...added);
    const wanted = new Set(keys);
    try {
      await Promise.all(this.served.filter(({ key }) => wanted.has(key)).map(({ ready }) => ready));
    } catch (error) {
      for (const { key } of added) this.drop(key);
      throw error;
    }
  }

  /** Takes a topic away; does nothing when the seat does not have it. */
  drop(key: string): void {
    const at = this.served.findIndex((one) => one.key === key);
    if (at >= 0) this.served.splice(at, 1)[0]!.remove(this.seat);
  }

  remove(): void {
    this.isFree = true;
    for (const one of this.served) one.remove(this.seat);
    this.served = [];
    this.onFree(this);
  }
}
