import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Characters of all queries that are kept. */
const MAX_CHARACTERS = 4 * 1024 * 1024;
const HASH_FORM = /^[0-9a-f]{64}$/;

/** The part of a request that may name a query by its hash. */
interface Request {
  query: string;
  extensions?: Record<string, unknown> | null;
}

/**
 * Queries that clients name by their SHA-256 hash instead of sending them again (automatic
 * persisted queries, as Apollo has them). Both transports share them. A client that is told
 * PERSISTED_QUERY_NOT_FOUND sends the query once more together with its hash.
 */
export class PersistedQueries {
  private readonly queries = new LRUCache<string, string>({
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (query, key) => query.length + key.length,
  });

  /** The same queries in the form in which Apollo Server reads and writes them. */
  readonly cache = {
    get: async (key: string) => this.queries.get(key),
    set: async (key: string, query: string) => {
      this.queries.set(key, query);
    },
    delete: async (key: string) => this.queries.delete(key),
  };

  /**
   * Returns the text of the request's query.
   *
   * @throws {GraphQLError} PERSISTED_QUERY_NOT_FOUND when only a hash is given, and it is unknown;
   *   BAD_REQUEST when the hash is not the query's, or the version of the extension is unknown
   */
  textOf({ query, extensions }: Request): string {
    const hash = hashIn(extensions);
    if (hash === null) return query;
    if (query === '') {
      const known = this.queries.get(keyOf(hash));
      if (known !== undefined) return known;
      throw refusal('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND');
    }
    if (createHash('sha256').update(query).digest('hex') !== hash)
      throw refusal('provided sha does not match query', 'BAD_REQUEST');
    return query;
  }

  /** Keeps the query of a request that was admitted, if it names a hash. */
  keep({ query, extensions }: Request): void {
    const hash = hashIn(extensions);
    if (hash !== null && query !== '') this.queries.set(keyOf(hash), query);
  }
}

/** Returns the hash in a request's extensions; null when there is none. */
function hashIn(extensions: Request['extensions']): string | null {
  const persisted = extensions?.persistedQuery as Record<string, unknown> | null | undefined;
  if (typeof persisted !== 'object' || persisted === null) return null;
  if (persisted.version !== 1) throw refusal('Unsupported persisted query version', 'BAD_REQUEST');
  const hash = persisted.sha256Hash;
  if (typeof hash === 'string' && HASH_FORM.test(hash)) return hash;
  throw refusal('The hash of a persisted query has 64 hexadecimal digits.', 'BAD_REQUEST');
}

/** Apollo Server writes its keys with this prefix. */
function keyOf(hash: string): string {
  return `apq:${hash}`;
}

function refusal(message: string, code: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
