import { useState } from 'react';
import type { User } from './session.js';

interface SignInProps {
  /** The users of the menu. null: a token is asked for. */
  users: readonly User[] | null;
  user: User | null;
  signIn: (user: User | null) => void;
}

/** A menu of the users whom the server signs in, or a field for a token. */
export function SignIn(props: SignInProps) {
  return props.users ? <Menu {...props} users={props.users} /> : <TokenForm {...props} />;
}

function Menu({ users, user, signIn }: SignInProps & { users: readonly User[] }) {
  return (
    <label>
      Signed in as
      <select
        value={user?.id ?? ''}
        onChange={({ target }) => signIn(users.find(({ id }) => id === target.value) ?? null)}
      >
        {users.map(({ id, displayName }) => (
          <option key={id} value={id}>
            {displayName}
          </option>
        ))}
        <option value="">Nobody</option>
      </select>
    </label>
  );
}

/** The token stays in the page's memory: it is asked for again when the page is loaded again. */
function TokenForm({ user, signIn }: SignInProps) {
  const [token, setToken] = useState('');
  if (user)
    return (
      <p>
        With the token of a user{' '}
        <button type="button" onClick={() => signIn(null)}>
          Sign out
        </button>
      </p>
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        signIn({ id: 'token', displayName: 'Token', token: token.trim() });
        setToken('');
      }}
    >
      <label>
        Token of a user
        <input
          type="password"
          autoComplete="off"
          required
          value={token}
          onChange={({ target }) => setToken(target.value)}
        />
      </label>
      <button type="submit">Sign in</button>
    </form>
  );
}
