import { useMemo } from 'react';
import type { ParleyClient } from '../client/client.js';
import { useShared, useStore } from './provider.js';
import type { Source } from './source.js';

/** The id of the client's user; null until it is known. */
class User implements Source<string | null> {
  state: string | null;
  private readonly listeners = new Set<() => void>();
  private readonly stop: () => void;

  constructor(client: ParleyClient) {
    this.state = client.session?.userId ?? null;
    this.stop = client.onSession((session) => session && this.set(session.userId));
    if (this.state === null) void client.identify().then((id) => this.state ?? this.set(id));
  }

  subscribe(listener: () => void): () => void {
    const one = () => listener();
    this.listeners.add(one);
    return () => this.listeners.delete(one);
  }

  close(): void {
    this.listeners.clear();
    this.stop();
  }

  private set(id: string | null): void {
    this.state = id;
    for (const listener of [...this.listeners]) listener();
  }
}

/** The provider's client, for what no hook does, and the id of its user; null until it is known. */
export function useParley(): { client: ParleyClient; userId: string | null } {
  const { client } = useStore();
  const userId = useShared<string | null>('user', (store) => new User(store.client), null);
  return useMemo(() => ({ client, userId }), [client, userId]);
}
