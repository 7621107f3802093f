import { createSecretKey, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { Config } from '../config';
import { TokenExpiredError, UnauthenticatedError } from '../errors';

/** Seconds that clocks may differ: a token is good until `exp` plus this. */
export const CLOCK_TOLERANCE_S = 5;

/** Seconds since 1970 beyond which there is no date (ECMA-262, section 21.4.1.1). */
const LAST_TIME_S = 8.64e12 - CLOCK_TOLERANCE_S;

/** The claims of a verified token. Times are seconds since 1970. */
export type Claims = UserClaims | ServiceClaims;

export interface UserClaims {
  kind: 'user';
  userId: string;
  issuedAt: number | null;
  expiresAt: number | null;
  /** The profile in the token, for where users are made from it. */
  profile: { username: string | null; displayName: string | null; avatarUrl: string | null };
}

export interface ServiceClaims {
  kind: 'service';
  expiresAt: number | null;
}

/**
 * One key and the algorithms that follow from it. The token never chooses: its `alg` must be among
 * these (RFC 8725, section 3.1).
 */
export interface VerificationKey {
  key: KeyObject;
  algorithms: jwt.Algorithm[];
}

/**
 * Verifies JSON Web Tokens (RFC 7519). A token that calls itself `role: "service"` is verified
 * against the service keys alone, any other against the users' keys alone.
 */
export class TokenVerifier {
  constructor(
    private readonly userKeys: readonly VerificationKey[],
    private readonly serviceKeys: readonly VerificationKey[],
    private readonly rules: {
      issuer: string | null;
      audience: string | null;
      expiryRequired: boolean;
    },
  ) {}

  /**
   * @throws {TokenExpiredError} the signature is good, the time is over
   * @throws {UnauthenticatedError} anything else is wrong
   */
  verify(token: string): Claims {
    const service = claimsService(token);
    const payload = this.verifyWith(service ? this.serviceKeys : this.userKeys, token, service);
    if (this.rules.expiryRequired && payload.exp === undefined) throw new UnauthenticatedError();
    if (payload.exp !== undefined && payload.exp > LAST_TIME_S) throw new UnauthenticatedError();
    const expiresAt = payload.exp ?? null;
    return service ? { kind: 'service', expiresAt } : toUserClaims(payload, expiresAt);
  }

  private verifyWith(
    keys: readonly VerificationKey[],
    token: string,
    service: boolean,
  ): jwt.JwtPayload {
    const { issuer, audience } = this.rules;
    let expired = false;
    for (const { key, algorithms } of keys) {
      try {
        const payload = jwt.verify(token, key, {
          algorithms,
          clockTolerance: CLOCK_TOLERANCE_S,
          ...(!service && issuer !== null && { issuer }),
          ...(!service && audience !== null && { audience }),
        });
        if (typeof payload === 'object') return payload;
      } catch (error) {
        if (error instanceof jwt.TokenExpiredError) expired = true;
      }
    }
    throw expired ? new TokenExpiredError() : new UnauthenticatedError();
  }
}

/** An HMAC secret as a key; it admits HS256 and nothing else. */
export function secretKey(secret: string): VerificationKey {
  // A KeyObject: given a string, jsonwebtoken tries it as a public key first, at twenty times the
  // cost.
  return { key: createSecretKey(secret, 'utf8'), algorithms: ['HS256'] };
}

export function createTokenVerifier(auth: Config['auth']): TokenVerifier {
  return new TokenVerifier(
    auth.userSecrets.map(secretKey),
    auth.serviceSecret === null ? [] : [secretKey(auth.serviceSecret)],
    auth,
  );
}

/** Signs a token for development, tests and benches; the platform signs its own. */
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

function claimsService(token: string): boolean {
  try {
    const decoded = jwt.decode(token);
    return typeof decoded === 'object' && decoded?.role === 'service';
  } catch {
    // It throws for a payload that is not JSON.
    throw new UnauthenticatedError();
  }
}

function toUserClaims(payload: jwt.JwtPayload, expiresAt: number | null): UserClaims {
  if (typeof payload.sub !== 'string' || payload.sub === '') throw new UnauthenticatedError();
  return {
    kind: 'user',
    userId: payload.sub,
    issuedAt: payload.iat ?? null,
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
