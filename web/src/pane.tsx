import { useEffect, useState } from 'react';
import { useConversations, useIsCut, usePresence, useUnreadNotifications } from './hooks';
import type { Person } from './person';
import { ConversationView } from './room';
import { Traffic } from './traffic';

/** What one person sees. */
export function Pane({ person, isShown }: { person: Person; isShown: boolean }) {
  const conversations = useConversations(person.client);
  const online = usePresence(person.client);
  const unread = useUnreadNotifications(person.client);
  const isCut = useIsCut(person.link);
  const [openId, setOpenId] = useState<string | null>(null);
  const first = conversations?.[0]?.id ?? null;
  useEffect(() => setOpenId((id) => id ?? first), [first]);
  return (
    <section className={isShown ? 'pane shown' : 'pane'} aria-label={person.name}>
      <header className="top">
        <span className="avatar" aria-hidden="true">
          {person.name.charAt(0)}
        </span>
        <h2>{person.name}</h2>
        <span className="count">{unread === 0 ? 'No news' : `${unread} unread`}</span>
        <button
          type="button"
          aria-pressed={isCut}
          className={isCut ? 'danger' : ''}
          onClick={() => person.link.set(!isCut)}
        >
          {isCut ? 'Reconnect' : 'Cut connection'}
        </button>
      </header>
      {conversations === null && <p className="empty">Loading conversations…</p>}
      {conversations?.length === 0 && (
        <p className="empty">No conversations. This person sees nothing of the others'.</p>
      )}
      <nav aria-label={`Conversations of ${person.name}`}>
        {conversations?.map(({ id, subject, participants, unreadCount }) => {
          const others = participants.map(({ user }) => user).filter(({ id }) => id !== person.id);
          return (
            <button
              type="button"
              key={id}
              className="conversation"
              aria-current={id === openId}
              onClick={() => setOpenId(id)}
            >
              <strong>{subject ?? 'Conversation'}</strong>
              <span>
                {others.map((user) => user.displayName ?? user.username).join(', ')}
                {others.some((user) => online.has(user.id)) ? ' · online' : ''}
              </span>
              {unreadCount > 0 && <b className="badge pending">{unreadCount} new</b>}
            </button>
          );
        })}
      </nav>
      {openId && <ConversationView key={openId} person={person} id={openId} />}
      <Traffic person={person} />
    </section>
  );
}
