import { createSecretKey } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { Config } from '../config';
import { TokenExpiredError, UnauthenticatedError } from '../errors';
import { parsePublicKeys } from '../input/public-key';
import type { KeyProvider } from './key.provider';
import { type ClaimRules, type VerificationKey, verifyWithKey, WRONG_SIGNATURE } from './signature';

/** The seconds by which clocks may differ. A token is valid until `exp` plus this. */
export const CLOCK_TOLERANCE_S = 5;

/**
 * The greatest `exp` that is accepted, in seconds since 1970. Together with the tolerance it is the
 * last time that a Date can hold (ECMA-262, section 21.4.1.1).
 */
const LAST_TIME_S = 8.64e12 - CLOCK_TOLERANCE_S;

/** The rules for a service token's claims: any issuer and audience will do. */
const ANY_CLAIMS: ClaimRules = { clockTolerance: CLOCK_TOLERANCE_S };

/** The claims of a verified token. Times are seconds since 1970. */
export type Claims = UserClaims | ServiceClaims;

export interface UserClaims {
  kind: 'user';
  userId: string;
  issuedAt: number | null;
  expiresAt: number | null;
  /** The profile in the token, from which a user may be created. */
  profile: { username: string | null; displayName: string | null; avatarUrl: string | null };
}

export interface ServiceClaims {
  kind: 'service';
  expiresAt: number | null;
}

/**
 * Verifies JSON Web Tokens (RFC 7519). A token that claims `role: "service"` is verified with the
 * service keys only, and any other token with the users' keys only.
 */
export class TokenVerifier {
  private readonly userClaims: ClaimRules;

  constructor(
    private readonly userKeys: readonly VerificationKey[],
    private readonly serviceKeys: readonly VerificationKey[],
    /** Has further keys of users; null for none. */
    private readonly provider: KeyProvider | null,
    private readonly rules: {
      /** null when any will do. */
      issuers: readonly string[] | null;
      audiences: readonly string[] | null;
      expiryRequired: boolean;
    },
  ) {
    const { issuers, audiences } = rules;
    this.userClaims = {
      ...ANY_CLAIMS,
      ...(issuers !== null && { issuer: issuers as [string, ...string[]] }),
      ...(audiences !== null && { audience: audiences as [string, ...string[]] }),
    };
  }

  /**
   * Returns the claims of a valid token. Issuer and audience are checked for users' tokens only.
   * Waits for nothing but the provider's answer about a key that is not known.
   *
   * @throws {TokenExpiredError} when the signature is valid, but the token has expired
   * @throws {UnauthenticatedError} when the token is not valid for any other reason
   * @throws {UnavailableError} when its key is not known, and the provider does not answer
   */
  async verify(token: string): Promise<Claims> {
    const outline = outlineOf(token);
    const keys = outline.service ? this.serviceKeys : this.userKeys;
    const payload = this.verifyWith(keys, token, outline) ?? (await this.ask(token, outline));
    if (payload !== null) return this.claimsOf(outline, payload);
    const hasKeys = keys.length > 0 || (this.provider !== null && !outline.service);
    throw refused(hasKeys ? 'no key for its alg has its signature' : 'there is no key');
  }

  /** Verifies a user's token with the keys of the provider, which is asked for those not known. */
  private async ask(token: string, outline: Outline): Promise<jwt.JwtPayload | null> {
    const { provider } = this;
    if (provider === null || outline.service) return null;
    const verify = () => this.verifyWith(provider.keysFor(outline), token, outline);
    const payload = verify();
    if (payload !== null || !provider.mayLearn(outline)) return payload;
    // The answer that is under way is enough for a valid token, but only a later one refuses.
    await provider.settled();
    const settled = verify();
    if (settled !== null || !provider.mayLearn(outline)) return settled;
    await provider.refresh();
    return verify();
  }

  /**
   * Returns the payload of a token that one of the keys has signed; null when none has.
   *
   * @throws {UnauthenticatedError} when one has signed it, and it is not valid all the same
   */
  private verifyWith(
    keys: readonly VerificationKey[],
    token: string,
    { alg, service }: Outline,
  ): jwt.JwtPayload | null {
    for (const key of keys) {
      if (!key.algorithms.includes(alg)) continue;
      try {
        return verifyWithKey(token, key, service ? ANY_CLAIMS : this.userClaims);
      } catch (error) {
        if (error instanceof jwt.TokenExpiredError) throw new TokenExpiredError();
        const { message } = error as Error;
        if (message !== WRONG_SIGNATURE) throw refused(message);
      }
    }
    return null;
  }

