import type { Arena } from './arena';
import { Listener } from './listener';

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

/**
 * One client that follows one conversation and keeps what it gets: its events, and the state that they make of what
 * it fetched at first.
 */
export class Follower extends Listener<{ conversationEvents: Event }> {
  readonly received: Event[] = [];
  /** When each came, ms. */
  readonly receivedAt = new Map<number, number>();
  protected readonly query = EVENTS;
  protected readonly variables: { conversationId: string };
  private readonly state = new Map<string, Entity>();

  constructor(
    arena: Arena,
    userId: string,
    readonly conversationId: string,
    mode: 'resumable' | 'bare',
    place: number,
  ) {
    super(arena, userId, mode, place);
    this.variables = { conversationId };
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
    this.listen();
  }

  get last(): number {
    return this.received.at(-1)?.sequence ?? this.after;
  }

  /** What a fresh look shows differently from what was followed: nothing, if all is well. */
  async differences(): Promise<string[]> {
    const snapshot = await this.fetch();
    if (!snapshot) return [];
    return snapshot.entities
      .filter(
        ({ id, ...entity }) =>
          JSON.stringify({ id, ...entity }) !== JSON.stringify(this.state.get(id)),
      )
      .map(
        (entity) =>
          `${JSON.stringify(entity)} is known as ${JSON.stringify(this.state.get(entity.id))}`,
      );
  }

  protected take({ conversationEvents: event }: { conversationEvents: Event }): void {
    this.received.push(event);
    this.receivedAt.set(event.sequence, Date.now());
    if (event.message) this.keep(event.message);
    if (event.offer) this.keep(event.offer);
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

  private keep(entity: Entity): void {
    const known = this.state.get(entity.id);
    if (!known || known.version < entity.version) this.state.set(entity.id, entity);
  }
}
