import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Pane } from './pane';
import { type Person, personOf } from './person';
import './style.css';

/** People who are shown from the start. The others are left out, and can be looked at. */
const SHOWN = 2;
const MOST = 3;

function App() {
  const [people, setPeople] = useState<readonly Person[] | null>(null);
  const [error, setError] = useState(false);
  const [hasThird, setHasThird] = useState(false);
  const [tab, setTab] = useState(0);
  useEffect(() => {
    fetchPeople().then(setPeople, () => setError(true));
  }, []);
  const shown = people?.slice(0, hasThird ? MOST : SHOWN) ?? [];
  return (
    <main>
      <header className="bar">
        <h1>Parley</h1>
        <p>People who talk and trade, each over a connection of their own.</p>
        {people && people.length > SHOWN && (
          <button type="button" aria-pressed={hasThird} onClick={() => setHasThird(!hasThird)}>
            {hasThird ? 'Hide' : 'Show'} {people[SHOWN]!.name}, who is left out
          </button>
        )}
      </header>
      {error && <p role="alert">The server cannot be reached. Load the page again.</p>}
      {people?.length === 0 && <TokenForm done={(token) => setPeople([personWith(token)])} />}
      <nav className="tabs" aria-label="People">
        {shown.map(({ id, name }, index) => (
          <button type="button" key={id} aria-pressed={tab === index} onClick={() => setTab(index)}>
            {name}
          </button>
        ))}
      </nav>
      <div className="panes">
        {shown.map((person, index) => (
          <Pane
            key={person.id}
            person={person}
            isShown={index === Math.min(tab, shown.length - 1)}
          />
        ))}
      </div>
    </main>
  );
}

function TokenForm({ done }: { done: (token: string) => void }) {
  const [token, setToken] = useState('');
  const isToken = subjectOf(token) !== null;
  return (
    <form
      className="token"
      onSubmit={(event) => {
        event.preventDefault();
        if (isToken) done(token.trim());
      }}
    >
      <label>
        Token of a user
        <input
          value={token}
          onChange={(event) => setToken(event.target.value)}
          autoComplete="off"
          type="password"
        />
      </label>
      <button type="submit" className="primary" disabled={!isToken}>
        Connect
      </button>
    </form>
  );
}

/** The demo's users; none where a token is to be asked for. */
async function fetchPeople(): Promise<Person[]> {
  const response = await fetch(new URL('demo/users', document.baseURI));
  const { users } = (await response.json()) as { users: Parameters<typeof personOf>[0][] | null };
  return (users ?? []).map(personOf);
}

function personWith(token: string): Person {
  const id = subjectOf(token)!;
  return personOf({ id, displayName: id, token });
}

/** The `sub` of a token; null when the text is none. */
function subjectOf(token: string): string | null {
  try {
    const payload = token.trim().split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/');
    const { sub } = JSON.parse(atob(payload)) as { sub?: unknown };
    return typeof sub === 'string' ? sub : null;
  } catch {
    return null;
  }
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
