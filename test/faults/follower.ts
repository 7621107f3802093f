import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { resumable } from '../../client';
import type { Arena } from './arena';

const EVENTS = `subscription ($conversationId: ID!, $after: Int!) {
  conversationEvents(conversationId: $conversationId, after: $after) {
    sequence kind
    message { id version content }
    offer { id version status }
  }
}`;
const SNAPSHOT = `query ($id: ID!) {
  conversation(id: $id) {
    lastSequence
    messages(last: 100) { nodes { id version content } }
    offers(first: 100) { nodes { id version status } }
  }
}`;

interface Entity {
  id: string;
  version: number;
}
export interface Event {
  sequence: number;
  kind: string;
  message: Entity | null;
  offer: Entity | null;
}

/** How a follower's subscription ended, if it did. */
export type Ending = 'FORBIDDEN' | { unexpected: unknown } | null;

/**
 * One client that follows one conversation and keeps what it gets: its events, and the state that they make of what
 * it fetched at first. `resumable` leaves coming back to the library; `bare` does it by hand.
 */
export class Follower {
  readonly received: Event[] = [];
  /** When each came, ms. */
  readonly receivedAt = new Map<number, number>();
  ending: Ending = null;
  connections = 0;
  after = 0;
  private readonly state = new Map<string, Entity>();
  private client: Client | null = null;
  private socket: WebSocket | null = null;
  private release: () => void = () => {};
  private stopped = false;
  private turn: number;

  constructor(
    private readonly arena: Arena,
    readonly userId: string,
    readonly conversationId: string,
    readonly mode: 'resumable' | 'bare',
    place: number,
  ) {
    this.turn = place;
  }

  /** Fetches what is there, then follows from there on. */
  async start(): Promise<void> {
    const snapshot = await this.fetch();
    if (this.stopped) return;
    if (!snapshot) {
      this.ending = 'FORBIDDEN';
      return;
    }
    this.after = snapshot.lastSequence;
    for (const entity of snapshot.entities) this.keep(entity);
    if (this.mode === 'resumable') this.followResumably();
    else this.followBare();
  }

  get last(): number {
    return this.received.at(-1)?.sequence ?? this.after;
  }

  /** The connection is gone, without a word. */
  drop(): void {
    this.socket?.terminate();
  }

  /** Reads nothing for a while. */
  stall(forMs: number): void {
    const stalled = this.socket as unknown as { _socket?: { pause(): void; resume(): void } } | null;
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

  /** What a fresh look shows differently from what was followed: nothing, if all is well. */
  async differences(): Promise<string[]> {
    const snapshot = await this.fetch();
    if (!snapshot) return [];
    return snapshot.entities
      .filter(({ id, ...entity }) => JSON.stringify({ id, ...entity }) !== JSON.stringify(this.state.get(id)))
      .map((entity) => `${JSON.stringify(entity)} is known as ${JSON.stringify(this.state.get(entity.id))}`);
  }

  private async fetch(): Promise<{ lastSequence: number; entities: Entity[] } | null> {
    const { data } = await this.arena.insist(this.userId, SNAPSHOT, { id: this.conversationId });
    const conversation = data?.conversation as
      | { lastSequence: number; messages: { nodes: Entity[] }; offers: { nodes: Entity[] } }
      | undefined;
    if (!conversation) return null;
    const entities = [...conversation.messages.nodes, ...conversation.offers.nodes];
    return { lastSequence: conversation.lastSequence, entities };
  }

  private followResumably(): void {
    this.client = this.connect(Number.POSITIVE_INFINITY);
    this.subscribe(resumable(this.client));
  }

  private followBare(): void {
    this.client = this.connect(0);
    this.subscribe(this.client);
  }

  private connect(retryAttempts: number): Client {
    const client = createClient({
      url: () => `${this.nextPlace().replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts,
      retryWait: () => new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 150)),
      shouldRetry: () => true,
      lazyCloseTimeout: 0,
      connectionParams: { token: this.arena.token(this.userId) },
      onNonLazyError: () => {},
    });
    client.on('opened', (socket) => {
      this.socket = socket as WebSocket;
    });
    client.on('connected', () => {
      this.connections++;
    });
    return client;
  }

  private nextPlace(): string {
    const places = this.arena.allPlaces;
    return places[this.turn++ % places.length]!.url;
  }

  private subscribe(client: Client): void {
    const variables = { conversationId: this.conversationId, after: this.last };
    this.release = client.subscribe<{ conversationEvents: Event }>(
      { query: EVENTS, variables },
      {
        next: (result) => {
          if (result.data) this.take(result.data.conversationEvents);
          else this.fail(result.errors);
        },
        error: (error) => this.fail(error),
        complete: () => {
          if (!this.stopped) this.fail('complete');
        },
      },
    );
  }

  private take(event: Event): void {
    this.received.push(event);
    this.receivedAt.set(event.sequence, Date.now());
    if (event.message) this.keep(event.message);
    if (event.offer) this.keep(event.offer);
  }

  private keep(entity: Entity): void {
    const known = this.state.get(entity.id);
    if (!known || known.version < entity.version) this.state.set(entity.id, entity);
  }

  private fail(error: unknown): void {
    if (this.stopped) return;
    const codes = Array.isArray(error) ? error.map((one) => one.extensions?.code) : [];
    if (codes.includes('FORBIDDEN')) this.ending = 'FORBIDDEN';
    else if (this.mode === 'bare' && (!Array.isArray(error) || codes.includes('UNAVAILABLE')))
      setTimeout(() => !this.stopped && this.followBare(), 50 + Math.random() * 150);
    else if (codes.includes('UNAVAILABLE')) this.followAgain();
    else this.ending = { unexpected: error instanceof Error ? error.message : error };
  }

  /** The database was away when the subscription was asked for: a client asks again. */
  private followAgain(): void {
    setTimeout(() => {
      if (!this.stopped) this.subscribe(resumable(this.client!));
    }, 100);
  }
}
