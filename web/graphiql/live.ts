/**
 * The subscriptions that go on, and what they told. GraphiQL shows the newest event of one tab, and
 * ends a subscription when another tab is shown. Here it goes on until it is stopped, so that one
 * sees what the mutation of another tab causes.
 */
import { type Client, createClient } from 'graphql-ws';
import {
  authorizationOf,
  type Headers,
  type Observable,
  type Operation,
  type Sink,
} from './fetcher.js';

/** A subscription that goes on. */
export interface Following {
  id: number;
  name: string;
}

export interface LiveEvent {
  number: number;
  at: Date;
  /** The subscription's name. */
  name: string;
  /** The user who was signed in; empty with a token of the tab's own. */
  user: string;
  text: string;
}

export interface LiveState {
  followed: readonly Following[];
  /** The newest last. */
  events: readonly LiveEvent[];
  /** The state of the signed-in user's socket. */
  socket: 'closed' | 'connecting' | 'open';
}

export interface LiveOptions {
  url: string;
  /** The user who is signed in; null when nobody is. */
  user: () => { displayName: string; token: string } | null;
  webSocketImpl?: unknown;
}

interface Entry extends Following {
  key: string;
  /** True with a token of the tab's own. */
  hasToken: boolean;
  sink: Sink | null;
  end: () => void;
}

/** The number of events that are kept. */
const MOST_EVENTS = 100;
/** The key of the socket of the signed-in user, among those with headers of a tab. */
const USER = '{}';

export class Live {
  state: LiveState = { followed: [], events: [], socket: 'closed' };
  private entries: Entry[] = [];
  private count = 0;
  private shownTab: string | null = null;
  /** True in the turn of the event loop in which another tab is shown. */
  private isTabLeft = false;
  private readonly clients = new Map<string, Client>();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly options: LiveOptions) {}

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Follows a subscription. The same one again takes the place of the former. */
  readonly follow = (operation: Operation, own: Headers): Observable => ({
    subscribe: (sink) => {
      const key = JSON.stringify([operation, own]);
      for (const entry of this.entries.filter((one) => one.key === key)) this.stop(entry.id);
      const entry = this.begin(key, operation, own, sink);
      return { unsubscribe: () => this.unsubscribed(entry) };
    },
  });

  /**
   * Ends what the signed-in user has subscribed to, and says so, in place of the events that were
   * meant for this user. A subscription with a token of its tab's own goes on.
   */
  endUser(): void {
    this.change({ events: this.state.events.filter(({ user }) => user === '') });
    for (const { id, name, hasToken } of this.entries) {
      if (hasToken) continue;
      this.stop(id);
      this.keep(name, this.userName(), 'Ended, since another user has signed in.');
    }
    for (const [key, client] of this.clients)
      if (!hasToken(JSON.parse(key) as Headers)) client.terminate();
  }

  stop(id: number): void {
    const entry = this.entries.find((one) => one.id === id);
    if (!entry) return;
    this.remove(entry);
    entry.end();
    this.detach(entry);
  }

  clear(): void {
    this.change({ events: [] });
  }

  /** Takes notice of which tab is shown. */
  readonly tabChanged = (state: { tabs: { id: string }[]; activeTabIndex: number }): void => {
    const left = this.shownTab;
    this.shownTab = state.tabs[state.activeTabIndex]?.id ?? null;
    const isOpen = state.tabs.some(({ id }) => id === left);
    if (!isOpen || left === this.shownTab) return;
    this.isTabLeft = true;
    setTimeout(() => {
      this.isTabLeft = false;
      for (const entry of this.entries) this.detach(entry);
    });
  };

  /** GraphiQL tells the same when its user stops a subscription and when another tab is shown. */
  private unsubscribed(entry: Entry): void {
    entry.sink = null;
    queueMicrotask(() => {
      if (!this.isTabLeft) this.stop(entry.id);
    });
  }

  private begin(key: string, operation: Operation, own: Headers, sink: Sink): Entry {
    const name = operation.operationName ?? nameIn(operation.query);
    const entry: Entry = {
      id: ++this.count,
      name,
      key,
      hasToken: hasToken(own),
      sink,
      end: () => {},
    };
    this.entries.push(entry);
    this.changeFollowed();
    const tell = (result: object) => {
      this.keep(name, entry.hasToken ? '' : this.userName(), textOf(result));
      entry.sink?.next(result);
    };
    entry.end = this.clientOf(own).subscribe(
      { ...operation, variables: operation.variables ?? undefined },
      {
        next: (result) => tell(result),
        error: (error) => {
          tell({ errors: errorsOf(error) });
          this.ended(entry);
        },
        complete: () => this.ended(entry),
      },
    );
    return entry;
  }

  private ended(entry: Entry): void {
    this.remove(entry);
    this.detach(entry);
  }

  private remove(entry: Entry): void {
    this.entries = this.entries.filter((one) => one !== entry);
    this.changeFollowed();
  }

  /** Lets GraphiQL go on without a subscription. */
  private detach(entry: Entry): void {
    const { sink } = entry;
    entry.sink = null;
    sink?.complete();
  }

  private clientOf(own: Headers): Client {
    const key = JSON.stringify(own);
    const known = this.clients.get(key);
    if (known) return known;
    const { url, user, webSocketImpl } = this.options;
    const client = createClient({
      url: url.replace(/^http/, 'ws'),
      webSocketImpl,
      retryAttempts: Number.POSITIVE_INFINITY,
      retryWait,
      connectionParams: () => ({ ...authorizationOf(user()?.token ?? null), ...own }),
    });
    if (key === USER) {
      client.on('connecting', () => this.change({ socket: 'connecting' }));
      client.on('connected', () => this.change({ socket: 'open' }));
      client.on('closed', () => this.change({ socket: 'closed' }));
    }
    this.clients.set(key, client);
    return client;
  }

  private userName(): string {
    return this.options.user()?.displayName ?? '';
  }

  private keep(name: string, user: string, text: string): void {
    const event = { number: ++this.count, at: new Date(), name, user, text };
    this.change({ events: [...this.state.events, event].slice(-MOST_EVENTS) });
  }

  private changeFollowed(): void {
    this.change({ followed: this.entries.map(({ id, name }) => ({ id, name })) });
  }

  private change(part: Partial<LiveState>): void {
    this.state = { ...this.state, ...part };
    for (const listener of [...this.listeners]) listener();
  }
}

const hasToken = (own: Headers) => own.authorization !== undefined;

/** Waits before another attempt to connect: not for the first one, at most 8 s for the others. */
async function retryWait(attempts: number): Promise<void> {
  if (attempts === 0) return;
  const waitMs = 500 * 2 ** Math.min(attempts, 4) * (0.5 + Math.random() / 2);
  await new Promise((resolve) => setTimeout(resolve, waitMs));
}

function textOf(result: { data?: unknown; errors?: unknown }): string {
  return JSON.stringify(result.errors ? result : result.data);
}

function nameIn(query: string): string {
  return /\bsubscription\s+(\w+)/.exec(query)?.[1] ?? 'subscription';
}

/** Returns what ended a subscription as errors of GraphQL. */
function errorsOf(error: unknown): object[] {
  if (Array.isArray(error)) return error;
  const { code, reason, message } = error as { code?: number; reason?: string; message?: string };
  if (code === undefined) return [{ message: message ?? String(error) }];
  return [{ message: `The socket was closed: ${code} ${reason ?? ''}`.trim() }];
}
