/** The outboxes of each client, so that `follow` shows what they hold. */
import type { Sending } from './sending.js';

/** An outbox as `follow` sees it. */
export interface Source {
  /** The sendings that were sent lately, then those that are not sent, each in its order. */
  readonly shown: readonly Sending[];
}

class Registry {
  readonly sources = new Set<Source>();
  readonly listeners = new Set<() => void>();
}

const registries = new WeakMap<object, Registry>();

function registryOf(client: object): Registry {
  let registry = registries.get(client);
  if (!registry) {
    registry = new Registry();
    registries.set(client, registry);
  }
  return registry;
}

/** Registers an outbox of the client until the returned function is called. */
export function register(client: object, source: Source): () => void {
  const { sources } = registryOf(client);
  sources.add(source);
  return () => sources.delete(source);
}

/** Tells those who show the client's outboxes that one of them has changed. */
export function changed(client: object): void {
  for (const listener of [...registryOf(client).listeners]) listener();
}

/** Calls the listener after each change until the returned function is called. */
export function onChange(client: object, listener: () => void): () => void {
  const { listeners } = registryOf(client);
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Returns what the client's outboxes hold for a conversation. */
export function sendingsOf(client: object, conversationId: string): Sending[] {
  return [...registryOf(client).sources]
    .flatMap(({ shown }) => shown)
    .filter((sending) => sending.conversationId === conversationId);
}
