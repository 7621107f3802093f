import { type BusEvent, KNOWN_ROWS } from '../events';
import type { Logger } from '../logger';
import { Listeners } from '../runtime/listeners';
import type { Bus, BusListener, BusMessage } from './bus';

/**
 * A bus for one node, within the process. Events are delivered right after the work that published
 * them, before anything else that waits for its turn, all of them in the order of `publish`. All
 * listeners of all its topics receive the same copy, frozen (but not what is nested in it): what
 * the publisher does to its event afterwards is seen by nobody.
 */
export class MemoryBus implements Bus {
  private readonly topics = new Map<string, Listeners<BusEvent>>();
  private readonly stateListeners: Listeners<boolean>;
  private queue: BusMessage[] = [];
  private running = false;
  private isScheduled = false;
  private isDraining = false;
  private readonly logFailure: (error: unknown) => void;
  private delivering = '';

  /** @param logger told of listeners that throw */
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

  /** Gives an event that came from elsewhere, and is frozen, to the topic's listeners at once. */
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
    // Events that listeners publish meanwhile get a turn of their own, so that nothing else
    // starves.
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
