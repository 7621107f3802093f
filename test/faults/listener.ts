import { resumable } from '@parley/client';
import { type Client, createClient, type FormattedExecutionResult } from 'graphql-ws';
import WebSocket from 'ws';
import type { Arena } from './arena';
import type { Close } from './closes';
import type { Place } from './place';

/** How a listener's subscription ended, if it did. */
export type Ending = 'FORBIDDEN' | { unexpected: unknown } | null;

type Result<Data> = FormattedExecutionResult<Data>;

/**
 * One client with one subscription that has a position. `resumable` leaves coming back to the library; `bare` does it
 * by hand.
 */
export abstract class Listener<Data extends object> {
  ending: Ending = null;
  connections = 0;
  /** The closes of its sockets, until it was stopped. */
  readonly closes: Close[] = [];
  after = 0;
  protected stopped = false;
  private client: Client | null = null;
  private socket: WebSocket | null = null;
  private readonly dropped = new WeakSet<WebSocket>();
  private release: () => void = () => {};
  private turn: number;

  constructor(
    protected readonly arena: Arena,
    readonly userId: string,
    readonly mode: 'resumable' | 'bare',
    place: number,
  ) {
    this.turn = place;
  }

  protected abstract readonly query: string;
  /** Beside `after`. */
  protected abstract readonly variables: Record<string, unknown>;
  /** The last position that it has. */
  abstract get last(): number;

  protected abstract take(data: Data): void;

  /** The connection is gone, without a word. */
  drop(): void {
    if (this.socket) this.dropped.add(this.socket);
    this.socket?.terminate();
  }

  /** Reads nothing for a while. */
  stall(forMs: number): void {
    const stalled = this.socket as unknown as {
      _socket?: { pause(): void; resume(): void };
    } | null;
    stalled?._socket?.pause();
    setTimeout(() => stalled?._socket?.resume(), forMs);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.release();
    // It rejects when it was just connecting.
    await this.client?.dispose()?.catch(() => {});
    this.socket?.terminate();
  }

  /** Begins to listen, from `last` on. */
  protected listen(): void {
    this.client = this.connect(this.mode === 'resumable' ? Number.POSITIVE_INFINITY : 0);
    this.subscribe(this.mode === 'resumable' ? resumable(this.client) : this.client);
  }

  private connect(retryAttempts: number): Client {
    let place: Place;
    const client = createClient({
      url: () => {
        place = this.nextPlace();
        return `${place.url.replace('http', 'ws')}/graphql`;
      },
      webSocketImpl: WebSocket,
      retryAttempts,
      retryWait: () => new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 150)),
      shouldRetry: () => true,
      lazyCloseTimeout: 0,
      connectionParams: { token: this.arena.token(this.userId) },
      onNonLazyError: () => {},
    });
    let opened: { socket: WebSocket; place: Place; life: number } | null = null;
    client.on('opened', (socket) => {
      this.socket = socket as WebSocket;
      opened = { socket: this.socket, place, life: place.lives.length - 1 };
    });
    client.on('closed', (event) => {
      if (opened && !this.stopped) this.noteClose(opened, event as WebSocket.CloseEvent);
      opened = null;
    });
    client.on('connected', () => {
      this.connections++;
    });
    return client;
  }

  private noteClose(
    { socket, place, life }: { socket: WebSocket; place: Place; life: number },
    { code, reason }: WebSocket.CloseEvent,
  ): void {
    const isOwn = this.dropped.has(socket);
    this.closes.push({ place, life, code, reason, at: Date.now(), isOwn });
  }

  private nextPlace(): Place {
    const places = this.arena.allPlaces;
    return places[this.turn++ % places.length]!;
  }

  private subscribe(client: Client): void {
    const variables = { ...this.variables, after: this.last };
    this.release = client.subscribe<Data>(
      { query: this.query, variables },
      {
        next: (result: Result<Data>) => {
          if (result.data) this.take(result.data);
          else this.fail(result.errors);
        },
        error: (error) => this.fail(error),
        complete: () => {
          if (!this.stopped) this.fail('complete');
        },
      },
    );
  }

  private fail(error: unknown): void {
    if (this.stopped) return;
    const codes = Array.isArray(error) ? error.map((one) => one.extensions?.code) : [];
    if (codes.includes('FORBIDDEN')) this.ending = 'FORBIDDEN';
    else if (this.mode === 'bare' && (!Array.isArray(error) || codes.includes('UNAVAILABLE')))
      setTimeout(() => !this.stopped && this.listen(), 50 + Math.random() * 150);
    else this.ending = { unexpected: error instanceof Error ? error.message : error };
  }
}
