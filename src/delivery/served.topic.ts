import type { Bus } from '../bus/bus';
import type { Logger } from '../logger';
import type { Seat, SeatRegistry } from './seat';
import type { Topic } from './topic';

/** A topic that this node serves, for as long as it has a seat. */
export class ServedTopic<T extends Topic> implements SeatRegistry {
  /** Resolves when the bus listens and a log topic knows its head. */
  readonly ready: Promise<void>;
  private readonly subscribed: Promise<() => Promise<void>>;

  /**
   * @param all the served topics of this kind; this one adds and removes itself
   * @param open called once the bus listens
   */
  constructor(
    private readonly all: Map<string, ServedTopic<T>>,
    readonly key: string,
    readonly topic: T,
    bus: Bus,
    open: () => Promise<void>,
    private readonly logger: Logger,
  ) {
    this.subscribed = bus.subscribe(key, (event) => topic.receive(event));
    this.ready = this.subscribed.then(open);
    all.set(key, this);
  }

  remove(seat: Seat): void {
    const { all, key, topic } = this;
    topic.seats.delete(seat);
    if (topic.seats.size > 0 || all.get(key) !== this) return;
    all.delete(key);
    topic.close();
    this.subscribed
      .then((end) => end())
      .catch((error: unknown) => this.logger.warn({ err: error, key }, 'unsubscribing failed'));
  }

  failed(error: unknown): void {
    this.logger.error({ err: error, key: this.key }, 'subscriber failed at its end');
  }
}

/** Several topics that share one seat. */
export class SeveralTopics implements SeatRegistry {
  constructor(private readonly topics: readonly SeatRegistry[]) {}

  remove(seat: Seat): void {
    for (const topic of this.topics) topic.remove(seat);
  }

  failed(error: unknown): void {
    this.topics[0]?.failed?.(error);
  }
}
