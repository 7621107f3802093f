import {
  createElement,
  type ReactElement,
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useSyncExternalStore,
} from 'react';
import type { ParleyClient } from '../client/client.js';
import type { Outbox } from '../outbox/outbox.js';
import { StoreContext, useStore } from './context.js';
import { Store } from './store.js';

export interface ParleyProviderProps {
  /** The same object at each rendering: another one begins everything anew. */
  client: ParleyClient;
  /** By default one of the provider's own, which is closed with it. */
  outbox?: Outbox;
  /** The number of messages that a conversation loads at first, and then at a time: 1 to 40, 20. */
  pageSize?: number;
  children?: ReactNode;
}

/** Gives the components below it a client. They share what they subscribe to. */
export function ParleyProvider(props: ParleyProviderProps): ReactElement {
  const { client, outbox, pageSize = 20, children } = props;
  const store = useMemo(() => new Store(client, outbox, pageSize), [client, outbox, pageSize]);
  useEffect(() => store.open(), [store]);
  return createElement(StoreContext.Provider, { value: store }, children);
}

/** The provider's client, for what no hook does, and the id of its user; null until it is known. */
export function useParley(): { client: ParleyClient; userId: string | null } {
  const store = useStore();
  const { client } = store;
  const userId = useSyncExternalStore(
    useCallback((listener: () => void) => store.watchUser(listener), [store]),
    () => store.userId,
    () => null,
  );
  return useMemo(() => ({ client, userId }), [client, userId]);
}
