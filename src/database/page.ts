import { BadUserInputError } from '../errors';
import { isUuid } from './rows';

/** Arguments of a Relay connection (https://relay.dev/graphql/connections.htm). */
export interface PageArguments {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

/**
 * A list that is paged: its name stands in its cursors, `key` says what makes a row's place in it.
 */
export interface PagedList {
  name: string;
  key: readonly ('integer' | 'time' | 'uuid')[];
}

/** One validated page: `limit` rows from the front or the back of what lies between two cursors. */
export interface PageRequest {
  backward: boolean;
  limit: number;
  /** The cursors' keys. */
  after: readonly string[] | null;
  before: readonly string[] | null;
}

/** One page of rows in the connection's own order. */
export interface Page<T> {
  edges: { cursor: string; node: T }[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
}

export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

/**
 * Validates the arguments; without any, the first 20.
 *
 * @throws {BadUserInputError} names the argument; a cursor of another list is refused too
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
 * Makes a page of the rows read.
 *
 * @param rows in the direction of reading, one more than the limit where there is more
 * @param keyOf the parts of a row's cursor
 * @param beyond whether rows lie on the other side of the cursor where reading began
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

/** True when the database accepts the part. A client can send any cursor. */
function isKey(kind: PagedList['key'][number], part: string): boolean {
  if (kind === 'uuid') return isUuid(part);
  if (kind === 'integer') return /^\d{1,9}$/.test(part);
  // Four digits of year, which leaves out what Postgres cannot hold.
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
