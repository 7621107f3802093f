/** The lists that a Graphcache has of Parley. */
import type { Cache } from '@urql/exchange-graphcache';
import { cursorOf } from '../cache/cursor.js';
import { isIn, NODE_TYPES, ORDERS, withoutDrafts } from '../cache/fields.js';
import { type History, NOTHING, type PageOfMessages, shown, withPage } from '../cache/history.js';
import { type NewestFirst, ordered, placeIn, withNewest, withOne } from '../cache/newest.first.js';

type Args = Readonly<Record<string, unknown>>;
type List = { owner: string; field: string; filter: string; list: NewestFirst };

/**
 * Each list is noted here, and its objects are linked to its owner, so that the cache keeps them
 * and executes the queries anew that show the list.
 */
export class Kept {
  private readonly histories = new Map<string, History>();
  private readonly lists = new Map<string, List>();

  addPage(cache: Cache, owner: string, page: PageOfMessages): void {
    this.histories.set(owner, withPage(this.histories.get(owner), page));
    this.linkHistory(cache, owner);
  }

  changeHistory(cache: Cache, owner: string, change: (history: History) => History): void {
    this.histories.set(owner, change(this.histories.get(owner) ?? NOTHING));
    this.linkHistory(cache, owner);
  }

  addToList(
    cache: Cache,
    owner: string,
    field: string,
    filter: string,
    page: Parameters<typeof withNewest>[1],
  ): void {
    const name = `${owner} ${field} ${filter}`;
    const list = withNewest(this.lists.get(name)?.list, page, placesIn(cache, field));
    this.keepList(cache, name, { owner, field, filter, list });
  }

  /** In each list of the owner's field, whichever its filter is. */
  changeLists(
    cache: Cache,
    owner: string,
    field: string,
    key: string,
    change: 'add' | 'remove',
  ): void {
    for (const [name, kept] of this.lists) {
      if (kept.owner !== owner || kept.field !== field) continue;
      const list =
        change === 'add'
          ? withOne(kept.list, key, placesIn(cache, field))
          : { ...kept.list, keys: kept.list.keys.filter((one) => one !== key) };
      this.keepList(cache, name, { ...kept, list });
    }
  }

  readHistory(cache: Cache, owner: string) {
    const history = this.histories.get(owner);
    const what = history && shown(history, (key) => isThere(cache, key));
    if (!what) return undefined;
    // A dependency, for when only the list changes.
    cache.resolve(owner, linkOf('messages'));
    const { keys, hasPreviousPage, hasNextPage } = what;
    const unique = withoutDrafts(keys, (key, field) => cache.resolve(key, field));
    return connection(cache, 'messages', unique, { hasPreviousPage, hasNextPage });
  }

  readList(cache: Cache, owner: string, field: string, filter: string, args: Args) {
    const kept = this.lists.get(`${owner} ${field} ${filter}`);
    if (!kept) return undefined;
    cache.resolve(owner, linkOf(field), { filter });
    const keys = ordered(kept.list, placesIn(cache, field)).filter(
      (key) => isThere(cache, key) && isIn(field, args, (name) => cache.resolve(key, name)),
    );
    const pageInfo = { hasPreviousPage: false, hasNextPage: kept.list.hasMore };
    return connection(cache, field, keys, pageInfo);
  }

  private keepList(cache: Cache, name: string, kept: List): void {
    this.lists.set(name, kept);
    cache.link(kept.owner, linkOf(kept.field), { filter: kept.filter }, [...kept.list.keys]);
  }

  private linkHistory(cache: Cache, owner: string): void {
    cache.link(owner, linkOf('messages'), Object.keys(this.histories.get(owner)!.sequences));
  }
}

const linkOf = (field: string) => `parley_${field}`;

/** False for what was optimistic and is undone. */
const isThere = (cache: Cache, key: string) => typeof cache.resolve(key, 'id') === 'string';

const placesIn = (cache: Cache, list: string) => (key: string) =>
  placeIn(ORDERS[list]!.map((field) => cache.resolve(key, field)));

function connection(cache: Cache, list: string, keys: string[], pageInfo: object) {
  const type = NODE_TYPES[list];
  const cursors = keys.map((key) => {
    const parts = ORDERS[list]!.map((field) => cache.resolve(key, field) as string | undefined);
    return parts.includes(undefined) ? undefined : cursorOf(list, parts as string[]);
  });
  return {
    __typename: `${type}Connection`,
    nodes: keys,
    edges: keys.map((node, at) => ({ __typename: `${type}Edge`, cursor: cursors[at], node })),
    pageInfo: {
      __typename: 'PageInfo',
      ...pageInfo,
      startCursor: cursors[0] ?? null,
      endCursor: cursors.at(-1) ?? null,
    },
  };
}
