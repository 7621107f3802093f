/**
 * Finds the text of a request's operation, the same for both transports. A request gives the text,
 * or it names an operation:
 *
 * - by `documentId`, as the appendix of the specification of GraphQL over HTTP has it. The id is
 *   one of a manifest, or `sha256:` and the hash of the text;
 * - by `extensions.persistedQuery.sha256Hash`, as Apollo Client and urql do. It is the hash of the
 *   text, or any id of a manifest.
 *
 * Operations of the manifests come first. Others are kept once a client has sent their text
 * together with its hash (automatic persisted queries, as Apollo has them). A client that is told
 * PERSISTED_QUERY_NOT_FOUND does so.
 *
 * In the mode in which only the operations of the manifests run, everything else is refused here,
 * before it is parsed, and nothing is kept.
 */
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { BadUserInputError, UnauthenticatedError } from '../errors';
import { sha256Of } from './manifest';
import { PersistedOperations } from './persisted.operations';

/** Characters of all queries that are kept. */
const MAX_CHARACTERS = 4 * 1024 * 1024;
const HASH_PREFIX = 'sha256:';
/** graphql-js prints definitions with an empty line between them. */
const BETWEEN_DEFINITIONS = '\n\n';

const ONLY_PERSISTED =
  'must be left out, and the operation be named by documentId or extensions.persistedQuery: ' +
  'only persisted operations run here';
const OTHER_TEXT = 'is not the text of the persisted operation that is named';

/** The part of a request that says which document it is about. */
export interface DocumentRequest {
  /** Empty when only a name is given. */
  query?: string | undefined;
  documentId?: unknown;
  extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

/** The text of a request's document. */
export interface FoundText {
  /** Empty when the request has neither a text nor a name. */
  text: string;
  /** The hash by which the text is kept once its operation was admitted; null to keep nothing. */
  hash: string | null;
}

interface Name {
  /** As the request has it. */
  given: string;
  /** Without the prefix of a hash. */
  id: string;
  /** True for the SHA-256 hash of the text, if it is no id of a manifest. */
  isHash: boolean;
}

export class PersistedQueries {
  private readonly queries = new LRUCache<string, string>({
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (query, hash) => query.length + hash.length,
  });

  /** @param only true when nothing but `operations` runs */
  constructor(
    private readonly operations: PersistedOperations = PersistedOperations.NONE,
    private readonly only = false,
  ) {}

  /**
   * Returns the text of the request's document.
   *
   * @param authenticated false for a request without a token. In the mode it is told of nothing
   *   which operations there are
   * @throws {GraphQLError} PERSISTED_QUERY_NOT_FOUND when only a name is given, and it is unknown;
   *   BAD_REQUEST when the name is malformed, or is that of another text
   * @throws {BadUserInputError} in the mode, for anything but an operation of a manifest
   */
  find(request: DocumentRequest, authenticated: boolean): FoundText {
    const name = nameIn(request);
    const query = request.query ?? '';
    const persisted = name === null ? undefined : this.findPersisted(name);
    if (persisted !== undefined && (query === '' || isSame(query, persisted)))
      return { text: persisted, hash: null };
    if (this.only)
      throw authenticated
        ? refusalInMode(name, query, persisted !== undefined)
        : new UnauthenticatedError();
    if (persisted !== undefined) throw otherText();
    return name === null ? { text: query, hash: null } : this.findKept(name, query);
  }

  /** Keeps the text of a request that was admitted, if it came together with its hash. */
  keep({ text, hash }: FoundText): void {
    if (hash !== null) this.queries.set(hash, text);
  }

  private findPersisted({ given, id }: Name): string | undefined {
    return this.operations.textOf(given) ?? this.operations.textOf(id);
  }

  private findKept({ id, isHash }: Name, query: string): FoundText {
    if (query === '') {
      const kept = this.queries.get(id);
      if (kept === undefined) throw notFound();
      return { text: kept, hash: null };
    }
    if (!isHash) return { text: query, hash: null };
    if (sha256Of(query) !== id) throw otherText();
    return { text: query, hash: id };
  }
}

/** Returns the refusal of a request that is not for an operation of a manifest. */
function refusalInMode(name: Name | null, query: string, isKnown: boolean): Error {
  if (name !== null && query === '') return notFound();
  return new BadUserInputError('query', isKnown ? OTHER_TEXT : ONLY_PERSISTED);
}

/** Returns the name in a request; null when there is none. */
function nameIn({ documentId, extensions }: DocumentRequest): Name | null {
  const hash = hashIn(extensions);
  const id = documentIdIn(documentId);
  if (hash !== null && id !== null && id.id !== hash)
    throw badRequest('documentId and extensions.persistedQuery name different operations.');
  return hash === null ? id : { given: hash, id: hash, isHash: true };
}

function hashIn(extensions: DocumentRequest['extensions']): string | null {
  const persisted = extensions?.persistedQuery;
  if (!persisted) return null;
  const { version, sha256Hash } = persisted as Record<string, unknown>;
  if (version !== 1) throw badRequest('Unsupported persisted query version');
  if (typeof sha256Hash === 'string' && sha256Hash !== '') return sha256Hash;
  throw badRequest('The hash of a persisted query is a string.');
}

function documentIdIn(documentId: unknown): Name | null {
  if (documentId === undefined || documentId === null || documentId === '') return null;
  if (typeof documentId !== 'string') throw badRequest('documentId is a string.');
  const isHash = documentId.startsWith(HASH_PREFIX);
  const id = isHash ? documentId.slice(HASH_PREFIX.length) : documentId;
  return { given: documentId, id, isHash };
}

/**
 * True when a request gives a persisted operation's text with its name. The definitions may stand
 * in another order: Apollo Client hashes them sorted, and sends them over the socket as they are.
 * The persisted text is executed in any case.
 */
function isSame(query: string, persisted: string): boolean {
  return query === persisted || sorted(query) === sorted(persisted);
}

function sorted(text: string): string {
  return text.trim().split(BETWEEN_DEFINITIONS).sort().join(BETWEEN_DEFINITIONS);
}

/** Returns the refusal of a text that is not the one that is named, as Apollo Server has it. */
function otherText(): GraphQLError {
  return badRequest('provided sha does not match query');
}

function notFound(): GraphQLError {
  return refusal('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND');
}

function badRequest(message: string): GraphQLError {
  return refusal(message, 'BAD_REQUEST');
}

function refusal(message: string, code: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
