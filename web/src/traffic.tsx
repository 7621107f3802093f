import { useState } from 'react';
import { useFrames } from './hooks';
import type { Person } from './person';

/** A drawer with the GraphQL traffic of a person: operations and frames by name, newest first. */
export function Traffic({ person }: { person: Person }) {
  const frames = useFrames(person.link);
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div className="traffic">
      <button type="button" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        {isOpen ? 'Hide' : 'Show'} traffic
      </button>
      {isOpen && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: The keyboard scrolls it.
        <ol aria-label={`Traffic of ${person.name}`} tabIndex={0}>
          {frames.map(({ number, direction, transport, text }) => (
            <li key={number}>
              <span>{direction === '↑' ? 'sent' : 'received'}</span>
              <span>{transport}</span>
              <b>{text}</b>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
