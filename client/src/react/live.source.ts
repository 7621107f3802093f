import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { ParleyClient } from '../client/client.js';
import type { ParleyError } from '../client/parley.error.js';
import { isFinal, retrying } from '../follow/retrying.js';
import { backOffMs, leastWaitMs } from '../resumable/retry.js';
import type { Source } from './source.js';
import type { Live } from './state.js';

/** The time for which the first fetch waits for a connection. */
const PATIENCE_MS = 1_000;
/** The time after which everything is fetched again, and a random part of up to the same. */
const SECOND_LOOK_MS = 2_000;

/**
 * A state that follows hints, which may be lost while the connection is away. So everything is
 * fetched again after each connection, and the state is not `live` before that. A subscription to
 * hints is not acknowledged, so a change may fall between the fetch and its beginning. Therefore
 * everything is fetched once more a few seconds later.
 */
export abstract class LiveSource<State extends Live> implements Source<State> {
  private readonly listeners = new Set<() => void>();
  private readonly stops: (() => void)[];
  private patience: ReturnType<typeof setTimeout> | undefined;
  private syncing: AbortController | null = null;
  /** The second look at what this connection brought; undefined before it is to come. */
  private secondLook: ReturnType<typeof setTimeout> | undefined;
  private hasEnded = false;

  constructor(
    protected readonly client: ParleyClient,
    public state: State,
  ) {
    this.stops = [client.onSession(() => this.connectionChanged())];
    if (client.session) queueMicrotask(() => this.syncing ?? this.sync());
    else this.awaitConnection();
  }

  /**
   * Fetches the state, and is called again after a failure that passes. A kind without it
   * has a subscription that tells the present state first.
   */
  protected fetch?(signal: AbortSignal): Promise<void>;

  /** Called when there is another connection, before anything comes over it. */
  protected connected?(): void;

  subscribe(listener: () => void): () => void {
    const one = () => listener();
    this.listeners.add(one);
    return () => this.listeners.delete(one);
  }

  close(): void {
    this.listeners.clear();
    this.end(null);
  }

  protected set(change: Partial<State>): void {
    this.state = Object.freeze({ ...this.state, ...change });
    for (const listener of [...this.listeners]) listener();
  }

  /** True while what is fetched has not come. */
  protected get isSyncing(): boolean {
    return this.syncing !== null;
  }

  /** Fetches everything again, however often that has to be tried. */
  protected sync(): void {
    if (this.hasEnded) return;
    this.syncing?.abort();
    const controller = new AbortController();
    this.syncing = controller;
    const { signal } = controller;
    void retrying(async () => this.fetch?.(signal), signal).then((error) => {
      if (signal.aborted) return;
      this.syncing = null;
      if (error) this.end(error);
      else this.synced();
    });
  }

  /** Subscribes until the end, again and again when it is refused for a reason that passes. */
  protected hear<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: () => Variables,
    next: (data: Data) => void,
  ): void {
    let failures = 0;
    let wait: ReturnType<typeof setTimeout> | undefined;
    let stop = () => {};
    const start = () => {
      stop = this.client.subscribe(document, variables(), {
        next: (data) => {
          failures = 0;
          next(data);
        },
        complete: () => this.end(null),
        error: (error) => {
          if (isFinal(error)) {
            this.end(error);
            return;
          }
          const leastMs = leastWaitMs(error.extensions.retryAfterMs);
          wait = setTimeout(
            () => {
              start();
              this.sync();
            },
            backOffMs(failures++, leastMs),
          );
        },
      });
    };
    this.stops.push(() => {
      clearTimeout(wait);
      stop();
    });
    start();
  }

  protected end(error: ParleyError | null): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    clearTimeout(this.patience);
    clearTimeout(this.secondLook);
    this.syncing?.abort();
    this.syncing = null;
    for (const stop of this.stops) stop();
    this.set({ status: 'ended', error } as Partial<State>);
  }

  private synced(): void {
    const { session } = this.client;
    this.set({ status: session ? 'live' : 'catching-up' } as Partial<State>);
    if (!session || !this.fetch) return;
    const ms = SECOND_LOOK_MS * (1 + Math.random());
    this.secondLook ??= setTimeout(() => this.syncing ?? this.sync(), ms);
  }

  private awaitConnection(): void {
    this.patience = setTimeout(() => this.fetch && (this.syncing ?? this.sync()), PATIENCE_MS);
  }

  private connectionChanged(): void {
    this.syncing?.abort();
    this.syncing = null;
    clearTimeout(this.patience);
    clearTimeout(this.secondLook);
    this.secondLook = undefined;
    if (this.state.status === 'live') this.set({ status: 'catching-up' } as Partial<State>);
    if (!this.client.session) {
      if (this.state.status === 'loading') this.awaitConnection();
      return;
    }
    this.connected?.();
    this.sync();
  }
}
