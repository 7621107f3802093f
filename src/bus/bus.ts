import type { BusEvent } from '../events';

/** One event for one topic. */
export interface BusMessage {
  topic: string;
  event: BusEvent;
}

export type BusListener = (event: BusEvent) => void;

/**
 * Tells other nodes, and this one, that something happened. The bus is only a hint: the log is the
 * truth. Whoever needs a durable event notices a missing one by its sequence and reads the log.
 *
 * Guarantees of every implementation:
 * - `subscribe` resolves once the subscription is in force: an event published anywhere after that
 *   reaches the listener, as long as the bus is connected.
 * - Events that one node publishes to one topic arrive in the order of its `publish` calls.
 * - A publisher's own listeners receive its events too, never within the `publish` call itself but
 *   before anything that waits for its turn of the event loop, and while the bus is away as well.
 *   What they publish because of it, and what follows that in the same turn, has a turn of its own.
 * - At most once. While the bus is away events for other nodes are dropped, silently;
 *   `onStateChange` says when it went and when it came back, with every subscription restored
 *   before it says so.
 * - A listener that throws disturbs no other listener.
 */
export interface Bus {
  /** Resolves when the bus is usable or known to be away: being away never fails a start. */
  start(): Promise<void>;
  /** Ends all subscriptions and connections; afterwards `publish` does nothing. */
  stop(): Promise<void>;
  /** Sends without waiting and never throws; what cannot be sent is dropped and counted. */
  publish(messages: readonly BusMessage[]): void;
  /**
   * Calls `listener` for each event of `topic`. While the bus is away this resolves at once, and
   * takes effect when it comes back.
   *
   * @returns ends it; further events are not delivered from that call on
   */
  subscribe(topic: string, listener: BusListener): Promise<() => Promise<void>>;
  /** True while events flow. */
  readonly connected: boolean;
  /** Calls `listener` with the new `connected` at each change. */
  onStateChange(listener: (connected: boolean) => void): void;
  /** The number of subscribed topics, for metrics and tests of leaks. */
  readonly topicCount: number;
}
