import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { Source } from './source.js';
import type { Store } from './store.js';

export const StoreContext = createContext<Store | null>(null);

/** @throws {Error} when there is no provider */
export function useStore(): Store {
  const store = useContext(StoreContext);
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
  viewing?: boolean | 'visible',
): State {
  const store = useStore();
  // biome-ignore lint/correctness/useExhaustiveDependencies: The key says what is started.
  const subscribe = useCallback(
    (listener: () => void) => store.sources.listen(key, () => start(store), listener, viewing),
    [store, key, viewing],
  );
  return useSyncExternalStore(
    subscribe,
    () => store.sources.of<Source<State>>(key)?.state ?? initial,
    () => initial,
  );
}
