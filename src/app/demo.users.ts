import { signToken } from '../auth/token';
import type { Config } from '../config';
import type { MakeDemoUsers } from '../server/demo.users';

/** The validity of demo tokens in seconds. `npm run token` makes more. */
const DEMO_TOKEN_S = 7 * 24 * 3600;

export const DEMO_USERS = [
  { id: 'alice', username: 'alice', displayName: 'Alice Adams' },
  { id: 'bob', username: 'bob', displayName: 'Bob Brown' },
  { id: 'carol', username: 'carol', displayName: 'Carol Clark' },
  { id: 'dave', username: 'dave', displayName: 'Dave Davis' },
];

/**
 * Returns a function that makes a token for each demo user. null in production, with a database of
 * the operator's, whose users are not the demo's, and without a secret to sign with.
 */
export function demoUsersOf({ production, storage, auth }: Config): MakeDemoUsers {
  const [secret] = auth.userSecrets;
  if (production || storage.databaseUrl !== null || secret === undefined) return null;
  return () =>
    DEMO_USERS.map(({ id, displayName }) => ({
      id,
      displayName,
      token: signToken(secret, { sub: id, username: id }, DEMO_TOKEN_S),
    }));
}
