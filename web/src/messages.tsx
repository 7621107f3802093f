import type { Sending } from '@parley/client';
import type { MessagePartsFragment } from '@parley/client/documents';
import { type ConversationHook, useOutbox } from '@parley/client/react';
import { Fragment, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { MoreButton, useAttempt } from './controls';
import { dayOf, nameOf, reasonOf, timeOf } from './format';
import { Icon, IconButton } from './icons';

export type Message = MessagePartsFragment;

/** Messages of one sender within this time stand together. */
const TOGETHER_MS = 5 * 60_000;
/** Nearer to the end than this, the log follows what comes. */
const END_PX = 80;

interface Props {
  me: string;
  room: ConversationHook;
  isSeen: boolean;
  edit: (message: Message) => void;
}

/** The messages, and below them those that are not sent yet. Reading them marks them as read. */
export function Messages(props: Props) {
  if (props.room.status !== 'loading') return <Log {...props} />;
  return (
    <div className="messages skeleton" role="status">
      <span className="unseen">Loading messages…</span>
    </div>
  );
}

function Log({ me, room, isSeen, edit }: Props) {
  const { messages, pending, participants } = room;
  const scroll = useScroll(messages[0]?.id, messages.length + pending.length);
  const dividerAt = useDivider(me, room);
  useReading(room, isSeen && scroll.isAtEnd);
  const others = participants.filter(({ user }) => user.id !== me);
  const readBy = Math.min(...others.map(({ lastReadSequence }) => lastReadSequence));
  const lastOwn = messages.findLast(({ sender }) => sender?.id === me);
  return (
    <div className="messages-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: The keyboard scrolls it. */}
      <div className="messages" role="log" aria-label="Messages" tabIndex={0} {...scroll.props}>
        {room.hasEarlier && <MoreButton load={room.loadEarlier}>Earlier messages</MoreButton>}
        {messages.length + pending.length === 0 && (
          <p className="empty">Nothing has been said yet. Write the first message.</p>
        )}
        {messages.map((message, index) => (
          <Fragment key={message.id}>
            <Dividers
              before={messages[index - 1]}
              message={message}
              // One's own message is not news.
              dividerAt={message.sender?.id === me ? null : dividerAt}
            />
            <MessageBubble
              me={me}
              message={message}
              isFirst={!areTogether(messages[index - 1], message)}
              receipt={message === lastOwn ? (readBy >= message.sequence ? 'seen' : 'sent') : null}
              edit={() => edit(message)}
              remove={() => room.deleteMessage(message.id)}
            />
          </Fragment>
        ))}
        {pending.map((sending) => (
          <PendingBubble key={sending.clientMessageId} sending={sending} />
        ))}
      </div>
      {!scroll.isAtEnd && (
        <button type="button" className="to-end" onClick={scroll.toEnd}>
          <Icon name="down" /> Newest
        </button>
      )}
    </div>
  );
}

interface DividersProps {
  before: Message | undefined;
  message: Message;
  dividerAt: number | null;
}

function Dividers({ before, message, dividerAt }: DividersProps) {
  const day = dayOf(message.createdAt);
  const isNew = before && dividerAt !== null && before.sequence <= dividerAt;
  return (
    <>
      {(!before || dayOf(before.createdAt) !== day) && <p className="divider">{day}</p>}
      {isNew && message.sequence > dividerAt && <p className="divider new">New</p>}
    </>
  );
}

function areTogether(before: Message | undefined, message: Message): boolean {
  if (!before || before.sender?.id !== message.sender?.id) return false;
  return Date.parse(message.createdAt) - Date.parse(before.createdAt) < TOGETHER_MS;
}

interface BubbleProps {
  me: string;
  message: Message;
  /** True for the first of those that stand together. */
  isFirst: boolean;
  /** For the last own message: how far it got. */
  receipt: 'sent' | 'seen' | null;
  edit: () => void;
  remove: () => Promise<unknown>;
}

function MessageBubble({ me, message, isFirst, receipt, edit, remove }: BubbleProps) {
  const { sender, content, createdAt, editedAt, deletedAt } = message;
  const isOwn = sender?.id === me;
  const place = !sender ? 'system' : isOwn ? 'own' : '';
  return (
    <div className={`message ${place} ${isFirst ? 'first' : ''}`}>
      {isFirst && sender && (
        <p className={isOwn ? 'unseen' : 'sender'}>{isOwn ? 'You' : nameOf(sender)}</p>
      )}
      <div className="bubble-row">
        {isOwn && !deletedAt && <OwnActions edit={edit} remove={remove} />}
        <div className={deletedAt ? 'bubble deleted' : 'bubble'}>
          {deletedAt ? 'Message deleted' : content}
          <span className="stamp">
            {editedAt && !deletedAt && 'edited '}
            <time dateTime={createdAt}>{timeOf(createdAt)}</time>
          </span>
        </div>
      </div>
      {receipt && (
        <p className={`receipt ${receipt}`}>
          <Icon name={receipt === 'seen' ? 'checks' : 'check'} />
          {receipt === 'seen' ? 'Seen' : 'Sent'}
        </p>
      )}
    </div>
  );
}

/** Edit, and delete in two steps. */
function OwnActions({ edit, remove }: Pick<BubbleProps, 'edit' | 'remove'>) {
  const [isAsking, setIsAsking] = useState(false);
  const { isBusy, fault, attempt } = useAttempt(reasonOf);
  if (isAsking)
    return (
      <div className="own-actions asking">
        <button
          type="button"
          className="danger"
          // biome-ignore lint/a11y/noAutofocus: The focus stays where the question came.
          autoFocus
          disabled={isBusy}
          onClick={() => attempt(remove)}
        >
          {fault ?? 'Delete'}
        </button>
        <button type="button" onClick={() => setIsAsking(false)}>
          Keep
        </button>
      </div>
    );
  return (
    <div className="own-actions">
      <IconButton icon="edit" label="Edit the message" onClick={edit} />
      <IconButton icon="trash" label="Delete the message" onClick={() => setIsAsking(true)} />
    </div>
  );
}

/** A message that the outbox holds. */
function PendingBubble({ sending }: { sending: Sending }) {
  const outbox = useOutbox();
  const hasFailed = sending.state === 'failed';
  return (
    <div className="message own first">
      <div className="bubble-row">
        <div className={hasFailed ? 'bubble failed' : 'bubble pending'}>{sending.content}</div>
      </div>
      <div className={hasFailed ? 'receipt failed' : 'receipt'}>
        <Icon name={hasFailed ? 'warn' : 'clock'} />
        {hasFailed ? `Not sent: ${reasonOf(sending.error)}` : 'Waiting to be sent'}
        {hasFailed && (
          <button type="button" onClick={() => outbox.retry(sending)}>
            Retry
          </button>
        )}
        <button type="button" onClick={() => outbox.drop(sending)}>
          Drop
        </button>
      </div>
    </div>
  );
}

/** Keeps the log at its end while the person is there, and in place when earlier pages come. */
function useScroll(firstId: string | undefined, count: number) {
  const log = useRef<HTMLDivElement>(null);
  const fromEnd = useRef(0);
  const [isAtEnd, setIsAtEnd] = useState(true);
  const isFollowing = useRef(true);
  const height = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: What is shown has changed.
  useLayoutEffect(() => {
    const { current } = log;
    if (current) current.scrollTop = current.scrollHeight - fromEnd.current;
  }, [firstId]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: What is shown has changed.
  useLayoutEffect(() => {
    const { current } = log;
    if (current && isFollowing.current) current.scrollTop = current.scrollHeight;
  }, [count]);
  useEffect(() => {
    const { current } = log;
    if (!current) return;
    const observer = new ResizeObserver(() => {
      height.current = current.clientHeight;
      if (isFollowing.current) current.scrollTop = current.scrollHeight;
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  const onScroll = () => {
    const { scrollHeight, scrollTop, clientHeight } = log.current!;
    // The place has changed with the log's own height, and nobody has scrolled.
    if (clientHeight !== height.current) return;
    fromEnd.current = scrollHeight - scrollTop;
    isFollowing.current = fromEnd.current - clientHeight < END_PX;
    setIsAtEnd(isFollowing.current);
  };
  const toEnd = () => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
    log.current?.focus();
  };
  return { props: { ref: log, onScroll }, isAtEnd, toEnd };
}

/**
 * The divider stands below what was read when the conversation was opened, and after an outage
 * below what had come before it; null where nothing has come since.
 */
function useDivider(me: string, room: ConversationHook): number | null {
  const { participants, lastSequence, status } = room;
  const [at, setAt] = useState<number | null>(null);
  /** How far the person knew it before; undefined while they know all of it. */
  const [known, setKnown] = useState<number | null | undefined>(null);
  const own = participants.find(({ user }) => user.id === me);
  if (status === 'catching-up' && known === undefined) setKnown(lastSequence);
  const from = known === null && status === 'live' ? own?.lastReadSequence : known;
  if (typeof from === 'number' && from < lastSequence && from !== at) setAt(from);
  if (status === 'live' && known !== undefined && own) setKnown(undefined);
  return at;
}

/** Marks as read what is on the screen. */
function useReading({ lastSequence, status, markRead }: ConversationHook, isRead: boolean): void {
  useEffect(() => {
    if (status !== 'live' || !isRead) return;
    const mark = () => {
      if (document.visibilityState === 'visible') markRead(lastSequence).catch(() => {});
    };
    mark();
    document.addEventListener('visibilitychange', mark);
    return () => document.removeEventListener('visibilitychange', mark);
  }, [lastSequence, status, isRead, markRead]);
}
