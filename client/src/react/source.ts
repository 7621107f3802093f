import type { RoomStatus } from '../follow/room.js';

/**
 * - `loading`: nothing has come yet.
 * - `live`: it is up to date, and what changes comes by itself.
 * - `catching-up`: the connection is away, or what was missed has not come yet.
 * - `ended`: nothing comes any more, with the reason in `error`.
 */
export type Status = RoomStatus;

/** A state that changes by itself until it is closed. */
export interface Source<State> {
  /** The same object until something changes. */
  readonly state: State;
  subscribe(listener: () => void): () => void;
  close(): void;
  /** The hooks that show it have changed: gets what each of them wishes. */
  wished?(wishes: readonly unknown[]): void;
}

interface Entry {
  source: Source<unknown>;
  /** One for each listener. */
  leases: Set<{ wish: unknown }>;
}

/**
 * The sources that the hooks of one provider share. The first listener starts a source. It is
 * closed in the turn after the last one has left, so a source lives on when React unmounts and
 * mounts its components in one go, as in StrictMode and when a view is replaced by another.
 */
export class Sources {
  private readonly entries = new Map<string, Entry>();

  /** Returns the source with this key, whose kind the key says; undefined when nobody listens. */
  of<Kind extends Source<unknown>>(key: string): Kind | undefined {
    return this.entries.get(key)?.source as Kind | undefined;
  }

  /** Calls the listener after each change, until the returned function is called. */
  listen<State>(
    key: string,
    start: () => Source<State>,
    listener: () => void,
    wish?: unknown,
  ): () => void {
    let entry = this.entries.get(key);
    if (!entry) {
      entry = { source: start(), leases: new Set() };
      this.entries.set(key, entry);
    }
    const { source, leases } = entry;
    const lease = { wish };
    const stop = source.subscribe(listener);
    leases.add(lease);
    this.wished(entry);
    return () => {
      stop();
      if (leases.delete(lease)) setTimeout(() => this.left(key, entry));
    };
  }

  private left(key: string, entry: Entry): void {
    if (this.entries.get(key) !== entry) return;
    if (entry.leases.size > 0) this.wished(entry);
    else {
      this.entries.delete(key);
      entry.source.close();
    }
  }

  private wished({ source, leases }: Entry): void {
    source.wished?.([...leases].map(({ wish }) => wish));
  }
}
