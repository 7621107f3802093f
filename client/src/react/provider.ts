import {
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useSyncExternalStore,
} from 'react';
import type { ParleyClient } from '../client/client.js';
import type { Outbox } from '../outbox/outbox.js';
import type { Source } from './source.js';
import { Store } from './store.js';

const Context = createContext<Store | null>(null);

export interface ParleyProviderProps {
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
  return createElement(Context.Provider, { value: store }, children);
}

/** @throws {Error} when there is no provider */
export function useStore(): Store {
  const store = useContext(Context);
  if (!store) throw new Error('The hooks of Parley need a <ParleyProvider> above them.');
  return store;
}

/**
 * Returns the state of the source with this key, which all components below the provider share.
 *
 * @param initial the state before there is a source, and on a server; always the same object
 */
export function useShared<State>(
  key: string,
  start: (store: Store) => Source<State>,
  initial: State,
  wish?: unknown,
): State {
  const store = useStore();
  // biome-ignore lint/correctness/useExhaustiveDependencies: The key says what is started.
  const subscribe = useCallback(
    (listener: () => void) => store.sources.listen(key, () => start(store), listener, wish),
    [store, key, wish],
  );
  return useSyncExternalStore(
    subscribe,
    () => store.sources.of<Source<State>>(key)?.state ?? initial,
    () => initial,
  );
}
