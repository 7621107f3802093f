import { ParleyError } from '@parley/client';
import type { OfferPartsFragment } from '@parley/client/documents';
import { useOffers } from '@parley/client/react';
import { type FormEvent, useRef, useState } from 'react';
import { Choice, Field } from './field';
import { nameOf, newId, reasonOf, type User } from './format';
import { Icon } from './icons';
import { ItemFields } from './offer.item';
import { draftOf, type Faults, faultsOf, inputOf, MOST_ITEMS, newItem } from './offer.terms';
import type { Person } from './people';

const MOST_NOTE = 2_000;
const TERMS_H = [
  [1, 'an hour'],
  [24, 'a day'],
  [48, 'two days'],
  [168, 'a week'],
] as const;

/** A new offer, or other terms for the offer that is on the table. */
export type Plan = { kind: 'create' } | { kind: 'counter' | 'revise'; offer: OfferPartsFragment };

export const TITLES = { create: 'New offer', counter: 'Counter-offer', revise: 'Revise the offer' };

interface Props {
  person: Person;
  conversationId: string;
  others: readonly User[];
  /** What it was when the form was opened: the version that the person has seen. */
  plan: Plan;
  done: () => void;
}

export function OfferForm({ person, conversationId, others, plan, done }: Props) {
  const offers = useOffers(conversationId);
  const offer = plan.kind === 'create' ? null : plan.offer;
  const [recipientId, setRecipientId] = useState(() => others[0]?.id ?? '');
  const [items, setItems] = useState(
    () =>
      offer?.items.map(draftOf) ?? [
        newItem(person.id, 'MONEY'),
        newItem(others[0]?.id ?? '', 'GOODS'),
      ],
  );
  const [note, setNote] = useState('');
  const [hours, setHours] = useState<number>(48);
  const [faults, setFaults] = useState<Faults>({});
  const [isBusy, setIsBusy] = useState(false);
  const [clientOfferId] = useState(newId);
  const form = useRef<HTMLFormElement>(null);

  const partner = offer
    ? [offer.proposer, offer.recipient].find(({ id }) => id !== person.id)!
    : others.find(({ id }) => id === recipientId);
  const givers = [
    { id: person.id, name: 'You' },
    ...(partner ? [{ id: partner.id, name: nameOf(partner) }] : []),
  ];

  const choose = (id: string) => {
    setRecipientId(id);
    setItems(items.map((item) => (item.giverId === person.id ? item : { ...item, giverId: id })));
  };
  const refuse = (found: Faults) => {
    setFaults(found);
    requestAnimationFrame(() =>
      form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(),
    );
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = faultsOf(items);
    if (Object.keys(found).length > 0) return refuse(found);
    setIsBusy(true);
    try {
      const terms = {
        items: inputOf(items),
        expiresAt: new Date(Date.now() + hours * 3_600_000).toISOString(),
        ...(note.trim() && { note: note.trim() }),
      };
      await (plan.kind === 'create'
        ? offers.makeOffer({ ...terms, recipientId, clientOfferId })
        : offers[plan.kind](plan.offer, terms));
      done();
    } catch (problem) {
      refuse(faultsFrom(problem));
    } finally {
      setIsBusy(false);
    }
  };

  return (
    <form className="form" ref={form} onSubmit={submit} noValidate>
      <div className="form-body">
        {!offer && others.length > 1 && (
          <Choice
            label="To"
            value={recipientId}
            onChange={(event) => choose(event.target.value)}
            data-autofocus
          >
            {others.map((user) => (
              <option key={user.id} value={user.id}>
                {nameOf(user)}
              </option>
            ))}
          </Choice>
        )}
        {items.map((item, index) => (
          <ItemFields
            key={item.key}
            number={index + 1}
            item={item}
            givers={givers}
            fault={(field) => faults[`items.${index}.${field}`]}
            change={(changed) => setItems(items.with(index, { ...item, ...changed }))}
            remove={items.length > 1 ? () => setItems(items.toSpliced(index, 1)) : null}
          />
        ))}
        <button
          type="button"
          className="quiet"
          disabled={items.length >= MOST_ITEMS}
          onClick={() => setItems([...items, newItem(person.id, 'GOODS')])}
        >
          <Icon name="add" /> Add an item
        </button>
        <div className="field-row">
          <Field
            label="Note (optional)"
            value={note}
            maxLength={MOST_NOTE}
            fault={faults.note}
            onChange={(event) => setNote(event.target.value)}
          />
          <Choice
            label="Good for"
            value={hours}
            fault={faults.expiresAt}
            onChange={(event) => setHours(Number(event.target.value))}
          >
            {TERMS_H.map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </Choice>
        </div>
      </div>
      <footer>
        <p role="alert" className="fault">
          {faults.items ?? faults.form}
        </p>
        <button type="button" onClick={done}>
          Cancel
        </button>
        <button type="submit" className="primary" disabled={isBusy}>
          {plan.kind === 'create' ? 'Make offer' : 'Send terms'}
        </button>
      </footer>
    </form>
  );
}

/** The server names the field that it refuses. */
function faultsFrom(problem: unknown): Faults {
  const field = problem instanceof ParleyError ? problem.extensions.field : undefined;
  const path = typeof field === 'string' ? field.replace(/^input\./, '') : '';
  const isShown = /^(items(\.\d+\.\w+)?|note|expiresAt)$/.test(path);
  return { [isShown ? path : 'form']: reasonOf(problem) };
}
