import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { algorithmsOf, type PublicKeyAlgorithm } from '../input/public-key';

/** A public key of a key set. */
export interface PublishedKey {
  /** The id by which tokens name the key (`kid`); null for none. */
  id: string | null;
  key: KeyObject;
  algorithms: readonly PublicKeyAlgorithm[];
}

/** A set with more keys is refused as a whole. */
const MAX_KEYS = 64;
/** The algorithms of a key that names none: one for each kind of key. */
const DEFAULTS: readonly PublicKeyAlgorithm[] = ['RS256', 'ES256', 'ES384', 'ES512', 'EdDSA'];

type Entry = Record<string, unknown>;

/**
 * Reads a JSON Web Key Set (RFC 7517). Keys that verify no tokens are left out: symmetric and
 * private ones, keys for encryption, weak keys, and keys whose `alg` is not one of their kind.
 *
 * @returns the reason, as the end of a sentence, when the text is no key set or no key remains
 */
export function parseKeySet(text: string): PublishedKey[] | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return 'the answer is no JSON';
  }
  const entries = isEntry(parsed) ? parsed.keys : undefined;
  if (!Array.isArray(entries)) return 'the answer is no key set';
  if (entries.length > MAX_KEYS) return `the key set has more than ${MAX_KEYS} keys`;
  const keys = entries.map(publishedKey).filter((key) => key !== null);
  return keys.length > 0 ? keys : 'the key set has no key for tokens';
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function publishedKey(entry: unknown): PublishedKey | null {
  if (!isEntry(entry) || !isForSignatures(entry)) return null;
  const { kid = null, alg } = entry;
  if (kid !== null && typeof kid !== 'string') return null;
  const key = publicKeyOf(entry);
  const possible = key === null ? '' : algorithmsOf(key);
  if (key === null || typeof possible === 'string') return null;
  const algorithms = possible.filter((one) => (alg === undefined ? isDefault(one) : one === alg));
  if (algorithms.length === 0) return null;
  // Both names of it are the same algorithm, so either may stand in the key and in the token.
  return { id: kid, key, algorithms: possible.includes('EdDSA') ? possible : algorithms };
}

function isForSignatures({ use, key_ops: operations, d, k }: Entry): boolean {
  // A secret that is published is no secret.
  if (d !== undefined || k !== undefined) return false;
  if (use !== undefined && use !== 'sig') return false;
  return operations === undefined || (Array.isArray(operations) && operations.includes('verify'));
}

function isDefault(algorithm: PublicKeyAlgorithm): boolean {
  return DEFAULTS.includes(algorithm);
}

function publicKeyOf(entry: Entry): KeyObject | null {
  try {
    return createPublicKey({ key: entry as JsonWebKey, format: 'jwk' });
  } catch {
    return null;
  }
}
