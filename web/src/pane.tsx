import { useConversations, useInbox } from '@parley/client/react';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Sheet } from './controls';
import { ConversationView } from './conversation';
import { ConversationList, NewConversation } from './conversation.list';
import { Avatar, Icon, IconButton } from './icons';
import { Notifications } from './notifications';
import { type Person, useIsCut } from './people';

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
  const [openId, setOpenId] = useOpenId(list.conversations[0]?.id);
  const [sheet, setSheet] = useState<Open>(null);
  const [hasTraffic, setHasTraffic] = useState(false);
  const isCut = useIsCut(person.link);
  const open = (id: string) => {
    setOpenId(id);
    setSheet(null);
  };
  const close = () => setSheet(null);
  return (
    <section className={isCurrent ? 'pane current' : 'pane'} aria-label={person.name}>
      <div className="pane-body" inert={sheet !== null}>
        <PaneHeader
          person={person}
          isCut={isCut}
          openNotifications={() => setSheet('notifications')}
          hasTraffic={hasTraffic}
          toggleTraffic={() => setHasTraffic(!hasTraffic)}
        />
        <div className={openId ? 'columns has-open' : 'columns'}>
          <ConversationList
            {...{ me: person.id, list, openId, open }}
            label={`Conversations of ${person.name}`}
            start={() => setSheet('start')}
          />
          {!openId && <p className="empty beside">Choose a conversation, or start one.</p>}
          {openId && (
            <ConversationView
              key={openId}
              {...{ me: person.id, id: openId, isSeen, isCut }}
              back={() => setOpenId(null)}
            />
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

/** The newest conversation is opened at first. It stays open when another one becomes the newest. */
function useOpenId(newestId: string | undefined) {
  const [chosenId, setChosenId] = useState<string | null>();
  if (chosenId === undefined && newestId) setChosenId(newestId);
  return [chosenId ?? null, setChosenId] as const;
}

interface HeaderProps {
  person: Person;
  isCut: boolean;
  openNotifications: () => void;
  hasTraffic: boolean;
  toggleTraffic: () => void;
}

function PaneHeader(props: HeaderProps) {
  const { person, isCut, openNotifications, hasTraffic, toggleTraffic } = props;
  const { unreadNotificationCount: unread, status } = useInbox();
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
        onClick={() => person.link.cut(!isCut)}
      >
        <Icon name={isCut ? 'online' : 'cut'} />
        {isCut ? 'Reconnect' : 'Cut'}
        {!isCut && <span className="unseen"> the connection</span>}
      </button>
    </header>
  );
}

/** A drawer with a person's operations and frames by name, newest first. Escape closes it. */
function Traffic({ person, close }: { person: Person; close: () => void }) {
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
