import { BadUserInputError, UnauthenticatedError } from '../errors';
import { type Caller, userIdOf } from '../people/caller';
import type { UserDirectory } from '../people/user.directory';
import type { Urgency } from '../runtime/batches';
import type { Claims, TokenVerifier, UserClaims } from './token';

/** The result of authentication. */
export interface Session {
  caller: Caller;
  /** The end of the token's validity, in seconds since 1970; null for none. */
  expiresAt: number | null;
  /** True when a service token acts as the user `caller`. Every check for that user applies. */
  onBehalf: boolean;
}

/** Returns the fields that identify a session in the log. */
export function sessionLogFields({ caller, onBehalf }: Session): Record<string, unknown> {
  const who = caller.kind === 'user' ? { userId: caller.userId } : { service: true };
  return { ...who, ...(onBehalf && { onBehalf }) };
}

/** Verifies a token, and that its user exists and is active. */
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
   * @throws {UnauthenticatedError} when the token is not valid, or when the user is deactivated, or
   *   is unknown and was not created. The user is the token's own, or the one of `onBehalfOf`
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
    if (claims.kind === 'user') {
      await this.requireActive(claims, urgency);
      return {
        caller: { kind: 'user', userId: claims.userId },
        expiresAt: claims.expiresAt,
        onBehalf: false,
      };
    }
    if (onBehalfOf === null)
      return { caller: { kind: 'service' }, expiresAt: claims.expiresAt, onBehalf: false };
    const active = await this.users.isActive(onBehalfOf, urgency);
    if (!active) throw inactive(active);
    return {
      caller: { kind: 'user', userId: onBehalfOf },
      expiresAt: claims.expiresAt,
      onBehalf: true,
    };
  }

  /**
   * Returns true while the session's user is active, and always for a service token. A long-lived
   * connection checks it again and again.
   */
  async isCurrent({ caller }: Session): Promise<boolean> {
    return (
      caller.kind === 'service' || (await this.users.isActive(caller.userId, 'start')) === true
    );
  }

  private async requireActive(claims: UserClaims, urgency: Urgency): Promise<void> {
    const active = await this.users.isActive(claims.userId, urgency);
    if (active) return;
    const provisioned =
      active === null &&
      this.provisioning === 'token' &&
      (await this.users.provision(claims.userId, claims.profile));
    if (!provisioned) throw inactive(active);
  }
}

/** True for the same user's own token, or for a service token where one was before. */
function isOfCaller(claims: Claims, { caller, onBehalf }: Session): boolean {
  const isOwn = caller.kind === 'user' && !onBehalf;
  if (claims.kind === 'service') return !isOwn;
  return isOwn && claims.userId === caller.userId;
}

/** @param active null for an unknown user, false for a deactivated one */
function inactive(active: boolean | null): UnauthenticatedError {
  return new UnauthenticatedError({
    reason: active === null ? 'unknown user' : 'deactivated user',
  });
}

/** Returns the token of an `Authorization: Bearer …` header's value; null when there is none. */
export function bearerToken(value: unknown): string | null {
  const match = typeof value === 'string' ? /^Bearer +(\S+)$/i.exec(value) : null;
  return match ? match[1]! : null;
}
