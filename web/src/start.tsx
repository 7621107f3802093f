import { ParleyError } from '@parley/client';
import { useConversations } from '@parley/client/react';
import { useState } from 'react';
import { Field, Form, useAttempt } from './controls';
import { newId, reasonOf } from './format';
import { Avatar } from './icons';
import type { Person } from './people';

const MOST_SUBJECT = 100;

interface Props {
  known: readonly Person[];
  done: (id: string) => void;
  cancel: () => void;
}

/** Starts a conversation with one person or several. Where none are known, their ids are asked. */
export function NewConversation({ known, done, cancel }: Props) {
  const { start } = useConversations();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [subject, setSubject] = useState('');
  const [clientConversationId] = useState(newId);
  const { isBusy, fault, setFault, attempt } = useAttempt(faultOf);
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
        <Known known={known} chosen={chosen} choose={setChosen} />
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

interface KnownProps {
  known: readonly Person[];
  chosen: readonly string[];
  choose: (ids: readonly string[]) => void;
}

function Known({ known, chosen, choose }: KnownProps) {
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

function faultOf(problem: unknown): string {
  const isMissing = problem instanceof ParleyError && problem.code === 'NOT_FOUND';
  return isMissing ? 'Nobody has that id.' : reasonOf(problem);
}
