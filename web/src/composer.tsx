import type { ConversationHook } from '@parley/client/react';
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { reasonOf } from './format';
import { Icon, IconButton } from './icons';
import type { Message } from './message';
import type { Person } from './people';

const MOST_CHARACTERS = 10_000;
/** From here on the characters that are left are shown. */
const NEAR_THE_END = 500;

/** A new message, or a change of one. */
export type Writing = { kind: 'new' } | { kind: 'edit'; message: Message };

interface Props {
  person: Person;
  room: ConversationHook;
  writing: Writing;
  isBlocked: boolean;
  /** The change was sent or given up. */
  done: () => void;
}

/** Enter sends, Shift+Enter breaks the line, Escape gives up a change. */
export function Composer({ person, room, writing, isBlocked, done }: Props) {
  const edited = writing.kind === 'edit' ? writing.message : null;
  const [text, setText] = useState(edited?.content ?? '');
  const [error, setError] = useState<string | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (edited) field.current?.focus();
  }, [edited]);
  const left = MOST_CHARACTERS - [...text].length;

  const send = async () => {
    if (text.trim() === '' || left < 0) return;
    setError(null);
    if (!edited) {
      room.send(text.trim());
      setText('');
      return;
    }
    try {
      await room.editMessage(edited.id, text.trim());
      done();
    } catch (problem) {
      setError(reasonOf(problem));
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send();
    field.current?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && edited) done();
    // While an input method composes, Enter chooses a word.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };

  if (room.status === 'ended') return null;
  if (isBlocked)
    return <p className="composer blocked muted">You have blocked them. Unblock them to write.</p>;
  return (
    <form className="composer" onSubmit={submit}>
      {edited && (
        <p className="editing">
          <Icon name="edit" /> Changing a message
          <IconButton icon="close" label="Give up the change" onClick={done} />
        </p>
      )}
      <textarea
        ref={field}
        rows={1}
        aria-label={`Message as ${person.name}`}
        placeholder="Write a message"
        value={text}
        onKeyDown={press}
        onChange={({ target }) => {
          setText(target.value);
          if (!edited) room.setTyping(target.value.trim() !== '');
        }}
      />
      <button
        type="submit"
        className="primary send"
        disabled={text.trim() === '' || left < 0}
        aria-label={edited ? 'Save' : 'Send'}
      >
        <Icon name={edited ? 'check' : 'send'} />
      </button>
      {left < NEAR_THE_END && (
        <p className={left < 0 ? 'fault' : 'muted'}>{left.toLocaleString('en')} characters left</p>
      )}
      {error && (
        <p role="alert" className="fault">
          {error}
        </p>
      )}
    </form>
  );
}
