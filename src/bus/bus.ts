import type { BusEvent } from '../events';

/** A message on the bus: one event for one topic. */
export interface BusMessage {
  topic: string;
  event: BusEvent;
}

export type BusListener = (event: BusEvent) => void;

/**
 * Carries events to this node and to all other nodes. The bus may lose any event: the log is the
 * truth. A reader that must not miss a durable event finds the gap by the sequences, and reads the
 * log.
 *
 * Guarantees of every implementation:
 * - `subscribe` resolves once the subscription is in force. An event that any node publishes after
 *   that reaches the listener, as long as the bus is connected.
 * - Events that one node publishes to one topic arrive in the order of its `publish` calls.
 * - The publishing node's own listeners receive its events, too, even while the bus is away. They
 *   are called after `publish` has returned, and before any other work that waits for its turn of
 *   the event loop.
 * - An event that a listener publishes while it is called is delivered in a later turn of the event
 *   loop. Events that are published after it in the same turn wait with it.
 * - An event is delivered at most once. While the bus is away, events for other nodes are dropped
 *   without an error. `onStateChange` reports when the bus goes away and when it is back. Before it
 *   reports the return, every subscription has been restored.
 * - A listener that throws does not affect the other listeners.
 */
export interface Bus {
  /** Resolves once the bus is usable or known to be away. It does not reject when it is away. */
  start(): Promise<void>;
  /** Ends all subscriptions and connections. Afterwards `publish` does nothing. */
  stop(): Promise<void>;
  /** Sends without waiting, and never throws. Drops and counts events that cannot be sent. */
  publish(messages: readonly BusMessage[]): void;
  /**
   * Calls `listener` for each event of `topic`. While the bus is away this resolves at once, and
   * events of other nodes arrive once the bus is back.
   *
   * @returns a function that ends the subscription; the listener gets no event after that call
   */
  subscribe(topic: string, listener: BusListener): Promise<() => Promise<void>>;
  /** True while events can be sent and received. */
  readonly connected: boolean;
  /** Calls `listener` with the new value of `connected` at each change. */
  onStateChange(listener: (connected: boolean) => void): void;
  /** The number of subscribed topics, for the metrics and for tests that look for leaks. */
  readonly topicCount: number;
  /** The messages for other nodes that this node could not send since it started. */
  readonly droppedCount: number;
}
