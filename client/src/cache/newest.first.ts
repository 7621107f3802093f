/** Lists that the server has newest first: conversations, offers, notifications. */

/** Such a list, as a cache keeps it. Its order is made when it is read. */
export interface NewestFirst {
  readonly keys: readonly string[];
  /** The newest place up to which pages have told everything. */
  readonly top: string;
  /** True when the server has more, after the oldest that is known. */
  readonly hasMore: boolean;
}

export type PlaceOf = (key: string) => string | undefined;

/** Returns a text in the order of what the server orders by. */
export function placeIn(parts: readonly unknown[]): string | undefined {
  if (parts.some((part) => part === undefined || part === null)) return undefined;
  const text = (part: unknown) =>
    typeof part === 'number' ? String(part).padStart(12, '0') : String(part);
  return parts.map(text).join(' ');
}

/**
 * Returns a list with a page. A newest page that does not reach down to the ones that were loaded
 * takes their place, so that there is no gap between.
 */
export function withNewest(
  list: NewestFirst | undefined,
  page: { keys: readonly string[]; hasNextPage: boolean | undefined; isFirst: boolean },
  placeOf: PlaceOf,
): NewestFirst {
  const places = placesOf(page.keys, placeOf);
  const hasMore = page.hasNextPage ?? false;
  const fresh = { keys: [...page.keys], top: places.at(-1) ?? '', hasMore };
  if (!list) return fresh;
  const oldest = places[0];
  if (page.isFirst && hasMore && oldest !== undefined && oldest > list.top) return fresh;
  const known = placesOf(list.keys, placeOf)[0];
  const reachesEnd = known === undefined || (oldest !== undefined && oldest <= known) || !hasMore;
  return {
    keys: [...new Set([...list.keys, ...page.keys])],
    top: page.isFirst && fresh.top > list.top ? fresh.top : list.top,
    hasMore: reachesEnd ? hasMore : list.hasMore,
  };
}

/** Returns a list with what came by itself, unless it lies beyond what was loaded. */
export function withOne(list: NewestFirst, key: string, placeOf: PlaceOf): NewestFirst {
  const place = placeOf(key);
  if (place === undefined || list.keys.includes(key)) return list;
  const oldest = placesOf(list.keys, placeOf)[0];
  if (list.hasMore && oldest !== undefined && place < oldest) return list;
  return { ...list, keys: [...list.keys, key] };
}

/** Returns the keys in the server's order. */
export function ordered(list: NewestFirst, placeOf: PlaceOf): string[] {
  const placed = list.keys.map((key) => ({ key, place: placeOf(key) ?? '' }));
  placed.sort((one, other) => (one.place < other.place ? 1 : -1));
  return placed.map(({ key }) => key);
}

function placesOf(keys: readonly string[], placeOf: PlaceOf): string[] {
  return keys
    .map((key) => placeOf(key))
    .filter((place) => place !== undefined)
    .sort();
}
