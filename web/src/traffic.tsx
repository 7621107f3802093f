import { useEffect, useRef, useSyncExternalStore } from 'react';
import { IconButton } from './icons';
import type { Link } from './link';
import type { Person } from './people';

/** Returns true while a link is cut. */
export const useIsCut = (link: Link) => useSyncExternalStore(link.subscribe, () => link.isCut);

/** A drawer with a person's operations and frames by name, newest first. Escape closes it. */
export function Traffic({ person, close }: { person: Person; close: () => void }) {
  const { link } = person;
  const frames = useSyncExternalStore(link.subscribe, () => link.frames);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    list.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <section
      className="traffic"
      aria-label={`Traffic of ${person.name}`}
      onKeyDown={({ key }) => key === 'Escape' && close()}
    >
      <header>
        <h3>GraphQL traffic</h3>
        <IconButton icon="close" label="Close traffic" onClick={close} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: The keyboard scrolls it. */}
      <ol ref={list} tabIndex={0} aria-label="Operations and frames, newest first">
        {frames.map(({ number, at, direction, transport, type, name }) => (
          <li key={number} className={name ? direction : 'plain'}>
            <time>{at.toLocaleTimeString('en', { hour12: false })}</time>
            <span aria-hidden="true">{direction === 'sent' ? '↑' : '↓'}</span>
            <span className="unseen">{direction}</span>
            <span>{transport === 'HTTP' ? 'HTTP' : 'WS'}</span>
            <span>{type}</span>
            <b>{name}</b>
          </li>
        ))}
      </ol>
    </section>
  );
}
