import type { ConversationSummary } from '@parley/client/react';
import { dayOf, nameOf, namesOf, timeOf } from './format';
import { Avatar } from './icons';

interface Props {
  /** The id of the person whose list it is. */
  me: string;
  conversations: readonly ConversationSummary[];
  openId: string | null;
  isOnline: (userId: string) => boolean;
  open: (id: string) => void;
}

/** Conversations, the newest activity first. */
export function ConversationList({ me, conversations, openId, isOnline, open }: Props) {
  return (
    <ul className="conversations">
      {conversations.map((conversation) => (
        <li key={conversation.id}>
          <Row
            me={me}
            conversation={conversation}
            isOpen={conversation.id === openId}
            isOnline={isOnline}
            open={open}
          />
        </li>
      ))}
    </ul>
  );
}

type RowProps = Pick<Props, 'me' | 'isOnline' | 'open'> & {
  conversation: ConversationSummary;
  isOpen: boolean;
};

function Row({ me, conversation, isOpen, isOnline, open }: RowProps) {
  const { id, subject, lastMessage, unreadCount, participants, updatedAt } = conversation;
  const others = participants.map(({ user }) => user).filter((user) => user.id !== me);
  const online = others.some((user) => isOnline(user.id));
  const when = lastMessage?.createdAt ?? updatedAt;
  const day = dayOf(when);
  return (
    <button type="button" className="row" aria-current={isOpen} onClick={() => open(id)}>
      <Avatar id={others[0]?.id ?? me} name={namesOf(others.slice(0, 1))} isOnline={online} />
      <span className="row-main">
        <strong>{namesOf(others) || 'Only you'}</strong>
        {subject && <span className="subject">{subject}</span>}
        <span className="preview">{preview(lastMessage, me)}</span>
      </span>
      <span className="row-side">
        <time dateTime={when}>{day === 'Today' ? timeOf(when) : day}</time>
        {unreadCount > 0 && (
          <b className="count">
            {unreadCount > 99 ? '99+' : unreadCount}
            <span className="unseen"> unread</span>
          </b>
        )}
      </span>
      {online && <span className="unseen">, online</span>}
    </button>
  );
}

function preview(message: ConversationSummary['lastMessage'], me: string): string {
  if (!message) return 'No messages yet';
  if (message.deletedAt) return 'Message deleted';
  if (message.sender?.id === me) return `You: ${message.content}`;
  return message.content || (message.sender ? `${nameOf(message.sender)} sent a file` : '');
}
