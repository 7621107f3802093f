import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { Draft, Sending } from '../outbox/sending.js';
import { useStore } from './context.js';

const NONE: readonly Sending[] = [];

export interface OutboxHook {
  /** The pending and failed messages of all conversations, in the order in which they go out. */
  readonly sendings: readonly Sending[];
  /** Puts a message last. It returns at once. */
  send(draft: Draft): Sending;
  /** Makes a failed message pending again, and puts it last. */
  retry(sending: Sending): void;
  /** Removes a message that is not sent. Resolves to false when it was sent all the same. */
  drop(sending: Sending): Promise<boolean>;
}

/** The messages that are not sent yet. */
export function useOutbox(): OutboxHook {
  const store = useStore();
  const sendings = useSyncExternalStore(
    useCallback((listener: () => void) => store.outbox.subscribe(listener), [store]),
    () => (store.given ?? store.own)?.sendings ?? NONE,
    () => NONE,
  );
  const actions = useMemo(
    () => ({
      send: (draft: Draft) => store.outbox.send(draft),
      retry: (sending: Sending) => store.outbox.retry(sending),
      drop: (sending: Sending) => store.outbox.drop(sending),
    }),
    [store],
  );
  return useMemo(() => ({ sendings, ...actions }), [sendings, actions]);
}
