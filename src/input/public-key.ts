import { createPublicKey, type KeyObject } from 'node:crypto';

/** The algorithms of JWS by which a public key verifies (RFC 7518, RFC 8037 and RFC 9864). */
export type PublicKeyAlgorithm =
  | `${'RS' | 'PS' | 'ES'}${256 | 384 | 512}`
  | 'EdDSA'
  /** The newer name of EdDSA with this curve. */
  | 'Ed25519';

/** A public key, and the algorithms that it can verify. The first one is meant if none is named. */
export interface PublicKey {
  key: KeyObject;
  algorithms: readonly PublicKeyAlgorithm[];
}

/** RSA keys that are shorter can be broken (RFC 7518, section 3.3); longer ones only cost time. */
const RSA_BITS = { least: 2_048, most: 8_192 };
/** The curves by OpenSSL's names. */
const CURVES: Record<string, PublicKeyAlgorithm> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};
/** The algorithms of a key from a setting: one for each kind of key. */
const PEM_ALGORITHMS: readonly PublicKeyAlgorithm[] = ['RS256', 'ES256', 'EdDSA'];
const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[^-]+-----END \1-----/g;
const PEM_TYPES = ['PUBLIC KEY', 'RSA PUBLIC KEY'];

/**
 * Returns the algorithms that a key can verify. The kind of the key decides, so that no token can
 * choose another one (RFC 8725, section 3.1).
 *
 * @returns the reason, as the end of a sentence, when tokens are not verified by such a key
 */
export function algorithmsOf(key: KeyObject): readonly PublicKeyAlgorithm[] | string {
  if (key.type !== 'public') return 'is no public key';
  const { modulusLength = 0, publicExponent = 0n, namedCurve = '' } = key.asymmetricKeyDetails!;
  if (key.asymmetricKeyType === 'ed25519') return ['EdDSA', 'Ed25519'];
  if (key.asymmetricKeyType === 'ec') {
    const algorithm = CURVES[namedCurve];
    return algorithm === undefined ? `has the curve ${namedCurve}` : [algorithm];
  }
  if (key.asymmetricKeyType !== 'rsa') return `is of the kind ${key.asymmetricKeyType}`;
  if (modulusLength < RSA_BITS.least || modulusLength > RSA_BITS.most)
    return `has ${modulusLength} bits, and must have ${RSA_BITS.least} to ${RSA_BITS.most}`;
  // With an exponent of 1 every text is its own signature.
  if (publicExponent < 3n || publicExponent % 2n === 0n) return 'has an unsafe exponent';
  return ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
}

/**
 * Reads the public keys in a text: one or more PEM blocks of the types `PUBLIC KEY` and
 * `RSA PUBLIC KEY`. `\n` may stand for a line break. Each key allows one algorithm: RS256, ES256 or
 * EdDSA.
 *
 * @returns the reason, as the end of a sentence, when the text is anything else
 */
export function parsePublicKeys(text: string): PublicKey[] | string {
  const pem = text.replaceAll('\\n', '\n').trim();
  // The text may be a private key, so no part of it is repeated.
  if (pem.includes('PRIVATE KEY')) return 'must be a public key, and is a private one';
  const blocks = [...pem.matchAll(PEM_BLOCK)];
  if (blocks.length === 0 || pem.replace(PEM_BLOCK, '').trim() !== '')
    return 'must be a public key in PEM (-----BEGIN PUBLIC KEY-----), or several in a row';
  const keys: PublicKey[] = [];
  for (const [block, type] of blocks) {
    const key = PEM_TYPES.includes(type!) ? readKey(block) : null;
    if (key === null) return 'has a block that is no public key';
    const algorithms = algorithmsOf(key);
    if (typeof algorithms === 'string') return `has a key that ${algorithms}`;
    const allowed = algorithms.filter((one) => PEM_ALGORITHMS.includes(one));
    if (allowed.length === 0) return `must be a key for ${PEM_ALGORITHMS.join(', ')}`;
    keys.push({ key, algorithms: allowed[0] === 'EdDSA' ? algorithms : allowed });
  }
  return keys;
}

function readKey(pem: string): KeyObject | null {
  try {
    return createPublicKey(pem);
  } catch {
    return null;
  }
}
