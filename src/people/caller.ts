import { ForbiddenError } from '../errors';

/** The sender of a request: a user, or the host platform with a service token. */
export type Caller = UserCaller | ServiceCaller;

export interface UserCaller {
  readonly kind: 'user';
  readonly userId: string;
}

/**
 * The host platform. It may read everything and call the service operations, and it is a
 * participant of no conversation.
 */
export interface ServiceCaller {
  readonly kind: 'service';
}

/**
 * Returns the caller as a user.
 *
 * @throws {ForbiddenError} for a service token, which is no user
 */
export function requireUser(caller: Caller): UserCaller {
  if (caller.kind !== 'user') throw new ForbiddenError();
  return caller;
}

/**
 * Returns the caller as the host platform.
 *
 * @throws {ForbiddenError} for a user
 */
export function requireService(caller: Caller): ServiceCaller {
  if (caller.kind !== 'service') throw new ForbiddenError();
  return caller;
}

/** Returns the user's id; null for the host platform. */
export function userIdOf(caller: Caller): string | null {
  return caller.kind === 'user' ? caller.userId : null;
}
