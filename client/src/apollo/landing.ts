/** Puts what came by an event or by a mutation's answer into the lists that it belongs to. */
import type { FieldFunctionOptions, FieldPolicy, InMemoryCache, Reference } from '@apollo/client';
import { type History, type Streams, withMessage, withStream } from '../cache/history.js';
import { type NewestFirst, withOne } from '../cache/newest.first.js';
import { type Kept, newestOf, placesIn, refOf, type Writing } from './lists.js';

type Options = FieldFunctionOptions;
type Fields = Readonly<Record<string, unknown>>;

/** The policy of a field of Mutation or Subscription. */
export function landing(streams: Streams, writing: Writing): FieldPolicy<unknown> {
  return {
    merge(_existing, incoming, options) {
      const answer = newestOf(incoming);
      // First how far the stream has told, because a message in a range is never left out.
      noteStream(answer, options, streams);
      land(answer, options, writing, 0);
      noteRemoval(answer as Fields | null, options);
      return answer;
    },
  };
}

/** @param depth of a payload in which it is */
function land(value: unknown, options: Options, writing: Writing, depth: number): void {
  if (Array.isArray(value)) {
    for (const one of value) land(one, options, writing, depth);
  } else if (isReference(value)) landOne(newestOf(value), options, writing);
  else if (typeof value === 'object' && value !== null && depth === 0)
    for (const inner of Object.values(value)) land(inner, options, writing, 1);
}

function landOne(ref: Reference, options: Options, writing: Writing): void {
  const read = (field: string) => options.readField(field, ref);
  const typename = ref.__ref.slice(0, ref.__ref.indexOf(':'));
  const owner = `Conversation:${read('conversationId')}`;
  if (typename === 'Message') {
    const sequence = read('sequence');
    if (typeof sequence !== 'number') return;
    const put = (history: History) => withMessage(history, ref.__ref, sequence);
    const isLoaded = modifyHistory(options, owner, put);
    // An optimistic message may be undone.
    if (!isLoaded && read('version') !== 0) writing.noteEarly(owner, put);
  } else if (typename === 'Offer') {
    addTo(options, owner, 'offers', ref);
    addTo(options, 'ROOT_QUERY', 'offers', ref);
  } else if (typename === 'Conversation') addTo(options, 'ROOT_QUERY', 'conversations', ref);
  else if (typename === 'Notification') addTo(options, 'ROOT_QUERY', 'notifications', ref);
  else if (typename === 'Inbox') {
    const unreadCount = read('unreadNotificationCount');
    modify(options, 'ROOT_QUERY', 'notifications', (kept) =>
      typeof kept.unreadCount === 'number' && typeof unreadCount === 'number'
        ? { ...kept, unreadCount }
        : kept,
    );
  }
}

function noteStream(answer: unknown, options: Options, streams: Streams): void {
  const { fieldName, args, readField } = options;
  if (fieldName !== 'messageAdded' && fieldName !== 'conversationEvents') return;
  const sequence = isReference(answer)
    ? readField('sequence', answer)
    : (answer as Fields | null)?.sequence;
  if (typeof sequence !== 'number') return;
  const after = streams.note(fieldName, args, sequence);
  if (after === undefined) return;
  const owner = `Conversation:${args!.conversationId}`;
  modifyHistory(options, owner, (history) => withStream(history, after, sequence));
}

function noteRemoval(answer: Fields | null, options: Options): void {
  const hasLeft = options.fieldName === 'leaveConversation' || answer?.change === 'REMOVED';
  if (!hasLeft || typeof answer?.conversationId !== 'string') return;
  const key = `Conversation:${answer.conversationId}`;
  modify(options, 'ROOT_QUERY', 'conversations', (kept) => {
    if (!kept.list) return kept;
    const keys = kept.list.keys.filter((one) => one !== key);
    return { ...kept, list: { ...kept.list, keys }, nodes: keys.map(refOf) };
  });
}

function addTo(options: Options, owner: string, field: string, ref: Reference): void {
  const placeOf = placesIn(field, options.readField);
  modify(options, owner, field, (kept) => {
    if (!kept.list) return kept;
    const list: NewestFirst = withOne(kept.list, ref.__ref, placeOf);
    return list === kept.list ? kept : { ...kept, list, nodes: list.keys.map(refOf) };
  });
}

/** @returns false when no page of the messages has come */
function modifyHistory(
  options: Options,
  owner: string,
  change: (history: History) => History,
): boolean {
  let isLoaded = false;
  modify(options, owner, 'messages', (kept) => {
    if (!kept.history) return kept;
    isLoaded = true;
    const history = change(kept.history);
    if (history === kept.history) return kept;
    return { ...kept, history, nodes: Object.keys(history.sequences).map(refOf) };
  });
  return isLoaded;
}

function modify(options: Options, id: string, field: string, change: (kept: Kept) => Kept): void {
  const modifier = (value: unknown) => change(value as Kept) as never;
  (options.cache as InMemoryCache).modify({ id, broadcast: false, fields: { [field]: modifier } });
}

function isReference(value: unknown): value is Reference {
  return typeof (value as Reference | null | undefined)?.__ref === 'string';
}
