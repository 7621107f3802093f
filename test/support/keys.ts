import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A pair of keys, and how the owner of the private one signs. */
export interface Signer {
  publicKey: KeyObject;
  privateKey: KeyObject;
  /** The public key in PEM. */
  pem: string;
  sign(claims: object, header?: object): string;
}

type Kind = 'RS256' | 'PS256' | 'ES256' | 'ES384' | 'EdDSA';

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Makes a token of any header and any claims, with a signature by any means. */
export function tokenOf(
  header: object,
  claims: object,
  signature: (content: Buffer) => Buffer,
): string {
  const content = `${encoded(header)}.${encoded(claims)}`;
  return `${content}.${signature(Buffer.from(content)).toString('base64url')}`;
}

function pairOf(alg: Kind): { publicKey: KeyObject; privateKey: KeyObject } {
  if (alg === 'EdDSA') return generateKeyPairSync('ed25519');
  if (alg === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' });
  if (alg === 'ES384') return generateKeyPairSync('ec', { namedCurve: 'P-384' });
  return generateKeyPairSync('rsa', { modulusLength: 2_048 });
}

export function signer(alg: Kind, pair = pairOf(alg)): Signer {
  const digest = alg === 'EdDSA' ? null : `sha${alg.slice(2)}`;
  const key = {
    key: pair.privateKey,
    dsaEncoding: 'ieee-p1363',
    ...(alg === 'PS256' && { padding: 6, saltLength: 32 }),
  } as const;
  return {
    ...pair,
    pem: pair.publicKey.export({ type: 'spki', format: 'pem' }) as string,
    sign: (claims, header = {}) =>
      tokenOf({ alg, ...header }, claims, (content) => sign(digest, content, key)),
  };
}

const pemOf = ({ publicKey }: { publicKey: KeyObject }) =>
  publicKey.export({ type: 'spki', format: 'pem' }) as string;
const { pem, privateKey } = signer('EdDSA');
export const PUBLIC_KEY = pem;
export const PRIVATE_KEY = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
/** Values that are no public key which a setting may be. */
export const WRONG_PUBLIC_KEYS = [
  'x',
  '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----',
  '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
  PRIVATE_KEY,
  PUBLIC_KEY + PRIVATE_KEY,
  PUBLIC_KEY.slice(0, -10),
  `${PUBLIC_KEY}x`,
  PUBLIC_KEY + pemOf(generateKeyPairSync('rsa', { modulusLength: 1_024 })),
  pemOf(generateKeyPairSync('rsa', { modulusLength: 2_040 })),
  pemOf(generateKeyPairSync('ec', { namedCurve: 'P-384' })),
  pemOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' })),
  pemOf(generateKeyPairSync('x25519')),
  pemOf(generateKeyPairSync('ed448')),
  pemOf(generateKeyPairSync('rsa-pss', { modulusLength: 2_048 })),
];
