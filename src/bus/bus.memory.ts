import { type BusEvent, KNOWN_ROWS } from '../events';
import type { Logger } from '../logger';
import { Listeners } from '../runtime/listeners';
import type { Bus, BusListener, BusMessage } from './bus';

/**
 * A bus for one node, within the process.
 *
 * Events are delivered in a microtask, so right after the work that published them and before any
 * other work that waits for its turn. They are delivered in the order of the `publish` calls.
 *
 * An event that one `publish` call sends to several topics is copied once, and all their listeners
 * receive the same copy. So no listener sees a field that the publisher changes afterwards. The
 * copy is frozen, but objects within it are neither copied nor frozen.
 */
export class MemoryBus implements Bus {
  /** No other node misses anything. */
  readonly droppedCount = 0;
  private readonly topics = new Map<string, Listeners<BusEvent>>();
  private readonly stateListeners: Listeners<boolean>;
  private queue: BusMessage[] = [];
  private running = false;
  private isScheduled = false;
  private isDraining = false;
  private readonly logFailure: (error: unknown) => void;
  private delivering = '';

  /** @param logger gets one line for each listener that throws */
  constructor(logger: Logger) {
    this.stateListeners = new Listeners((err) =>
      logger.error({ err }, 'bus: a listener of its state failed'),
    );
    this.logFailure = (err) =>
      logger.error({ err, topic: this.delivering }, 'bus: a listener failed');
  }

  get connected(): boolean {
    return this.running;
  }

  get topicCount(): number {
    return this.topics.size;
  }

  async start(): Promise<void> {
    this.setRunning(true);
  }

  async stop(): Promise<void> {
    for (const listeners of this.topics.values()) listeners.clear();
    this.topics.clear();
    this.queue = [];
    this.setRunning(false);
  }

  publish(messages: readonly BusMessage[]): void {
    if (!this.running) return;
    const copies = new Map<BusEvent, BusEvent>();
    for (const { topic, event } of messages) {
      if (!this.topics.has(topic)) continue;
      const copy = copies.get(event) ?? Object.freeze({ ...event });
      copies.set(event, copy);
      this.queue.push({ topic, event: copy });
    }
    if (this.queue.length > 0) this.schedule();
  }

  /** Passes an event, which must be frozen already, to the topic's listeners at once. */
  deliver(topic: string, event: BusEvent): void {
    this.delivering = topic;
    this.topics.get(topic)?.deliver(event);
  }

  async subscribe(topic: string, listener: BusListener): Promise<() => Promise<void>> {
    const listeners = this.topics.get(topic) ?? this.listenersOf(topic);
    const end = listeners.add(listener);
    return async () => {
      end();
      if (listeners.size === 0 && this.topics.get(topic) === listeners) this.topics.delete(topic);
    };
  }

  onStateChange(listener: (connected: boolean) => void): void {
    this.stateListeners.add(listener);
  }

  private listenersOf(topic: string): Listeners<BusEvent> {
    const listeners = new Listeners<BusEvent>(this.logFailure);
    this.topics.set(topic, listeners);
    return listeners;
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    // Events that listeners publish during a delivery wait for a turn of their own. In microtasks
    // they could keep all other work waiting for ever.
    if (this.isDraining) setImmediate(this.drain);
    else queueMicrotask(this.drain);
  }

  private readonly drain = (): void => {
    const due = this.queue;
    this.queue = [];
    this.isScheduled = false;
    this.isDraining = true;
    for (const { topic, event } of due) this.deliver(topic, event);
    for (const { event } of due)
      if (event.name === 'log.appended' && event[KNOWN_ROWS]) event[KNOWN_ROWS].rows = null;
    this.isDraining = false;
  };

  private setRunning(running: boolean): void {
    if (this.running === running) return;
    this.running = running;
    this.stateListeners.deliver(running);
  }
}
