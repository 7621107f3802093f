import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { Live, LiveState } from './live.js';

const SOCKET_TEXTS: Readonly<Record<LiveState['socket'], string>> = {
  closed: 'no connection',
  connecting: 'connecting',
  open: 'connected',
};

/** The subscriptions that go on, whatever tab is shown, and their events. */
export function LivePanel({ live }: { live: Live }) {
  const { followed, events, socket } = useSyncExternalStore(live.subscribe, () => live.state);
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (events.length > 0) end.current?.scrollIntoView({ block: 'nearest' });
  }, [events]);
  if (followed.length === 0 && events.length === 0) return null;
  return (
    <section className="live" aria-label="Live events">
      <div className="live-bar">
        <h2>Live events</h2>
        <p role="status">{SOCKET_TEXTS[socket]}</p>
        {followed.map(({ id, name }) => (
          <button type="button" key={id} onClick={() => live.stop(id)}>
            Stop {name}
          </button>
        ))}
        <button type="button" onClick={() => live.clear()}>
          Clear
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keys */}
      <div className="live-log" role="log" aria-label="Events" tabIndex={0}>
        <ol>
          {events.map(({ number, at, name, user, text }) => (
            <li key={number}>
              <time dateTime={at.toISOString()}>{at.toLocaleTimeString()}</time>
              <span>
                {name}
                {user && ` as ${user}`}
              </span>
              <code>{text}</code>
            </li>
          ))}
        </ol>
        <div ref={end} />
      </div>
    </section>
  );
}
