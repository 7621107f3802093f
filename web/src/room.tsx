import { ParleyError } from '@parley/client';
import { MarkReadDocument, SendMessageDocument, SetTypingDocument } from '@parley/client/documents';
import { useEffect, useRef, useState } from 'react';
import { useConversation, useTyping } from './hooks';
import { OfferCard } from './offer';
import type { Person } from './person';

const STATUS = {
  loading: 'Loading…',
  live: 'Live',
  'catching-up': 'Reconnecting, then catching up…',
  ended: 'Ended',
};
/** The server ends typing some seconds after the last sign of it. */
const TYPING_EVERY_MS = 2_000;

/** An open conversation: its messages, its offers, and what is being written. */
export function ConversationView({ person, id }: { person: Person; id: string }) {
  const { client } = person;
  const { room, state } = useConversation(client, id);
  const typing = useTyping(client, id);
  const end = useRef<HTMLDivElement>(null);
  const last = state?.messages.at(-1)?.sequence ?? 0;
  const isLive = state?.status === 'live';
  useEffect(() => {
    if (last === 0) return;
    end.current?.parentElement?.scrollTo(0, end.current.parentElement.scrollHeight);
    if (!isLive) return;
    client
      .request(MarkReadDocument, { input: { conversationId: id, sequence: last } })
      .catch(() => {});
  }, [client, id, last, isLive]);
  if (!state || state.status === 'loading') return <p className="empty">Loading…</p>;
  const others = state.participants.filter(({ user }) => user.id !== person.id);
  const readBy = Math.min(...others.map(({ lastReadSequence }) => lastReadSequence));
  return (
    <>
      <p className={`status ${state.status}`} role="status">
        {state.error?.message ?? STATUS[state.status]}
      </p>
      {state.offers.slice(0, 1).map((offer) => (
        <OfferCard key={offer.id} person={person} offer={offer} />
      ))}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: The keyboard scrolls it. */}
      <div className="messages" role="log" aria-label={`Messages of ${person.name}`} tabIndex={0}>
        {state.hasEarlier && (
          <button type="button" onClick={() => room?.loadEarlier().catch(() => {})}>
            Earlier messages
          </button>
        )}
        {state.messages.map(({ id: key, sender, content, deletedAt, createdAt, sequence }) => (
          <div key={key} className={sender?.id === person.id ? 'message own' : 'message'}>
            <p>{deletedAt ? <em>deleted</em> : content}</p>
            <small>
              {sender?.id === person.id ? '' : `${sender?.displayName ?? 'Parley'} · `}
              {new Date(createdAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}
              {sender?.id === person.id && (readBy >= sequence ? ' · Read' : ' · Sent')}
            </small>
          </div>
        ))}
        <div ref={end} />
      </div>
      <p className="typing" aria-live="polite">
        {typing.length > 0 && `${typing.join(', ')} is typing…`}
      </p>
      <Composer person={person} id={id} />
    </>
  );
}

function Composer({ person, id }: { person: Person; id: string }) {
  const { client } = person;
  const [text, setText] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [attempt, setAttempt] = useState<{ content: string; clientMessageId: string } | null>(null);
  const [isSending, setIsSending] = useState(false);
  const typedAt = useRef(0);
  const write = (value: string) => {
    setText(value);
    if (Date.now() - typedAt.current < TYPING_EVERY_MS) return;
    typedAt.current = Date.now();
    const input = { conversationId: id, isTyping: true };
    client.request(SetTypingDocument, { input }).catch(() => {});
  };
  const send = async () => {
    const content = text.trim();
    if (content === '' || isSending) return;
    // A repeat of the same text has the same id, so that it is not sent twice.
    const clientMessageId =
      attempt?.content === content
        ? attempt.clientMessageId
        : Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16)).join('');
    setAttempt({ content, clientMessageId });
    setIsSending(true);
    setError(null);
    try {
      const input = { conversationId: id, content, clientMessageId };
      await client.request(SendMessageDocument, { input });
      setText('');
      setAttempt(null);
      typedAt.current = 0;
    } catch (problem) {
      const isRefusal = problem instanceof ParleyError && problem.code !== 'CONNECTION_LOST';
      setError(isRefusal ? problem.message : 'Not sent: no connection. Try again.');
    } finally {
      setIsSending(false);
    }
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <input
        aria-label={`Message as ${person.name}`}
        placeholder="Write a message"
        maxLength={10_000}
        value={text}
        readOnly={isSending}
        onChange={(event) => write(event.target.value)}
      />
      <button type="submit" className="primary" disabled={text.trim() === ''}>
        Send
      </button>
      {error && <p role="alert">{error}</p>}
    </form>
  );
}
