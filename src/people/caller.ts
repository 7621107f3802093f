import { ForbiddenError } from '../errors';

/** The one who is asking: a user, or the host platform with a service token. */
export type Caller = UserCaller | ServiceCaller;

export interface UserCaller {
  readonly kind: 'user';
  readonly userId: string;
}

/** Reads anything, may call the service operations, and is nobody's participant. */
export interface ServiceCaller {
  readonly kind: 'service';
}

/**
 * The person who is asking.
 *
 * @throws {ForbiddenError} for a service token: it takes part in nothing
 */
export function requireUser(caller: Caller): UserCaller {
  if (caller.kind !== 'user') throw new ForbiddenError();
  return caller;
}

/** @throws {ForbiddenError} for anybody but the host platform */
export function requireService(caller: Caller): ServiceCaller {
  if (caller.kind !== 'service') throw new ForbiddenError();
  return caller;
}

/** The person's id, or null for the host platform. */
export function userIdOf(caller: Caller): string | null {
  return caller.kind === 'user' ? caller.userId : null;
}