  private claimsOf({ service }: Outline, payload: jwt.JwtPayload): Claims {
    if (this.rules.expiryRequired && payload.exp === undefined) throw refused('exp is missing');
    if (payload.exp !== undefined && payload.exp > LAST_TIME_S) throw refused('exp is too great');
    const expiresAt = payload.exp ?? null;
    return service ? { kind: 'service', expiresAt } : toUserClaims(payload, expiresAt);
  }
}

/** Makes a key of an HMAC secret. It allows only HS256. */
export function secretKey(secret: string): VerificationKey {
  // With a string in place of a KeyObject, jsonwebtoken first tries to read it as a public key. A
  // verification then costs twenty times as much.
  return { key: createSecretKey(secret, 'utf8'), algorithms: ['HS256'] };
}

/** Makes a verifier of the settings. Without a service key, it rejects every service token. */
export function createTokenVerifier(
  auth: Config['auth'],
  provider: KeyProvider | null,
): TokenVerifier {
  const serviceSecrets = auth.serviceSecret === null ? [] : [auth.serviceSecret];
  return new TokenVerifier(
    [...auth.userSecrets.map(secretKey), ...publicKeysIn(auth.userPublicKeys)],
    [...serviceSecrets.map(secretKey), ...publicKeysIn(auth.servicePublicKeys)],
    provider,
    auth,
  );
}

function publicKeysIn(pem: string | null): VerificationKey[] {
  const keys = pem === null ? [] : parsePublicKeys(pem);
  if (typeof keys === 'string') throw new Error(`the settings let a wrong key pass: it ${keys}`);
  return keys;
}

/**
 * Signs a token for development, tests and benches. The host platform signs its own tokens.
 *
 * @param expiresInS seconds until the token expires. Default: it does not expire
 */
export function signToken(
  secret: string,
  claims: { sub?: string; role?: 'service' } & Record<string, unknown>,
  expiresInS?: number,
): string {
  const options: jwt.SignOptions = {
    algorithm: 'HS256',
    ...(expiresInS !== undefined && { expiresIn: expiresInS }),
  };
  return jwt.sign(claims, createSecretKey(secret, 'utf8'), options);
}

function refused(check: string): UnauthenticatedError {
  return new UnauthenticatedError({ check });
}

/** The parts of a token that choose its key. None of them is verified yet. */
interface Outline {
  alg: VerificationKey['algorithms'][number];
  kid: string | null;
  /** True for a token that claims to be the platform's. */
  service: boolean;
}

/**
 * @throws {UnauthenticatedError} when it is no token, or has the header `crit`: this names
 *   extensions that must be understood, and none is (RFC 7515, section 4.1.11)
 */
function outlineOf(token: string): Outline {
  let decoded: jwt.Jwt | null;
  try {
    decoded = jwt.decode(token, { complete: true });
  } catch {
    // jwt.decode throws for a payload that is not JSON.
    decoded = null;
  }
  if (decoded === null) throw refused('it is no token');
  const { header, payload } = decoded;
  // jsonwebtoken reads any JSON as a header, and nothing is verified yet.
  if (typeof header !== 'object') throw refused('its header is no object');
  if ('crit' in header) throw refused('crit is not understood');
  const { kid = null } = header;
  if (kid !== null && typeof kid !== 'string') throw refused('kid is no text');
  return {
    alg: header.alg as Outline['alg'],
    kid,
    service: typeof payload === 'object' && payload?.role === 'service',
  };
}

function toUserClaims(payload: jwt.JwtPayload, expiresAt: number | null): UserClaims {
  if (typeof payload.sub !== 'string' || payload.sub === '') throw refused('sub is missing');
  return {
    kind: 'user',
    userId: payload.sub,
    issuedAt: typeof payload.iat === 'number' ? payload.iat : null,
    expiresAt,
    profile: {
      username: textOrNull(payload.username),
      displayName: textOrNull(payload.name),
      avatarUrl: textOrNull(payload.picture),
    },
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
