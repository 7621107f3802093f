import { MeDocument } from '@parley/client/documents';
import { ParleyProvider } from '@parley/client/react';
import { type FormEvent, StrictMode, useEffect, useState, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { Field, useAttempt } from './controls';
import { nameOf, reasonOf } from './format';
import { Icon, type IconName, Mark } from './icons';
import { Pane } from './pane';
import { fetchPeople, type Person, personWith } from './people';
import './style.css';

/** The people who are shown from the start. The next one is left out, and can be looked at. */
const SHOWN = 2;
/** Where the style sheet shows one person at a time. */
const PHONE = matchMedia('(width < 45rem)');

function onPhone(listener: () => void): () => void {
  PHONE.addEventListener('change', listener);
  return () => PHONE.removeEventListener('change', listener);
}

function App() {
  const [people, setPeople] = useState<readonly Person[] | null>(null);
  const [failed, setFailed] = useState(0);
  const [hasThird, setHasThird] = useState(false);
  const [tab, setTab] = useState(0);
  const isPhone = useSyncExternalStore(onPhone, () => PHONE.matches);
  useEffect(() => {
    fetchPeople().then(setPeople, () => setTimeout(() => setFailed(failed + 1), 2_000));
  }, [failed]);
  const shown = people?.slice(0, hasThird ? SHOWN + 1 : SHOWN) ?? [];
  const current = Math.min(tab, shown.length - 1);
  const toggleThird = () => {
    setHasThird(!hasThird);
    setTab(hasThird ? 0 : SHOWN);
  };
  return (
    <>
      <Bar third={people?.[SHOWN]} hasThird={hasThird} toggleThird={toggleThird} />
      {shown.length > 1 && (
        <nav className="tabs" aria-label="People">
          {shown.map(({ id, name }, index) => (
            <button
              type="button"
              key={id}
              aria-pressed={current === index}
              onClick={() => setTab(index)}
            >
              {name}
            </button>
          ))}
        </nav>
      )}
      <main>
        {people === null && <Waiting hasFailed={failed > 0} />}
        {people?.length === 0 && <SignIn done={(person) => setPeople([person])} />}
        {shown.map((person, index) => (
          <ParleyProvider key={person.id} client={person.client}>
            <Pane
              person={person}
              known={people!.filter(({ id }) => id !== person.id)}
              isCurrent={index === current}
              isSeen={!isPhone || index === current}
            />
          </ParleyProvider>
        ))}
      </main>
    </>
  );
}

interface BarProps {
  third: Person | undefined;
  hasThird: boolean;
  toggleThird: () => void;
}

function Bar({ third, hasThird, toggleThird }: BarProps) {
  return (
    <header className="bar">
      <Mark />
      <h1>Parley</h1>
      <p>People who talk and trade, each over a connection of their own</p>
      {third && (
        <button
          type="button"
          role="switch"
          className="switch"
          aria-checked={hasThird}
          onClick={toggleThird}
        >
          <span>
            {third.name.split(' ')[0]}
            <span className="rest">, who is left out</span>
          </span>
        </button>
      )}
      <ThemeSwitch />
    </header>
  );
}

function Waiting({ hasFailed }: { hasFailed: boolean }) {
  return (
    <p className="empty" role={hasFailed ? 'alert' : 'status'}>
      {hasFailed ? 'The server cannot be reached. Trying again…' : 'Loading…'}
    </p>
  );
}

/** Asks for a token, where the server makes none for the demo. */
function SignIn({ done }: { done: (person: Person) => void }) {
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

const THEMES = [
  ['system', 'screen', 'As the system'],
  ['light', 'sun', 'Light'],
  ['dark', 'moon', 'Dark'],
] as const satisfies readonly (readonly [string, IconName, string])[];
type Theme = (typeof THEMES)[number][0];

const THEME_KEY = 'parley-theme';

/** The choice of a theme, which is remembered. */
function ThemeSwitch() {
  const [theme, setTheme] = useState(remembered);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem(THEME_KEY, theme);
    } catch {
      // The browser keeps nothing. The choice holds for this visit.
    }
  }, [theme]);
  return (
    <fieldset className="themes">
      <legend className="unseen">Theme</legend>
      {THEMES.map(([name, icon, label]) => (
        <label key={name} title={label}>
          <input
            type="radio"
            name="theme"
            className="unseen"
            checked={theme === name}
            onChange={() => setTheme(name)}
          />
          <Icon name={icon} />
          <span className="unseen">{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

function remembered(): Theme {
  try {
    const kept = localStorage.getItem(THEME_KEY);
    return THEMES.find(([name]) => name === kept)?.[0] ?? 'system';
  } catch {
    return 'system';
  }
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
