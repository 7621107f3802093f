import { ApolloLink } from '@apollo/client';
import { map } from 'rxjs';

interface Entity {
  __typename: string;
  id: string;
  [field: string]: unknown;
}

/** What of two states of an object is the newer one: the greater number here. */
const VERSIONS: Record<string, string> = {
  Message: 'version',
  Offer: 'version',
  Notification: 'sequence',
};

/**
 * Lets nothing that is older into a cache than what it has already. Answers and events overtake one another: each
 * comes by a way of its own.
 *
 * A link and no type policy: in Apollo's normalised cache a merge function sees neither the other fields of its object
 * nor, of an object with an id, what is coming in.
 *
 * - A message or an offer has a `version`, a notification a `sequence`: the greater one stays.
 * - Badges have `lastNotificationSequence`, but an unread message that notified nobody changes them too. So
 *   `inboxUpdated`, whose events come in order, is always right; everything else where its sequence is greater.
 * - What a conversation is to the viewer has no version. `conversationUpdated` is always right, and whatever else
 *   was asked for before its last event of that conversation came is not.
 */
export class Newest extends ApolloLink {
  private readonly known = new Map<string, Entity>();
  /** How many events of a conversation have come. */
  private readonly told = new Map<string, number>();

  constructor() {
    super((operation, forward) => {
      const authority = operation.operationName ?? '';
      const before = operation.operationType === 'subscription' ? null : new Map(this.told);
      return forward(operation).pipe(
        map((result) => ({
          ...result,
          data: this.keep(result.data, authority, before) as typeof result.data,
        })),
      );
    });
  }

  /** It is the viewer's no more; if it comes back, it comes anew. */
  forget(conversationId: string): void {
    this.known.delete(`Conversation ${conversationId}`);
  }

  private keep(
    value: unknown,
    authority: string,
    before: ReadonlyMap<string, number> | null,
  ): unknown {
    if (Array.isArray(value)) return value.map((one) => this.keep(one, authority, before));
    if (value === null || typeof value !== 'object') return value;
    const chosen = isEntity(value) ? this.choose(value, authority, before) : value;
    return Object.fromEntries(
      Object.entries(chosen).map(([field, inner]) => [field, this.keep(inner, authority, before)]),
    );
  }

  private choose(
    entity: Entity,
    authority: string,
    before: ReadonlyMap<string, number> | null,
  ): Entity {
    const key = `${entity.__typename} ${entity.id}`;
    const known = this.known.get(key);
    if (entity.__typename === 'Conversation' && authority === 'ConversationUpdated')
      this.told.set(entity.id, (this.told.get(entity.id) ?? 0) + 1);
    if (known && !this.isNewer(entity, known, authority, before))
      return Object.fromEntries(
        Object.entries(entity).map(([field, value]) => [field, known[field] ?? value]),
      ) as Entity;
    this.known.set(key, { ...known, ...entity });
    return entity;
  }

  private isNewer(
    entity: Entity,
    known: Entity,
    authority: string,
    before: ReadonlyMap<string, number> | null,
  ) {
    const version = VERSIONS[entity.__typename];
    if (version) return numberIn(entity, version) >= numberIn(known, version);
    if (entity.__typename === 'Inbox')
      return (
        authority === 'InboxUpdated' ||
        numberIn(entity, 'lastNotificationSequence') > numberIn(known, 'lastNotificationSequence')
      );
    if (entity.__typename === 'Conversation' && authority !== 'ConversationUpdated')
      return before !== null && before.get(entity.id) === this.told.get(entity.id);
    return true;
  }
}

function isEntity(value: object): value is Entity {
  return '__typename' in value && 'id' in value;
}

function numberIn(entity: Entity, field: string): number {
  return Number(entity[field] ?? 0);
}
