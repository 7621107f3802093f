import { Payload } from './subscription.sink';
import type { Traffic } from './traffic';

/** Told when a rendering is settled. Must not throw, since others wait for the same rendering. */
export interface RenderingListener {
  onSettled(): void;
}

/** `left out` has no payload on purpose; `unavailable` could not be made now, but may be later. */
export type RenderingState = 'pending' | 'rendered' | 'left out' | 'unavailable';

/** A value as one selection shows it, for all subscribers who get the same. */
export class Rendering<Value> {
  state: RenderingState = 'pending';
  /** null unless it is rendered. */
  payload: Payload | null = null;
  /** True when another value was being rendered at the time, and may follow in the same turn. */
  mayBeFollowed = false;
  private listeners: RenderingListener[] = [];

  constructor(readonly value: Value) {}

  /** Calls `listener` once it is settled; listeners are called in the order in which they came. */
  whenSettled(listener: RenderingListener): void {
    this.listeners.push(listener);
  }

  settle(result: Payload | 'left out' | 'unavailable', mayBeFollowed: boolean): void {
    if (result instanceof Payload) {
      this.payload = result;
      this.state = 'rendered';
    } else this.state = result;
    this.mayBeFollowed = mayBeFollowed;
    const { listeners } = this;
    this.listeners = [];
    for (const listener of listeners) listener.onSettled();
  }
}

/** Renders the values of a subscription's stream. */
export interface Renderer<Value> {
  /** The counts to which the subscriber adds its deliveries. */
  readonly traffic: Traffic;
  render(value: Value): Rendering<Value>;
  /** A subscriber that used it has gone. */
  leave(): void;
}
