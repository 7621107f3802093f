import { ParleyProvider } from '@parley/client/react';
import { StrictMode, useEffect, useState, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { Mark } from './icons';
import { Pane } from './pane';
import { fetchPeople, type Person } from './people';
import { SignIn } from './sign.in';
import { ThemeSwitch } from './theme';
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

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
