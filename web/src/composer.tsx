import type { ConversationHook } from '@parley/client/react';
import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { Fault, useAttempt } from './controls';
import { nameOf, reasonOf } from './format';
import { Icon, IconButton } from './icons';
import type { Message } from './messages';

const MOST_CHARACTERS = 10_000;
/** From here on the characters that are left are shown. */
const NEAR_THE_END = 500;

interface Props {
  me: string;
  room: ConversationHook;
  /** The message that is changed; null for a new one. */
  edited: Message | null;
  isBlocked: boolean;
  /** The change was sent or given up. */
  done: () => void;
}

/** The text that is written, and the sending of it. */
function useText({ room, edited, done }: Props) {
  const [text, setText] = useState(edited?.content ?? '');
  const { fault, attempt } = useAttempt(reasonOf);
  const left = MOST_CHARACTERS - [...text].length;
  const maySend = text.trim() !== '' && left >= 0;
  const write = (next: string) => {
    setText(next);
    if (!edited) room.setTyping(next.trim() !== '');
  };
  const send = () => {
    if (!maySend) return;
    if (edited) return attempt(() => room.editMessage(edited.id, text.trim()).then(done));
    room.send(text.trim());
    setText('');
  };
  return { text, left, maySend, fault, write, send };
}

/** Enter sends, Shift+Enter breaks the line, Escape gives up a change. */
export function Composer(props: Props) {
  const { me, room, edited, isBlocked, done } = props;
  const { text, left, maySend, fault, write, send } = useText(props);
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (edited) field.current?.focus();
  }, [edited]);
  const own = room.participants.find(({ user }) => user.id === me);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    field.current?.focus();
    void send();
  };
  if (room.status === 'ended') return null;
  if (isBlocked)
    return <p className="composer blocked muted">You have blocked them. Unblock them to write.</p>;
  return (
    <form className="composer" onSubmit={submit}>
      {edited && <Editing giveUp={done} />}
      <label className="unseen" htmlFor={id}>
        Message as {own ? nameOf(own.user) : 'you'}
      </label>
      <textarea
        id={id}
        ref={field}
        rows={1}
        placeholder="Write a message"
        value={text}
        onKeyDown={(event) => press(event, edited && done)}
        onChange={({ target }) => write(target.value)}
      />
      <button
        type="submit"
        className="primary send"
        aria-label={edited ? 'Save' : 'Send'}
        disabled={!maySend}
      >
        <Icon name={edited ? 'check' : 'send'} />
      </button>
      {left < NEAR_THE_END && (
        <p className={left < 0 ? 'fault' : 'muted'}>{left.toLocaleString('en')} characters left</p>
      )}
      <Fault>{fault}</Fault>
    </form>
  );
}

function press(event: KeyboardEvent<HTMLTextAreaElement>, giveUp: (() => void) | null): void {
  if (event.key === 'Escape') giveUp?.();
  // While an input method composes, Enter chooses a word.
  if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}

function Editing({ giveUp }: { giveUp: () => void }) {
  return (
    <p className="editing">
      <Icon name="edit" /> Changing a message
      <IconButton icon="close" label="Give up the change" onClick={giveUp} />
    </p>
  );
}
