import type { ParleyClient } from '@parley/client';

/** The subscriptions of a client that go on, by the names of their operations, sorted. */
export interface Subscriptions {
  readonly active: readonly string[];
  /** All that were ever begun. */
  readonly begun: readonly string[];
}

/** Observes what a client subscribes to from now on. */
export function observeSubscriptions({ socket }: ParleyClient): Subscriptions {
  const active = new Map<symbol, string>();
  const begun: string[] = [];
  const { subscribe } = socket;
  socket.subscribe = (payload, sink) => {
    const key = Symbol();
    const name = String(payload.operationName);
    active.set(key, name);
    begun.push(name);
    const stop = subscribe(payload, {
      next: (value) => sink.next(value as never),
      error: (error) => {
        active.delete(key);
        sink.error(error);
      },
      complete: () => {
        active.delete(key);
        sink.complete();
      },
    });
    return () => {
      active.delete(key);
      stop();
    };
  };
  return {
    begun,
    get active() {
      return [...active.values()].sort();
    },
  };
}
