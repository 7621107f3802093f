/**
 * A client of one Parley server: operations over HTTP, and subscriptions over one socket that comes
 * back by itself and goes on where it stopped.
 */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type Client, createClient as createSocketClient, type SubscribePayload } from 'graphql-ws';
import { type ResumableClient, resumable } from '../resumable/resumable.js';
import { backOffMs, isRetriableClose } from '../resumable/retry.js';
import { request } from './http.js';
import { findLogEnd } from './log.ends.js';
import { byId, operationOf, type RequestOptions, type VariablesOf } from './operation.js';
import { errorOf, errorOfSubscription, ParleyError } from './parley.error.js';
import { Renewal } from './renewal.js';
import { Wake } from './wake.js';

export interface ParleyClientOptions {
  /** The address of the GraphQL endpoint, `http:` or `https:`. The socket's URL follows from it. */
  url: string;
  /** A token, or a function that returns a valid one, called for each request and connection. */
  token: string | (() => string | Promise<string>);
  /** The implementation of WebSocket, where there is no global one. */
  webSocketImpl?: unknown;
  /** By default the global one. */
  fetch?: typeof fetch;
  /**
   * True for a server that runs persisted operations alone (`PERSISTED_ONLY`). Documents are then
   * sent by their ids, `__meta__.hash`, which `npx parley-manifest` tells the server. By default
   * false.
   */
  persistedOperations?: boolean;
}

/** The connection, as the server has acknowledged it. */
export interface Session {
  userId: string;
  connectionId: string;
  /** The epoch of the positions that its events have. */
  logEpoch: string;
  /** ISO 8601; null for a token without an expiry. It moves on when the session is renewed. */
  expiresAt: string | null;
}

export interface Listener<Data> {
  next(data: Data): void;
  /** It has ended. Outages, and refusals that pass, are not told: it goes on by itself. */
  error?(error: ParleyError): void;
  /** It was ended by the server, or by the client's end. */
  complete?(): void;
}

export interface ParleyClient {
  readonly url: string;
  /** The present connection; null while there is none. */
  readonly session: Session | null;
  /** Below `subscribe`, for what has no typed document. */
  readonly socket: ResumableClient;

  /**
   * Executes a query or a mutation over HTTP.
   *
   * @throws {ParleyError} when it failed, also in a part, or the client was disposed before it was
   *   sent; the signal's reason when that ended it
   */
  request<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    ...[variables, options]: VariablesOf<Variables>
  ): Promise<Data>;

  /**
   * Below `request`, for what has no typed document.
   *
   * @throws {ParleyError} as `request` does
   */
  execute(operation: SubscribePayload, options?: RequestOptions): Promise<unknown>;

  /**
   * Starts a subscription. One with an `after` variable goes on exactly where it stopped. Without a
   * value for it, it begins now. One to all conversations misses what happens during an outage.
   *
   * @returns a function that ends it, after which the listener is not called
   */
  subscribe<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    listener: Listener<Data>,
  ): () => void;

  /**
   * Calls the listener when the connection comes and goes.
   *
   * @returns a function that ends it
   */
  onSession(listener: (session: Session | null) => void): () => void;

  /**
   * Returns the id of the user: that of the connection or, when there is none, the `sub` of the
   * token. Null when neither is known.
   */
  identify(): Promise<string | null>;

  /**
   * Ends the connection and what goes on over it. A later subscription completes at once, and a
   * later request fails with CLIENT_DISPOSED. One that was sent before still gets its answer.
   */
  dispose(): void;
}

/** Creates a client. It connects when the first subscription needs it. */
export function createParleyClient(options: ParleyClientOptions): ParleyClient {
  return new HttpAndSocket(options);
}

class HttpAndSocket implements ParleyClient {
  readonly url: string;
  readonly socket: ResumableClient;
  session: Session | null = null;
  private readonly wake = new Wake();
  private readonly renewal: Renewal;
  /** The token of the connection that is being made, or is there. */
  private presented: string | null = null;
  private attempts = 0;
  /** True when the last socket ended, or failed, without a word of the server. */
  private wasCut = false;
  private isDisposed = false;
  private readonly listeners = new Set<(session: Session | null) => void>();

  constructor(private readonly options: ParleyClientOptions) {
    this.url = absolute(options.url);
    const client = createSocketClient({
      url: this.url.replace(/^http/, 'ws'),
      webSocketImpl: options.webSocketImpl,
      connectionParams: async () => ({ token: await this.tokenAtLast() }),
      retryAttempts: Number.POSITIVE_INFINITY,
      retryWait: (retries) => this.wake.wait(backOffMs(retries, 1_000)),
      shouldRetry: isRetriableClose,
    });
    const ending = endingWith(client, () => this.isDisposed);
    const sending = options.persistedOperations ? sendingIds(ending) : ending;
    this.socket = resumable(sending, { findLogEnd });
    this.wake.listen(() => this.socket.wake());
    this.renewal = new Renewal(this.socket, {
      token: () => this.token(),
      renewed: (expiresAt) => {
        if (this.session) this.session = { ...this.session, expiresAt };
      },
    });
    client.on('connected', (_, acknowledgement) => {
      const session = acknowledgement as unknown as Session;
      this.renewal.connected(this.presented, session.expiresAt);
      this.changed(session);
    });
    client.on('closed', (event) => {
      this.wasCut = isCut(event);
      this.renewal.stop();
      this.changed(null);
    });
  }

