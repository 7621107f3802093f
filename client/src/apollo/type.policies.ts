import type { TypePolicies, TypePolicy } from '@apollo/client/cache';
import { FILTERS, MUTATIONS, SUBSCRIPTIONS } from '../cache/fields.js';
import { Streams } from '../cache/history.js';
import { oldKeyOf, VERSIONS } from '../cache/versions.js';
import { landing } from './landing.js';
import { messagesPolicy, newestFirstPolicy, newestOf, refOf, Writing } from './lists.js';

/**
 * Returns what an InMemoryCache has to know of Parley: how pages, live events and mutations'
 * answers make one list, and that no object of a smaller version replaces one of a greater.
 * `parleyLink` keeps in order what has no version.
 */
export function parleyTypePolicies(): TypePolicies {
  const streams = new Streams();
  const writing = new Writing();
  const lands = (names: readonly string[]): TypePolicy => ({
    fields: Object.fromEntries(names.map((name) => [name, landing(streams, writing)])),
  });
  const ofQuery = () => 'ROOT_QUERY';
  const policies: TypePolicies = {
    Query: {
      fields: {
        conversations: newestFirstPolicy('conversations', FILTERS.conversations, ofQuery),
        notifications: newestFirstPolicy('notifications', FILTERS.notifications, ofQuery),
        offers: newestFirstPolicy('offers', FILTERS.offers, ofQuery),
      },
    },
    Mutation: lands(MUTATIONS),
    Subscription: lands(SUBSCRIPTIONS),
  };
  for (const [typename, field] of Object.entries(VERSIONS))
    policies[typename] = versioned(typename, field, writing);
  policies.Conversation!.fields = {
    messages: messagesPolicy(writing),
    offers: newestFirstPolicy(
      'offers',
      FILTERS.offers,
      (nodes, readField) => `Conversation:${writing.idOf(nodes, readField)}`,
    ),
    participants: { merge: (_existing, incoming) => incoming.map(newestOf) },
  };
  return policies;
}

type KeyFieldsFunction = Extract<TypePolicy['keyFields'], (...args: never[]) => unknown>;

/**
 * An object that comes in with less than the cache's has is written under another key, and is read
 * under its own. A merge function could not keep it out, as it sees only one field.
 */
function versioned(typename: string, field: string, writing: Writing): TypePolicy {
  const keyFields: KeyFieldsFunction = (object, { readField }) => {
    if (object.id === undefined) return undefined;
    if (typename === 'Conversation' && ('messages' in object || 'offers' in object))
      writing.note(String(object.id), object.lastSequence);
    const key = `${typename}:${object.id}`;
    const incoming = object[field];
    if (typeof incoming !== 'number') return key;
    const existing = readField(field, refOf(key));
    return typeof existing === 'number' && existing > incoming ? oldKeyOf(key) : key;
  };
  return { keyFields, merge: (_existing, incoming) => newestOf(incoming) };
}
