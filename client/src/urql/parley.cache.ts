import type {
  Cache,
  KeyingConfig,
  Resolver,
  ResolverConfig,
  UpdateResolver,
  UpdatesConfig,
  Variables,
} from '@urql/exchange-graphcache';
import { FILTERS, MUTATIONS, SUBSCRIPTIONS } from '../cache/fields.js';
import { Streams } from '../cache/history.js';
import { newestKeyOf, oldKeyOf, VERSIONS } from '../cache/versions.js';
import { Kept } from './kept.js';
import { landing, pageUpdates } from './updates.js';

/** The objects that have no id. */
const WITHOUT_KEYS =
  'Attachment ConversationEvent ConversationUpdate CustomEvent MessageUpdate OfferItem ' +
  'OfferTransition OfferUpdate ReadReceipt TypingEvent ViewerEvent';

/** The fields that hold an object with a version. */
const LINKS: Readonly<Record<string, string>> = {
  Conversation: 'lastMessage participants',
  Message: 'replyTo',
  Notification: 'conversation inbox message offer',
  Offer: 'conversation',
  Query: 'conversation inbox offer',
};

/**
 * Returns what a Graphcache has to know of Parley: how pages, live events and mutations' answers
 * make one list, and that no object of a smaller version replaces one of a greater.
 * `parleyExchange` keeps in order what has no version.
 */
export function parleyCache(): {
  keys: KeyingConfig;
  resolvers: ResolverConfig;
  updates: UpdatesConfig;
} {
  const kept = new Kept();
  const land = landing(kept, new Streams());
  const lands = (names: readonly string[]): Record<string, UpdateResolver> =>
    Object.fromEntries(names.map((name) => [name, land]));
  return {
    keys: keys(),
    resolvers: resolvers(kept),
    updates: {
      ...pageUpdates(kept),
      Mutation: lands(MUTATIONS),
      Subscription: lands(SUBSCRIPTIONS),
    },
  };
}

/** An object that comes in with less than was seen of it is put under another key. */
function keys(): KeyingConfig {
  const seen = new Map<string, number>();
  const config: KeyingConfig = {};
  for (const name of WITHOUT_KEYS.split(' ')) config[name] = () => null;
  for (const [typename, field] of Object.entries(VERSIONS))
    config[typename] = (data) => {
      if (data.id === undefined || data.id === null) return null;
      const id = String(data.id);
      const version = data[field];
      if (typeof version !== 'number') return id;
      const greatest = seen.get(`${typename}:${id}`) ?? 0;
      if (version < greatest) return oldKeyOf(id);
      seen.set(`${typename}:${id}`, version);
      return id;
    };
  return config;
}

function resolvers(kept: Kept): ResolverConfig {
  const config: Record<string, NonNullable<ResolverConfig[string]>> = {};
  for (const [typename, fields] of Object.entries(LINKS)) {
    config[typename] = {};
    for (const field of fields.split(' '))
      config[typename][field] = (_parent, args, cache, info) =>
        newest(read(cache, info.parentKey, field, args));
  }
  const isLoaded = (cache: Cache, owner: string, field: string, args: Variables) =>
    Boolean(read(cache, owner, field, args));
  config.Conversation!.messages = (_parent, args, cache, { parentKey }) =>
    isLoaded(cache, parentKey, 'messages', args) ? kept.readHistory(cache, parentKey) : undefined;
  const list =
    (field: keyof typeof FILTERS): Resolver =>
    (_parent, args, cache, { parentKey }) => {
      if (!isLoaded(cache, parentKey, field, args)) return undefined;
      const filter = JSON.stringify(args[FILTERS[field]] || null);
      const found = kept.readList(cache, parentKey, field, filter, args);
      if (!found || field !== 'notifications') return found;
      const own = (name: string) =>
        cache.resolve(read(cache, parentKey, field, args) as string, name);
      const inbox = newest(cache.resolve('Query', 'inbox')) as string | undefined;
      const unreadCount = (inbox && cache.resolve(inbox, 'unreadNotificationCount')) ?? undefined;
      return {
        ...found,
        unreadCount: unreadCount ?? own('unreadCount'),
        lastSequence: own('lastSequence'),
      };
    };
  Object.assign(config.Query!, {
    conversations: list('conversations'),
    notifications: list('notifications'),
    offers: list('offers'),
  });
  config.Conversation!.offers = list('offers');
  return config as ResolverConfig;
}

/** Reads a field. A resolver gets an empty object where a field's key has no arguments. */
function read(cache: Cache, owner: string, field: string, args: Variables) {
  return cache.resolve(owner, field, Object.keys(args).length > 0 ? args : undefined);
}

function newest<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(newest) as Value;
  return typeof value === 'string' ? (newestKeyOf(value) as Value) : value;
}
