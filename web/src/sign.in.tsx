import { MeDocument } from '@parley/client/documents';
import { type FormEvent, useState } from 'react';
import { Field, useAttempt } from './controls';
import { nameOf, reasonOf } from './format';
import { type Person, personWith } from './people';

/** Asks for a token, where the server makes none for the demo. */
export function SignIn({ done }: { done: (person: Person) => void }) {
  const [token, setToken] = useState('');
  const { isBusy, fault, setFault, attempt } = useAttempt(reasonOf);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const person = personWith(token.trim());
    if (!person) return setFault('That is no token.');
    void attempt(async () => {
      const { me } = await person.client.request(MeDocument);
      done({ ...person, name: nameOf(me) });
    });
  };
  return (
    <form className="sign-in" onSubmit={submit} noValidate>
      <h2>Sign in</h2>
      <p className="muted">
        This server makes no tokens for the demo. Paste one that your platform has signed. It stays
        in this page, and is gone when the page is closed.
      </p>
      <Field
        label="Token of a user"
        type="password"
        autoComplete="off"
        value={token}
        fault={fault}
        onChange={(event) => setToken(event.target.value)}
      />
      <button type="submit" className="primary" disabled={isBusy || token.trim() === ''}>
        Connect
      </button>
    </form>
  );
}
