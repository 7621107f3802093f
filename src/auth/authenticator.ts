import { BadUserInputError, UnauthenticatedError } from '../errors';
import { type Caller, userIdOf } from '../people/caller';
import type { Standing, UserDirectory } from '../people/user.directory';
import type { Urgency } from '../runtime/batches';
import type { Claims, TokenVerifier, UserClaims } from './token';

/** The result of authentication. */
export interface Session {
  caller: Caller;
  /** The end of the token's validity, in seconds since 1970; null for none. */
  expiresAt: number | null;
  /** When the user's own token was issued, in the same seconds; null when it does not say. */
  issuedAt: number | null;
  /** True when a service token acts as the user `caller`. Every check for that user applies. */
  onBehalf: boolean;
}

/** Returns the fields that identify a session in the log. */
export function sessionLogFields({ caller, onBehalf }: Session): Record<string, unknown> {
  const who = caller.kind === 'user' ? { userId: caller.userId } : { service: true };
  return { ...who, ...(onBehalf && { onBehalf }) };
}

/** Verifies a token, and that its user exists, is active, and has not had it revoked. */
export class Authenticator {
  constructor(
    private readonly tokens: TokenVerifier,
    private readonly users: UserDirectory,
    private readonly provisioning: 'service' | 'token',
  ) {}

  /**
   * Returns the session of a token. With `provisioning` set to `token`, a user who is not known yet
   * is created from the profile in their valid token.
   *
   * @param onBehalfOf id of the user as whom a service token acts; null for the service itself.
   *   Ignored for a user's token
   * @throws {TokenExpiredError} when the token has expired
   * @throws {UnauthenticatedError} when the token is not valid or revoked, or when the user is
   *   deactivated, or is unknown and was not created. The user is the token's own, or the one of
   *   `onBehalfOf`
   * @throws {UnavailableError} when the token cannot be judged now
   */
  async authenticate(token: string, onBehalfOf: string | null, urgency: Urgency): Promise<Session> {
    return this.open(await this.tokens.verify(token), onBehalfOf, urgency);
  }

  /**
   * Returns the session of a token that replaces the one of `session`. The caller stays the same:
   * a service token that acts as a user goes on as that user.
   *
   * @throws {BadUserInputError} when the token is valid, and of another user or kind
   * @throws {TokenExpiredError} {@link UnauthenticatedError} as {@link authenticate}
   */
  async renew(session: Session, token: string): Promise<Session> {
    const claims = await this.tokens.verify(token);
    if (!isOfCaller(claims, session))
      throw new BadUserInputError('input.token', 'must be of the same user and kind as before');
    const onBehalfOf = session.onBehalf ? userIdOf(session.caller) : null;
    return this.open(claims, onBehalfOf, 'request');
  }

  private async open(
    claims: Claims,
    onBehalfOf: string | null,
    urgency: Urgency,
  ): Promise<Session> {
    if (claims.kind === 'user') return this.openOwn(claims, urgency);
    const session = { expiresAt: claims.expiresAt, issuedAt: null };
    if (onBehalfOf === null) return { ...session, caller: { kind: 'service' }, onBehalf: false };
    const standing = await this.users.standingOf(onBehalfOf, urgency);
    if (!standing?.active) throw refusedOf(standing);
    return { ...session, caller: { kind: 'user', userId: onBehalfOf }, onBehalf: true };
  }

  private async openOwn(claims: UserClaims, urgency: Urgency): Promise<Session> {
    const { userId, expiresAt, issuedAt } = claims;
    const caller = { kind: 'user', userId } as const;
    const session: Session = { caller, expiresAt, issuedAt, onBehalf: false };
    const standing = await this.users.standingOf(userId, urgency);
    if (standing === null) await this.provision(claims);
    else if (!isAccepted(session, standing)) throw refusedOf(standing);
    return session;
  }

  /**
   * Returns true while the session's user is active and the token is not revoked, and always for
   * the service itself. A long-lived connection checks it again and again.
   */
  async isCurrent(session: Session): Promise<boolean> {
    const { caller } = session;
    if (caller.kind === 'service') return true;
    const standing = await this.users.standingOf(caller.userId, 'start');
    return standing !== null && isAccepted(session, standing);
  }

  private async provision({ userId, profile }: UserClaims): Promise<void> {
    const isProvisioned =
      this.provisioning === 'token' && (await this.users.provision(userId, profile));
    if (!isProvisioned) throw refusedOf(null);
  }
}

/**
 * True when the user is active and the session's token is not revoked. A token that does not say
 * when it was issued may have been issued before. A service token is not the user's, and stays.
 */
export function isAccepted(
  { issuedAt, onBehalf }: Session,
  { active, tokensValidFromS }: Standing,
): boolean {
  if (!active || tokensValidFromS === null || onBehalf) return active;
  return issuedAt !== null && issuedAt >= tokensValidFromS;
}

/** True for the same user's own token, or for a service token where one was before. */
function isOfCaller(claims: Claims, { caller, onBehalf }: Session): boolean {
  const isOwn = caller.kind === 'user' && !onBehalf;
  if (claims.kind === 'service') return !isOwn;
  return isOwn && claims.userId === caller.userId;
}

/** @param standing null for an unknown user */
function refusedOf(standing: Standing | null): UnauthenticatedError {
  if (standing === null) return new UnauthenticatedError({ reason: 'unknown user' });
  const reason = standing.active ? 'revoked token' : 'deactivated user';
  return new UnauthenticatedError({ reason });
}

/** Returns the token of an `Authorization: Bearer …` header's value; null when there is none. */
export function bearerToken(value: unknown): string | null {
  const match = typeof value === 'string' ? /^Bearer +(\S+)$/i.exec(value) : null;
  return match ? match[1]! : null;
}
