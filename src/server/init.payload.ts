import { bearerToken } from '../auth/authenticator';
import { UnauthenticatedError } from '../errors';

/** The payload of `connection_init`. A client sends it, so its values may be anything. */
export type InitPayload = Readonly<Record<string, unknown>>;

/**
 * Returns the token with which a client opens its connection: in `authorization` as in HTTP, or in
 * `token` by itself; null for none.
 */
export function tokenIn(payload: InitPayload): string | null {
  const { token } = payload;
  return bearerToken(authorizationIn(payload)) ?? (typeof token === 'string' ? token : null);
}

/** Returns the value of `authorization`, whose letters may be of any case, as in HTTP. */
function authorizationIn(payload: InitPayload): unknown {
  const name = Object.keys(payload).find((key) => key.toLowerCase() === 'authorization');
  return name === undefined ? undefined : payload[name];
}

/**
 * Returns the id of the user as whom a service token acts, as it is given; null for none.
 *
 * @throws {UnauthenticatedError} when it is no text: the service must not act as itself then
 */
export function actsAs({ onBehalfOf = null }: InitPayload): string | null {
  if (onBehalfOf === null || typeof onBehalfOf === 'string') return onBehalfOf;
  throw new UnauthenticatedError();
}
