import { signToken } from '../../src/auth/token';
import { JWT_SECRET } from '../harness/servers';

const LIFETIME_S = 24 * 3_600;

const tokens = new Map<string, string>();

/** A token of this user, the same each time. */
export function tokenOf(userId: string): string {
  const known = tokens.get(userId);
  if (known) return known;
  const token = signToken(JWT_SECRET, { sub: userId, username: userId }, LIFETIME_S);
  tokens.set(userId, token);
  return token;
}
