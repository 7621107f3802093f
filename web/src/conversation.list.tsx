import { ParleyError } from '@parley/client';
import {
  type ConversationSummary,
  type ConversationsHook,
  useConversations,
  usePresence,
} from '@parley/client/react';
import { type ComponentProps, type ReactNode, useState } from 'react';
import { Field, Form, MoreButton, Row, useAttempt } from './controls';
import { nameOf, namesOf, newId, othersIn, reasonOf } from './format';
import { Avatar, IconButton } from './icons';

const MOST_SUBJECT = 100;

interface Props {
  /** The id of the person whose list it is. */
  me: string;
  label: string;
  list: ConversationsHook;
  openId: string | null;
  open: (id: string) => void;
  /** Opens the form for a new conversation. */
  start: () => void;
}

/** The person's conversations, the newest activity first. */
export function ConversationList({ me, label, list, openId, open, start }: Props) {
  const { online, status } = usePresence();
  return (
    <nav className="side" aria-label={label}>
      <header>
        <h3>Conversations</h3>
        <IconButton icon="add" label="New conversation" onClick={start} />
      </header>
      <ListStates list={list} start={start}>
        <ul className="conversations">
          {list.conversations.map((conversation) => (
            <li key={conversation.id}>
              <ConversationRow
                me={me}
                conversation={conversation}
                online={status === 'live' ? online : NOBODY}
                aria-current={conversation.id === openId}
                onClick={() => open(conversation.id)}
              />
            </li>
          ))}
        </ul>
        {list.hasMore && <MoreButton load={list.loadMore}>More conversations</MoreButton>}
      </ListStates>
    </nav>
  );
}

const NOBODY: ReadonlySet<string> = new Set();

type StatesProps = Pick<Props, 'list' | 'start'> & { children: ReactNode };

/** The list, or why there is none. */
function ListStates({ list, start, children }: StatesProps) {
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

interface RowProps extends ComponentProps<'button'> {
  me: string;
  conversation: ConversationSummary;
  online: ReadonlySet<string>;
}

function ConversationRow({ me, conversation, online, ...rest }: RowProps) {
  const { subject, lastMessage, unreadCount, participants, updatedAt } = conversation;
  const others = othersIn(participants, me);
  const isOnline = others.some((user) => online.has(user.id));
  const mark = (
    <>
      {unreadCount > 0 && (
        <b className="count">
          {unreadCount > 99 ? '99+' : unreadCount}
          <span className="unseen"> unread</span>
        </b>
      )}
      {isOnline && <span className="unseen">, online</span>}
    </>
  );
  const names = namesOf(others.slice(0, 1));
  return (
    <Row
      avatar={<Avatar id={others[0]?.id ?? me} name={names} isOnline={isOnline} />}
      at={lastMessage?.createdAt ?? updatedAt}
      mark={mark}
      {...rest}
    >
      <strong>{namesOf(others) || 'Only you'}</strong>
      {subject && <span className="subject">{subject}</span>}
      <span className="preview">{preview(lastMessage, me)}</span>
    </Row>
  );
}

function preview(message: ConversationSummary['lastMessage'], me: string): string {
  if (!message) return 'No messages yet';
  if (message.deletedAt) return 'Message deleted';
  if (message.sender?.id === me) return `You: ${message.content}`;
  return message.content || (message.sender ? `${nameOf(message.sender)} sent a file` : '');
}

/** Somebody whom the person may choose. */
interface Known {
  id: string;
  name: string;
}

interface StartProps {
  known: readonly Known[];
  done: (id: string) => void;
  cancel: () => void;
}

/** Starts a conversation with one person or several. Where none are known, their ids are asked. */
export function NewConversation({ known, done, cancel }: StartProps) {
  const { start } = useConversations();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [subject, setSubject] = useState('');
  const [clientConversationId] = useState(newId);
  const { isBusy, fault, setFault, attempt } = useAttempt(startFaultOf);
  const submit = () => {
    if (chosen.length === 0) return setFault('Choose somebody to talk with.');
    const text = subject.trim();
    void attempt(async () => {
      const { id } = await start({
        participantIds: [...chosen],
        // Two people have one conversation for each listing, so a subject stands for one here.
        ...(text && { subject: text, listingId: `demo: ${text.toLowerCase()}`.slice(0, 128) }),
        ...(chosen.length > 1 && { clientConversationId }),
      });
      done(id);
    });
  };
  return (
    <Form action="Start" submit={submit} cancel={cancel} isBusy={isBusy} fault={fault}>
      {known.length > 0 ? (
        <People known={known} chosen={chosen} choose={setChosen} />
      ) : (
        <Field
          label="With (ids of users)"
          onChange={({ target }) => setChosen(target.value.split(/[\s,]+/).filter(Boolean))}
          data-autofocus
        />
      )}
      <Field
        label="What about? (optional)"
        value={subject}
        maxLength={MOST_SUBJECT}
        onChange={({ target }) => setSubject(target.value)}
      />
    </Form>
  );
}

interface PeopleProps {
  known: readonly Known[];
  chosen: readonly string[];
  choose: (ids: readonly string[]) => void;
}

function People({ known, chosen, choose }: PeopleProps) {
  return (
    <fieldset className="people">
      <legend>With</legend>
      {known.map(({ id, name }, index) => (
        <label key={id}>
          <input
            type="checkbox"
            checked={chosen.includes(id)}
            onChange={({ target }) =>
              choose(target.checked ? [...chosen, id] : chosen.filter((one) => one !== id))
            }
            {...(index === 0 && { 'data-autofocus': true })}
          />
          <Avatar id={id} name={name} />
          {name}
        </label>
      ))}
    </fieldset>
  );
}

function startFaultOf(problem: unknown): string {
  const isMissing = problem instanceof ParleyError && problem.code === 'NOT_FOUND';
  return isMissing ? 'Nobody has that id.' : reasonOf(problem);
}
