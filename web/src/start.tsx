import { ParleyError } from '@parley/client';
import { useConversations } from '@parley/client/react';
import { type FormEvent, useState } from 'react';
import { Field } from './field';
import { newId, reasonOf } from './format';
import { Avatar } from './icons';
import type { Person } from './people';

const MOST_SUBJECT = 200;

/** Starts a conversation with one person or several. Where none are known, their ids are asked. */
export function NewConversation({
  known,
  done,
}: {
  known: readonly Person[];
  done: (id: string) => void;
}) {
  const { start } = useConversations();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [ids, setIds] = useState('');
  const [subject, setSubject] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [clientConversationId] = useState(newId);
  const participantIds = [...chosen, ...ids.split(/[\s,]+/).filter(Boolean)];

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (participantIds.length === 0) return setFault('Choose somebody to talk with.');
    setIsBusy(true);
    const text = subject.trim();
    try {
      const conversation = await start({
        participantIds,
        // Two people have one conversation for each listing, so a subject stands for one here.
        ...(text && { subject: text, listingId: `demo: ${text.toLowerCase()}`.slice(0, 128) }),
        ...(participantIds.length > 1 && { clientConversationId }),
      });
      done(conversation.id);
    } catch (problem) {
      const isMissing = problem instanceof ParleyError && problem.code === 'NOT_FOUND';
      setFault(isMissing ? 'Nobody has that id.' : reasonOf(problem));
      setIsBusy(false);
    }
  };
  const toggle = (id: string) => {
    setFault(null);
    const after = new Set(chosen);
    if (!after.delete(id)) after.add(id);
    setChosen(after);
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <div className="form-body">
        {known.length > 0 ? (
          <fieldset className="people">
            <legend>With</legend>
            {known.map(({ id, name }, index) => (
              <label key={id}>
                <input
                  type="checkbox"
                  checked={chosen.has(id)}
                  onChange={() => toggle(id)}
                  {...(index === 0 && { 'data-autofocus': true })}
                />
                <Avatar id={id} name={name} />
                {name}
              </label>
            ))}
          </fieldset>
        ) : (
          <Field
            label="With (ids of users)"
            value={ids}
            onChange={(event) => setIds(event.target.value)}
            data-autofocus
          />
        )}
        <Field
          label="What about? (optional)"
          value={subject}
          maxLength={MOST_SUBJECT / 2}
          onChange={(event) => setSubject(event.target.value)}
        />
      </div>
      <footer>
        <p role="alert" className="fault">
          {fault}
        </p>
        <button type="submit" className="primary" disabled={isBusy}>
          Start
        </button>
      </footer>
    </form>
  );
}
