import { createHmac, createSecretKey, type KeyObject, randomBytes, verify } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { PublicKeyAlgorithm } from '../input/public-key';

/**
 * A key, and the algorithms that it allows. The algorithm is never the token's choice: its `alg`
 * must be one of these (RFC 8725, section 3.1).
 */
export interface VerificationKey {
  key: KeyObject;
  algorithms: readonly (PublicKeyAlgorithm | 'HS256')[];
}

/** The rules for a token's claims, as jsonwebtoken takes them. */
export type ClaimRules = Pick<jwt.VerifyOptions, 'clockTolerance' | 'issuer' | 'audience'>;

/** jsonwebtoken's message about a signature that is not the key's. */
export const WRONG_SIGNATURE = 'invalid signature';

const SEAL_KEY = createSecretKey(randomBytes(32));
const SEAL_HEADER = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');

/**
 * Verifies a token with one key: that the key allows its algorithm, its signature, then its claims.
 *
 * @returns its payload
 * @throws {jwt.TokenExpiredError} when only the expiry is wrong
 * @throws {jwt.JsonWebTokenError} for any other reason
 */
export function verifyWithKey(
  token: string,
  { key, algorithms }: VerificationKey,
  rules: ClaimRules,
): jwt.JwtPayload {
  const ours = key.asymmetricKeyType === 'ed25519';
  const payload = ours
    ? jwt.verify(sealed(token, key, algorithms), SEAL_KEY, { algorithms: ['HS256'], ...rules })
    : jwt.verify(token, key, { algorithms: algorithms as jwt.Algorithm[], ...rules });
  if (typeof payload === 'string') throw new jwt.JsonWebTokenError('jwt malformed');
  return payload;
}

/**
 * Verifies the signature of a token by EdDSA, which jsonwebtoken does not know. Returns the payload
 * under a signature of this process, so that jsonwebtoken checks the claims of every token.
 */
function sealed(token: string, key: KeyObject, algorithms: VerificationKey['algorithms']): string {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { alg: never };
  if (!algorithms.includes(alg)) throw new jwt.JsonWebTokenError('invalid algorithm');
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify(null, signed, key, Buffer.from(signature, 'base64url')))
    throw new jwt.JsonWebTokenError(WRONG_SIGNATURE);
  const content = `${SEAL_HEADER}.${payload}`;
  return `${content}.${createHmac('sha256', SEAL_KEY).update(content).digest('base64url')}`;
}
