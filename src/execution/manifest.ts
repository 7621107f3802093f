/**
 * Manifests of persisted operations, as the build tools of frontends write them. Two formats are
 * read:
 *
 * - Apollo's `apollo-persisted-query-manifest`, version 1. Its ids may be any text.
 * - A map of hashes to texts, as GraphQL-codegen's client preset and the Relay compiler write it.
 *   An id must be the hash of its text, since nothing else in the file says what it belongs to.
 */
import { createHash } from 'node:crypto';

/** An operation as its manifest has it. */
export interface ManifestEntry {
  readonly id: string;
  readonly text: string;
  /** The operation that the text must have; null when the manifest does not say. */
  readonly declared: { readonly type: string; readonly name: string } | null;
}

/** A mistake in a manifest, in one sentence for its operator. */
export class ManifestError extends Error {}

const APOLLO_FORMAT = 'apollo-persisted-query-manifest';
const APOLLO_VERSION = 1;
const OPERATION_TYPES: readonly unknown[] = ['query', 'mutation', 'subscription'];
/** The hashes that build tools use, by the number of their hexadecimal digits. */
const ALGORITHMS: Record<number, string> = { 32: 'md5', 40: 'sha1', 64: 'sha256', 128: 'sha512' };
const HASH_FORM = /^(?:sha256:)?([0-9a-f]+)$/;
const MAX_NAMED_LENGTH = 100;

/**
 * Returns the entries of a manifest, in its order.
 *
 * @throws {ManifestError} when the text is no manifest
 */
export function parseManifest(json: string): ManifestEntry[] {
  let manifest: unknown;
  try {
    manifest = JSON.parse(json);
  } catch (error) {
    throw new ManifestError(`is no JSON: ${(error as Error).message}`);
  }
  if (!isRecord(manifest)) throw new ManifestError('is no manifest of a known format');
  const entries = 'format' in manifest ? entriesOfApollo(manifest) : entriesOfHashes(manifest);
  if (entries.length === 0) throw new ManifestError('has no operation');
  return entries;
}

/** Names an operation of a manifest in one line, whatever its id and its name contain. */
export function describeEntry(id: unknown, name: unknown): string {
  const shown = `operation ${quoted(id)}`;
  return typeof name === 'string' && name !== '' ? `${shown} (${quoted(name)})` : shown;
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function entriesOfApollo({ format, version, operations }: Record<string, unknown>) {
  if (format !== APOLLO_FORMAT) throw new ManifestError(`has the unknown format ${quoted(format)}`);
  if (version !== APOLLO_VERSION)
    throw new ManifestError(`has the unknown version ${quoted(version)} of its format`);
  if (!Array.isArray(operations)) throw new ManifestError('has no list of operations');
  return operations.map(entryOfApollo);
}

function entryOfApollo(operation: unknown, index: number): ManifestEntry {
  if (!isRecord(operation)) throw new ManifestError(`operation ${index} is no object`);
  const { id, name = '', type, body } = operation;
  if (typeof id !== 'string' || id === '')
    throw new ManifestError(`operation ${index} has no id${name ? ` (${quoted(name)})` : ''}`);
  const mistake = (reason: string) => new ManifestError(`${describeEntry(id, name)} ${reason}`);
  if (typeof body !== 'string') throw mistake('has no body');
  if (typeof name !== 'string') throw mistake('has a name that is no text');
  if (!OPERATION_TYPES.includes(type)) throw mistake(`has the unknown type ${quoted(type)}`);
  return { id, text: body, declared: name === '' ? null : { type: type as string, name } };
}

function entriesOfHashes(texts: Record<string, unknown>): ManifestEntry[] {
  const entries = Object.entries(texts);
  if (entries.length > 0 && !entries.some(([, text]) => typeof text === 'string'))
    throw new ManifestError('is no manifest of a known format');
  return entries.map(([id, text]) => {
    if (typeof text !== 'string') throw new ManifestError(`${describeEntry(id, '')} has no text`);
    if (!isHashOf(id, text))
      throw new ManifestError(
        `${describeEntry(id, nameIn(text))} has an id that is no MD5, SHA-1, SHA-256 or SHA-512 ` +
          "hash of its text; Apollo's format allows that",
      );
    return { id, text, declared: null };
  });
}

function isHashOf(id: string, text: string): boolean {
  const [, hash] = HASH_FORM.exec(id) ?? [];
  const algorithm = hash === undefined ? undefined : ALGORITHMS[hash.length];
  if (algorithm === undefined) return false;
  return createHash(algorithm).update(text).digest('hex') === hash;
}

/** Returns the name of the first operation in a text, for people; the text may be anything. */
function nameIn(text: string): string {
  return /\b(?:query|mutation|subscription)\s+([_A-Za-z]\w*)/.exec(text)?.[1] ?? '';
}

function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_NAMED_LENGTH ? `${text.slice(0, MAX_NAMED_LENGTH)}…` : text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
