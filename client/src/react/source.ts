type Viewing = boolean | 'visible';

/** A state that changes by itself until it is closed. */
export interface Source<State> {
  /** The same object until something changes. */
  readonly state: State;
  subscribe(listener: () => void): () => void;
  setViewing?(viewing: Viewing): void;
  close(): void;
}

interface Entry {
  source: Source<unknown>;
  /** One for each listener. */
  leases: Set<{ viewing: Viewing }>;
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
  listen(
    key: string,
    start: () => Source<unknown>,
    listener: () => void,
    viewing: Viewing = false,
  ): () => void {
    const entry = this.entries.get(key) ?? { source: start(), leases: new Set() };
    this.entries.set(key, entry);
    const lease = { viewing };
    const stop = entry.source.subscribe(listener);
    entry.leases.add(lease);
    this.update(key, entry);
    return () => {
      stop();
      entry.leases.delete(lease);
      setTimeout(() => this.update(key, entry));
    };
  }

  /** A source is viewed as much as one of its listeners wishes. */
  private update(key: string, { source, leases }: Entry): void {
    const wishes = new Set([...leases].map(({ viewing }) => viewing));
    if (wishes.size > 0)
      source.setViewing?.(wishes.has(true) || (wishes.has('visible') && 'visible'));
    else if (this.of(key) === source) {
      this.entries.delete(key);
      source.close();
    }
  }
}
