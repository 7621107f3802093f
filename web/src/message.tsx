import type { Sending } from '@parley/client';
import type { MessagePartsFragment } from '@parley/client/documents';
import { useOutbox } from '@parley/client/react';
import { useState } from 'react';
import { useAttempt } from './controls';
import { nameOf, reasonOf, timeOf } from './format';
import { Icon, IconButton } from './icons';
import type { Person } from './people';

export type Message = MessagePartsFragment;

interface Props {
  person: Person;
  message: Message;
  /** True for the first of those that stand together. */
  isFirst: boolean;
  /** For the last own message: how far it got. */
  receipt: 'sent' | 'seen' | null;
  edit: () => void;
  remove: () => Promise<unknown>;
}

export function MessageBubble({ person, message, isFirst, receipt, edit, remove }: Props) {
  const { sender, content, createdAt, editedAt, deletedAt } = message;
  const isOwn = sender?.id === person.id;
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
function OwnActions({ edit, remove }: Pick<Props, 'edit' | 'remove'>) {
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
export function PendingBubble({ sending }: { sending: Sending }) {
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
