/** The connections of Parley in Apollo Client's cache. */
import type {
  FieldFunctionOptions,
  FieldPolicy,
  InMemoryCache,
  Reference,
  StoreObject,
} from '@apollo/client';
import { cursorOf } from '../cache/cursor.js';
import { isIn, NODE_TYPES, ORDERS, withoutDrafts } from '../cache/fields.js';
import { type History, NOTHING, shown, withPage } from '../cache/history.js';
import { type NewestFirst, ordered, placeIn, withNewest } from '../cache/newest.first.js';
import { newestKeyOf } from '../cache/versions.js';

type Options = FieldFunctionOptions;
type Fields = Readonly<Record<string, unknown>>;
export type ReadField = Options['readField'];

/** A connection as it is kept. It has its nodes, so that the cache's collector sees them. */
export interface Kept extends Fields {
  nodes: readonly Reference[];
  history?: History;
  list?: NewestFirst;
}

interface Incoming extends Fields {
  nodes?: readonly Reference[];
  edges?: readonly { node?: Reference }[];
  pageInfo?: { hasNextPage?: boolean; hasPreviousPage?: boolean };
}

export const refOf = (key: string): Reference => ({ __ref: key });

/** Returns the object in its newest state. */
export function newestOf<Value>(value: Value): Value {
  const key = (value as { __ref?: unknown } | null | undefined)?.__ref;
  return typeof key === 'string' ? (refOf(newestKeyOf(key)) as Value) : value;
}

const keysOf = (list: string, key: string, readField: ReadField) =>
  ORDERS[list]!.map((field) => readField(field, refOf(key)) as string | number | undefined);

/** Returns how the keys in the cache are ordered in a list. */
export const placesIn = (list: string, readField: ReadField) => (key: string) =>
  placeIn(keysOf(list, key, readField));

/** The conversations that are being written now, and what each said of its newest event. */
export class Writing {
  private readonly lastSequences = new Map<string, number | undefined>();
  private latest = '';
  /** The messages that came before the first page of their conversation. */
  private readonly early = new Map<string, History>();

  note(id: string, lastSequence: unknown): void {
    this.latest = id;
    this.lastSequences.clear();
    this.lastSequences.set(id, typeof lastSequence === 'number' ? lastSequence : undefined);
  }

  /** @param nodes those of a connection of the conversation */
  idOf(nodes: readonly Reference[], readField: ReadField): string {
    const id = nodes[0] && readField('conversationId', nodes[0]);
    return typeof id === 'string' ? id : this.latest;
  }

  noteEarly(owner: string, put: (history: History) => History): void {
    this.early.set(owner, put(this.early.get(owner) ?? NOTHING));
  }

  /** Returns what came before the first page, which is now there. */
  takeEarly(owner: string): History | undefined {
    const history = this.early.get(owner);
    this.early.delete(owner);
    return history;
  }

  lastSequenceOf(id: string): number | undefined {
    return this.lastSequences.get(id);
  }
}

/** Returns what is kept, also when a refetch would write over it. */
function keptIn(options: Options, owner: string, existing: Kept | undefined): Kept | undefined {
  if (existing) return existing;
  let kept: Kept | undefined;
  (options.cache as InMemoryCache).modify({
    id: owner,
    broadcast: false,
    fields: {
      [options.fieldName]: (value: unknown, { storeFieldName }) => {
        if (storeFieldName === options.storeFieldName) kept = value as Kept;
        return value as StoreObject;
      },
    },
  });
  return kept;
}

const nodesIn = (incoming: Incoming): Reference[] =>
  (incoming.nodes ?? incoming.edges?.map(({ node }) => node!) ?? []).map(newestOf);

/** The policy of `Conversation.messages`. */
export function messagesPolicy(writing: Writing): FieldPolicy<Kept, Incoming> {
  return {
    keyArgs: false,
    merge(existing, incoming, options) {
      const nodes = nodesIn(incoming);
      const id = writing.idOf(nodes, options.readField);
      const kept = keptIn(options, `Conversation:${id}`, existing as Kept | undefined);
      const sequences = nodes.map((node) => [node.__ref, options.readField('sequence', node)]);
      const early = writing.takeEarly(`Conversation:${id}`);
      const history = withPage(kept?.history ?? early, {
        sequences: Object.fromEntries(sequences),
        hasPreviousPage: incoming.pageInfo?.hasPreviousPage,
        hasNextPage: incoming.pageInfo?.hasNextPage,
        lastSequence: writing.lastSequenceOf(id),
        args: options.args,
      });
      const { edges: _, pageInfo: __, ...rest } = incoming;
      return { ...kept, ...rest, history, nodes: Object.keys(history.sequences).map(refOf) };
    },
    read(existing, options) {
      const what = existing?.history && shown(existing.history);
      if (!what) return undefined;
      const { keys, hasPreviousPage, hasNextPage } = what;
      const unique = withoutDrafts(keys, (key, field) => options.readField(field, refOf(key)));
      const pageInfo = { hasPreviousPage, hasNextPage };
      return connection(existing, 'messages', unique, pageInfo, options.readField) as never;
    },
  };
}

/** The policy of a list that is newest first. */
export function newestFirstPolicy(
  list: string,
  filter: string | undefined,
  ownerOf: (nodes: readonly Reference[], readField: ReadField) => string,
): FieldPolicy<Kept, Incoming> {
  return {
    // One list for each value of the argument, whether or not its default was written out.
    keyArgs: (args) => (filter ? `${list}:${JSON.stringify(args?.[filter] || null)}` : list),
    merge(existing, incoming, options) {
      const nodes = nodesIn(incoming);
      const owner = ownerOf(nodes, options.readField);
      const kept = keptIn(options, owner, existing as Kept | undefined);
      const page = {
        keys: nodes.map(({ __ref }) => __ref),
        hasNextPage: incoming.pageInfo?.hasNextPage,
        isFirst: !options.args?.after,
      };
      const merged = withNewest(kept?.list, page, placesIn(list, options.readField));
      const { edges: _, pageInfo: __, ...rest } = incoming;
      return { ...kept, ...rest, list: merged, nodes: merged.keys.map(refOf) };
    },
    read(existing, { args, readField }) {
      if (!existing?.list) return undefined;
      const keys = ordered(existing.list, placesIn(list, readField)).filter((key) =>
        isIn(list, args, (field) => readField(field, refOf(key))),
      );
      const pageInfo = { hasPreviousPage: false, hasNextPage: existing.list.hasMore };
      return connection(existing, list, keys, pageInfo, readField) as never;
    },
  };
}

function connection(
  existing: Fields,
  list: string,
  keys: string[],
  pageInfo: object,
  readField: ReadField,
): Fields {
  const { history: _, list: __, ...rest } = existing;
  const cursors = keys.map((key) => {
    const parts = keysOf(list, key, readField);
    return parts.includes(undefined) ? undefined : cursorOf(list, parts as string[]);
  });
  return {
    ...rest,
    nodes: keys.map(refOf),
    edges: keys.map((key, at) => ({
      __typename: `${NODE_TYPES[list]}Edge`,
      cursor: cursors[at],
      node: refOf(key),
    })),
    pageInfo: {
      __typename: 'PageInfo',
      ...pageInfo,
      startCursor: keys.length > 0 ? cursors[0] : null,
      endCursor: keys.length > 0 ? cursors.at(-1) : null,
    },
  };
}
