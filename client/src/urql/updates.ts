/** Puts what was written to a Graphcache into the lists that it belongs to. */
import type { Cache, UpdateResolver, UpdatesConfig } from '@urql/exchange-graphcache';
import { FILTERS } from '../cache/fields.js';
import { type Streams, withMessage, withStream } from '../cache/history.js';
import { newestKeyOf } from '../cache/versions.js';
import type { Kept } from './kept.js';

type Fields = Readonly<Record<string, unknown>>;

interface Connection {
  nodes?: readonly Fields[];
  edges?: readonly { node?: Fields }[];
  pageInfo?: { hasNextPage?: boolean; hasPreviousPage?: boolean };
}

const keyOf = (cache: Cache, object: Fields) => newestKeyOf(cache.keyOfEntity(object as never)!);

const nodesIn = (page: Connection) => page.nodes ?? page.edges?.map(({ node }) => node!) ?? [];

/** Returns the updates that note each page which was written. */
export function pageUpdates(kept: Kept): UpdatesConfig {
  const messages: UpdateResolver = (parent, args, cache, info) => {
    const page = parent.messages as unknown as Connection;
    const sequences = nodesIn(page).map((node) => [keyOf(cache, node), node.sequence]);
    kept.addPage(cache, newestKeyOf(info.parentKey), {
      sequences: Object.fromEntries(sequences.filter(([, sequence]) => sequence !== undefined)),
      hasPreviousPage: page.pageInfo?.hasPreviousPage,
      hasNextPage: page.pageInfo?.hasNextPage,
      lastSequence: parent.lastSequence as number | undefined,
      args,
    });
  };
  const list =
    (field: keyof typeof FILTERS): UpdateResolver =>
    (parent, args, cache, info) => {
      const page = parent[field] as unknown as Connection;
      const filter = JSON.stringify(args[FILTERS[field]] || null);
      kept.addToList(cache, newestKeyOf(info.parentKey), field, filter, {
        keys: nodesIn(page).map((node) => keyOf(cache, node)),
        hasNextPage: page.pageInfo?.hasNextPage,
        isFirst: !args.after,
      });
    };
  return {
    Conversation: { messages, offers: list('offers') },
    Query: {
      conversations: list('conversations'),
      notifications: list('notifications'),
      offers: list('offers'),
    },
  };
}

/** Returns the update for mutations' answers and for events. */
export function landing(kept: Kept, streams: Streams): UpdateResolver {
  return (parent, args, cache, info) => {
    const answer = parent[info.fieldName] as unknown as Fields | null;
    if (!answer) return;
    // First how far the stream has told, because a message in a range is never left out.
    noteStream(kept, streams, cache, info.fieldName, args, answer);
    land(kept, cache, answer, 0);
    const hasLeft = info.fieldName === 'leaveConversation' || answer.change === 'REMOVED';
    if (hasLeft && typeof answer.conversationId === 'string') {
      const key = `Conversation:${answer.conversationId}`;
      kept.changeLists(cache, 'Query', 'conversations', key, 'remove');
    }
  };
}

function noteStream(
  kept: Kept,
  streams: Streams,
  cache: Cache,
  field: string,
  args: Fields,
  answer: Fields,
): void {
  if (field !== 'messageAdded' && field !== 'conversationEvents') return;
  const { sequence } = answer;
  if (typeof sequence !== 'number') return;
  const after = streams.note(field, args, sequence);
  if (after === undefined) return;
  kept.changeHistory(cache, `Conversation:${args.conversationId}`, (history) =>
    withStream(history, after, sequence),
  );
}

/** @param depth of a payload in which it is */
function land(kept: Kept, cache: Cache, value: unknown, depth: number): void {
  if (Array.isArray(value)) {
    for (const one of value) land(kept, cache, one, depth);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const object = value as Fields;
  const key = typeof object.id === 'string' ? keyOf(cache, object) : '';
  const owner = `Conversation:${object.conversationId}`;
  const add = (to: string, field: string) => kept.changeLists(cache, to, field, key, 'add');
  if (object.__typename === 'Message') {
    const { sequence } = object;
    if (typeof sequence === 'number')
      kept.changeHistory(cache, owner, (history) => withMessage(history, key, sequence));
  } else if (object.__typename === 'Offer') {
    add(owner, 'offers');
    add('Query', 'offers');
  } else if (object.__typename === 'Conversation') add('Query', 'conversations');
  else if (object.__typename === 'Notification') add('Query', 'notifications');
  else if (depth === 0) for (const inner of Object.values(object)) land(kept, cache, inner, 1);
}
