import { useConversations, useInbox, usePresence } from '@parley/client/react';
import { type ReactNode, useState } from 'react';
import { MoreButton } from './controls';
import { ConversationView } from './conversation';
import { ConversationList } from './conversation.list';
import { Avatar, Icon, IconButton } from './icons';
import { Notifications } from './notifications';
import type { Person } from './people';
import { Sheet } from './sheet';
import { NewConversation } from './start';
import { Traffic, useIsCut } from './traffic';

/** The sheet that is open over a pane. */
type Open = 'start' | 'notifications' | null;

interface Props {
  person: Person;
  /** The other people of the demo, to talk with. */
  known: readonly Person[];
  /** True for the only pane that a phone shows. */
  isCurrent: boolean;
  /** False while it is not on the screen: the person does not look at anything then. */
  isSeen: boolean;
}

/** One person's view: the list beside the open conversation, or one of them where it is narrow. */
export function Pane({ person, known, isCurrent, isSeen }: Props) {
  const list = useConversations();
  const [chosenId, setChosenId] = useState<string | null>();
  const [sheet, setSheet] = useState<Open>(null);
  const [hasTraffic, setHasTraffic] = useState(false);
  // The newest conversation is opened at first. It stays open when another one becomes the newest.
  const newestId = list.conversations[0]?.id;
  if (chosenId === undefined && newestId) setChosenId(newestId);
  const openId = chosenId ?? null;
  const open = (id: string) => {
    setChosenId(id);
    setSheet(null);
  };
  const close = () => setSheet(null);
  return (
    <section className={isCurrent ? 'pane current' : 'pane'} aria-label={person.name}>
      <div className="pane-body" inert={sheet !== null}>
        <PaneHeader
          person={person}
          openNotifications={() => setSheet('notifications')}
          hasTraffic={hasTraffic}
          toggleTraffic={() => setHasTraffic(!hasTraffic)}
        />
        <div className={openId ? 'columns has-open' : 'columns'}>
          <Side {...{ person, list, openId, open }} start={() => setSheet('start')} />
          {openId ? (
            <ConversationView
              key={openId}
              person={person}
              id={openId}
              isSeen={isSeen}
              back={() => setChosenId(null)}
            />
          ) : (
            <p className="empty beside">Choose a conversation, or start one.</p>
          )}
        </div>
        {hasTraffic && <Traffic person={person} close={() => setHasTraffic(false)} />}
      </div>
      {sheet && (
        <Sheet title={sheet === 'start' ? 'New conversation' : 'Notifications'} close={close}>
          {sheet === 'start' && <NewConversation known={known} done={open} cancel={close} />}
          {sheet === 'notifications' && <Notifications open={open} />}
        </Sheet>
      )}
    </section>
  );
}

interface SideProps {
  person: Person;
  list: ReturnType<typeof useConversations>;
  openId: string | null;
  open: (id: string) => void;
  start: () => void;
}

/** The list of the person's conversations. */
function Side({ person, list, openId, open, start }: SideProps) {
  const { online, status } = usePresence();
  return (
    <nav className="side" aria-label={`Conversations of ${person.name}`}>
      <header>
        <h3>Conversations</h3>
        <IconButton icon="add" label="New conversation" onClick={start} />
      </header>
      <ListStates list={list} start={start}>
        <ConversationList
          me={person.id}
          conversations={list.conversations}
          openId={openId}
          isOnline={(id) => status === 'live' && online.has(id)}
          open={open}
        />
        {list.hasMore && <MoreButton load={list.loadMore}>More conversations</MoreButton>}
      </ListStates>
    </nav>
  );
}

interface HeaderProps {
  person: Person;
  openNotifications: () => void;
  hasTraffic: boolean;
  toggleTraffic: () => void;
}

function PaneHeader({ person, openNotifications, hasTraffic, toggleTraffic }: HeaderProps) {
  const { link } = person;
  const { unreadNotificationCount: unread, status } = useInbox();
  const isCut = useIsCut(link);
  const state = isCut ? 'Offline' : status === 'live' ? 'Live' : 'Connecting';
  return (
    <header className="pane-head">
      <Avatar id={person.id} name={person.name} />
      <h2>{person.name}</h2>
      <span className={`state ${state.toLowerCase()}`} role="status">
        {state}
      </span>
      <IconButton icon="bell" label={`Notifications, ${unread} unread`} onClick={openNotifications}>
        {unread > 0 && <span className="badge">{unread > 9 ? '9+' : unread}</span>}
      </IconButton>
      <IconButton
        icon="traffic"
        label="GraphQL traffic"
        aria-expanded={hasTraffic}
        onClick={toggleTraffic}
      />
      <button
        type="button"
        className={isCut ? 'cut is-cut' : 'cut'}
        onClick={() => link.cut(!isCut)}
      >
        <Icon name={isCut ? 'online' : 'cut'} />
        {isCut ? 'Reconnect' : 'Cut'}
        {!isCut && <span className="unseen"> the connection</span>}
      </button>
    </header>
  );
}

type ListProps = Pick<SideProps, 'list' | 'start'> & { children: ReactNode };

/** The list, or why there is none. */
function ListStates({ list, start, children }: ListProps) {
  if (list.status === 'loading')
    return (
      <div className="skeleton" role="status">
        <span className="unseen">Loading conversations…</span>
      </div>
    );
  if (list.conversations.length > 0) return children;
  if (list.error) return <p className="empty fault">{list.error.message}</p>;
  return (
    <div className="empty">
      <p>No conversations yet. What others say to each other is not for these eyes.</p>
      <button type="button" className="primary" onClick={start}>
        Start one
      </button>
    </div>
  );
}
