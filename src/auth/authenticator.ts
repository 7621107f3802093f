import { UnauthenticatedError } from '../errors';
import type { Caller } from '../people/caller';
import type { UserDirectory } from '../people/user.directory';
import type { TokenVerifier, UserClaims } from './token';

/** A verified asker, and until when (seconds since 1970, null: for ever). */
export interface Session {
  caller: Caller;
  expiresAt: number | null;
  /** The service acts for the caller, with every check that the caller has. */
  onBehalf: boolean;
}

/** A session as log lines name it. */
export function sessionLogFields({ caller, onBehalf }: Session): Record<string, unknown> {
  const who = caller.kind === 'user' ? { userId: caller.userId } : { service: true };
  return { ...who, ...(onBehalf && { onBehalf }) };
}

/** Turns credentials into a viewer: the token is good, and its user exists and is active. */
export class Authenticator {
  constructor(
    private readonly tokens: TokenVerifier,
    private readonly users: UserDirectory,
    private readonly provisioning: 'service' | 'token',
  ) {}

  /**
   * @param onBehalfOf the user as whom a service token wants to act
   * @throws {UnauthenticatedError} no good token, or an unknown or deactivated user
   */
  async authenticate(token: string, onBehalfOf: string | null = null): Promise<Session> {
    const claims = this.tokens.verify(token);
    if (claims.kind === 'user') {
      await this.requireActive(claims);
      return {
        caller: { kind: 'user', userId: claims.userId },
        expiresAt: claims.expiresAt,
        onBehalf: false,
      };
    }
    if (onBehalfOf === null)
      return { caller: { kind: 'service' }, expiresAt: claims.expiresAt, onBehalf: false };
    if (!(await this.users.isActive(onBehalfOf))) throw new UnauthenticatedError();
    return {
      caller: { kind: 'user', userId: onBehalfOf },
      expiresAt: claims.expiresAt,
      onBehalf: true,
    };
  }

  /**
   * True while the session's user is active. Asked again when time has passed since authentication.
   */
  async isCurrent({ caller }: Session): Promise<boolean> {
    return caller.kind === 'service' || (await this.users.isActive(caller.userId)) === true;
  }

  private async requireActive(claims: UserClaims): Promise<void> {
    const active = await this.users.isActive(claims.userId);
    if (active) return;
    const provisioned =
      active === null &&
      this.provisioning === 'token' &&
      (await this.users.provision(claims.userId, claims.profile));
    if (!provisioned) throw new UnauthenticatedError();
  }
}

/** The token in an `Authorization: Bearer …` value; null when there is none. */
export function bearerToken(value: unknown): string | null {
  const match = typeof value === 'string' ? /^Bearer +(\S+)$/i.exec(value) : null;
  return match ? match[1]! : null;
}
