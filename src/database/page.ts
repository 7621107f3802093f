import { BadUserInputError } from '../errors';
import { isUuid } from './rows';

/** The arguments of a Relay connection (https://relay.dev/graphql/connections.htm). */
export interface PageArguments {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

/** A list that clients read in pages. */
export interface PagedList {
  /** Stands in each cursor, so that a cursor of another list is recognised. */
  name: string;
  /** The types of the values by which the list is sorted. A cursor holds a row's values. */
  key: readonly ('integer' | 'time' | 'uuid')[];
}

/**
 * Validated arguments. They ask for `limit` rows between two cursors, both of which are excluded.
 */
export interface PageRequest {
  /** True for the last rows of the range, false for its first. */
  backward: boolean;
  limit: number;
  /** The decoded key of the cursor; null without one. The same holds for `before`. */
  after: readonly string[] | null;
  before: readonly string[] | null;
}

/**
 * The cursor of a list with the key time and id, the newest first, that stands before every row. A
 * statement that always has a cursor compares it as a row, and so reads from there on by an index.
 * With a condition like "or there is no cursor" it would read all rows before the cursor as well.
 */
export const BEFORE_NEWEST = ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'] as const;

/** One page of rows, in the order of the list in both directions of paging. */
export interface Page<T> {
  edges: { cursor: string; node: T }[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
}

export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

/**
 * Validates the arguments of a page. Without any, the page is the first 20 rows.
 *
 * @throws {BadUserInputError} when an argument breaks a rule, or a cursor is not one of this list;
 *   `field` names the argument
 */
export function pageRequest(list: PagedList, page: PageArguments): PageRequest {
  const { first, last } = page;
  if (first != null && last != null)
    throw new BadUserInputError('last', 'cannot be combined with first');
  checkSize('first', first);
  checkSize('last', last);
  return {
    backward: last != null,
    limit: first ?? last ?? DEFAULT_PAGE_SIZE,
    after: decodeCursor(list, 'after', page.after),
    before: decodeCursor(list, 'before', page.before),
  };
}

/**
 * Makes a page of the rows that were read for a request.
 *
 * @param rows in the direction of reading; a row beyond the limit says that there are more
 * @param keyOf returns the key of a row, for its cursor
 * @param beyond true when there are rows on the other side of the cursor at which reading began
 */
export function toPage<T>(
  list: PagedList,
  request: PageRequest,
  rows: readonly T[],
  keyOf: (row: T) => readonly (string | number)[],
  beyond: boolean,
): Page<T> {
  const more = rows.length > request.limit;
  const nodes = rows.slice(0, request.limit);
  if (request.backward) nodes.reverse();
  return {
    edges: nodes.map((node) => ({ cursor: encodeCursor(list, keyOf(node)), node })),
    hasNextPage: request.backward ? beyond : more,
    hasPreviousPage: request.backward ? more : beyond,
  };
}

function encodeCursor(list: PagedList, key: readonly (string | number)[]): string {
  return Buffer.from([list.name, ...key].join('|')).toString('base64url');
}

function decodeCursor(
  list: PagedList,
  field: string,
  cursor: string | null | undefined,
): string[] | null {
  if (cursor == null) return null;
  const [name, ...key] = Buffer.from(cursor, 'base64url').toString().split('|');
  const fits =
    name === list.name &&
    key.length === list.key.length &&
    key.every((part, at) => isKey(list.key[at]!, part));
  if (!fits) throw new BadUserInputError(field, 'is not a cursor of this list');
  return key;
}

/**
 * True when the database accepts the part of a key as a value. Clients can send any text as a
 * cursor, so each part is checked.
 */
function isKey(kind: PagedList['key'][number], part: string): boolean {
  if (kind === 'uuid') return isUuid(part);
  if (kind === 'integer') return /^\d{1,9}$/.test(part);
  // A year has exactly four digits here, because `Date` also reads years that Postgres cannot hold.
  return (
    /^[1-9]\d{3}-/.test(part) &&
    !Number.isNaN(Date.parse(part)) &&
    new Date(part).toISOString() === part
  );
}

function checkSize(field: string, size: number | null | undefined): void {
  if (size != null && (size < 1 || size > MAX_PAGE_SIZE))
    throw new BadUserInputError(field, `must be between 1 and ${MAX_PAGE_SIZE}`);
}
