import type { Draft } from './sending.js';

/** A sending as it is stored. It can be cloned, as IndexedDB does. */
export interface Stored extends Draft {
  clientMessageId: string;
  createdAt: string;
  /** Greater for what was written or retried later. */
  order: number;
  /** The reason of the failure; null while it is pending. */
  error: { code: string; message: string; extensions: Record<string, unknown> } | null;
}

/** A place in which an outbox keeps what is not sent yet. */
export interface OutboxStorage {
  /** True when other pages use the same storage, so that one of them has to send for all. */
  readonly isShared: boolean;
  /** @returns what was put for the owner and not removed, in any order */
  load(owner: string): Promise<readonly Stored[]>;
  /** Puts a sending in place of the one with the same `clientMessageId`. */
  put(owner: string, stored: Stored): Promise<void>;
  remove(owner: string, clientMessageId: string): Promise<void>;
}

/** Keeps sendings as long as the object lives. */
export function memoryStorage(): OutboxStorage {
  const owners = new Map<string, Map<string, Stored>>();
  const of = (owner: string) => {
    if (!owners.has(owner)) owners.set(owner, new Map());
    return owners.get(owner)!;
  };
  return {
    isShared: false,
    load: async (owner) => [...of(owner).values()],
    put: async (owner, stored) => void of(owner).set(stored.clientMessageId, stored),
    remove: async (owner, id) => void of(owner).delete(id),
  };
}

const NAME = 'parley-outbox';

/** Keeps sendings in the browser's IndexedDB, over reloads and for all pages of the origin. */
export function indexedDbStorage(): OutboxStorage {
  let opened: Promise<IDBDatabase> | null = null;
  async function run<T>(mode: IDBTransactionMode, use: (store: IDBObjectStore) => IDBRequest<T>) {
    opened ??= open();
    opened.catch(() => {
      opened = null;
    });
    const transaction = (await opened).transaction(NAME, mode);
    const answer = use(transaction.objectStore(NAME));
    return new Promise<T>((resolve, reject) => {
      transaction.oncomplete = () => resolve(answer.result);
      transaction.onabort = () => reject(transaction.error);
    });
  }
  const range = (owner: string) => IDBKeyRange.bound([owner], [owner, []]);
  return {
    isShared: true,
    load: async (owner) => (await run('readonly', (s) => s.getAll(range(owner)))) as Stored[],
    async put(owner, stored) {
      await run('readwrite', (store) => store.put(stored, [owner, stored.clientMessageId]));
    },
    async remove(owner, id) {
      await run('readwrite', (store) => store.delete([owner, id]));
    },
  };
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(NAME);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      database.onversionchange = () => database.close();
      resolve(database);
    };
  });
}