  async request<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    ...[variables, options]: VariablesOf<Variables>
  ): Promise<Data> {
    return (await this.execute(operationOf(document, variables), options)) as Data;
  }

  async execute(operation: SubscribePayload, { signal }: RequestOptions = {}): Promise<unknown> {
    const { persistedOperations, fetch: fetched = fetch } = this.options;
    const http = { url: this.url, fetch: fetched, token: () => this.tokenOfRequest() };
    const answer = await request(http, persistedOperations ? byId(operation) : operation, signal);
    // A server that answers can be reached again, however long the wait for it has become.
    if (this.session === null && this.wasCut) this.wake.endWaits();
    return answer;
  }

  subscribe<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    listener: Listener<Data>,
  ): () => void {
    let isWanted = true;
    const stop = this.socket.subscribe<Data>(operationOf(document, variables), {
      next: ({ data, errors }) => {
        if (!isWanted) return;
        if (data !== null && data !== undefined) listener.next(data);
        else if (errors && errors.length > 0) listener.error?.(errorOf(errors));
      },
      error: (problem) => {
        if (isWanted) listener.error?.(errorOfSubscription(problem));
      },
      complete: () => {
        if (isWanted) listener.complete?.();
      },
    });
    return () => {
      isWanted = false;
      stop();
    };
  }

  onSession(listener: (session: Session | null) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async identify(): Promise<string | null> {
    const token = this.session ? null : await this.token().catch(() => null);
    return this.session?.userId ?? subjectOf(token);
  }

  dispose(): void {
    this.isDisposed = true;
    this.renewal.stop();
    this.wake.dispose();
    // It rejects when a connection that was being made fails.
    Promise.resolve(this.socket.dispose()).catch(() => {});
  }

  private async token(): Promise<string> {
    const { token } = this.options;
    return typeof token === 'string' ? token : await token();
  }

  /**
   * Returns a token for a request that is sent next.
   *
   * @throws {ParleyError} CLIENT_DISPOSED when the client was disposed, also while the token came
   */
  private async tokenOfRequest(): Promise<string> {
    this.refuseDisposed();
    const token = await this.token();
    this.refuseDisposed();
    return token;
  }

  private refuseDisposed(): void {
    if (this.isDisposed)
      throw new ParleyError('CLIENT_DISPOSED', 'The client was disposed. Create another one.');
  }

  /**
   * Returns a token for a connection. A function that throws is called again until it returns one,
   * or the connection has ended meanwhile: the server closes it with 4408 after a few seconds, and
   * another attempt follows.
   */
  private async tokenAtLast(): Promise<string | null> {
    const attempt = ++this.attempts;
    for (let failures = 0; ; failures++) {
      try {
        const token = await this.token();
        if (attempt === this.attempts) this.presented = token;
        return token;
      } catch {
        await this.wake.wait(backOffMs(failures, 500));
        if (attempt !== this.attempts || this.isDisposed) return null;
      }
    }
  }

  private changed(session: Session | null): void {
    if (session === null && this.session === null) return;
    this.session = session;
    for (const listener of [...this.listeners]) listener(session);
  }
}

/** Returns true for the end of a socket that nobody gave a reason for, as of a lost network. */
function isCut(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'code' in event && event.code === 1006;
}

/** Returns the client that does not connect again after its end, as graphql-ws itself would. */
function endingWith(client: Client, isDisposed: () => boolean): Client {
  return {
    ...client,
    subscribe(payload, sink) {
      if (!isDisposed()) return client.subscribe(payload, sink);
      queueMicrotask(() => sink.complete());
      return () => {};
    },
  };
}

/** Returns the client with subscriptions that leave without their texts. */
function sendingIds(client: Client): Client {
  return { ...client, subscribe: (payload, sink) => client.subscribe(byId(payload), sink) };
}

/** Returns the `sub` of a JSON Web Token, unverified, or null when the text is none. */
function subjectOf(token: string | null): string | null {
  try {
    const base64 = token!.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/');
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const { sub } = JSON.parse(new TextDecoder().decode(bytes)) as { sub?: unknown };
    return typeof sub === 'string' ? sub : null;
  } catch {
    return null;
  }
}

/** Returns the URL as it is seen from the page, without its hash. */
function absolute(url: string): string {
  const base = typeof location === 'undefined' ? undefined : location.href;
  const parsed = new URL(url, base);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')
    throw new TypeError(`url has to be one of http: or https:, and not ${parsed.protocol}`);
  parsed.hash = '';
  return parsed.href;
}
