import { ParleyError } from '@parley/client';
import type { OfferItemKind, OfferPartsFragment } from '@parley/client/documents';
import { useOffers } from '@parley/client/react';
import { useEffect, useRef, useState } from 'react';
import { Choice, Field, Form, useAttempt } from './controls';
import { nameOf, newId, reasonOf, type User } from './format';
import { Icon, IconButton } from './icons';
import {
  currenciesOf,
  draftOf,
  type Faults,
  faultsOf,
  type ItemDraft,
  inputOf,
  MOST_ITEMS,
  newItem,
} from './offer.terms';

const MOST_NOTE = 2_000;
const HOUR_MS = 3_600_000;
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
  /** The id of the person who writes it. */
  me: string;
  conversationId: string;
  others: readonly User[];
  /** What it was when the form was opened: the version that the person has seen. */
  plan: Plan;
  done: () => void;
}

/** The terms while they are written, and the sending of them. */
function useTerms({ me, conversationId, others, plan, done }: Props) {
  const offers = useOffers(conversationId);
  const [recipientId, setRecipientId] = useState(others[0]?.id ?? '');
  const [items, setItems] = useState(() =>
    plan.kind === 'create'
      ? [newItem(me, 'MONEY'), newItem(recipientId, 'GOODS')]
      : plan.offer.items.map(draftOf),
  );
  const [note, setNote] = useState('');
  const [hours, setHours] = useState<number>(48);
  const [clientOfferId] = useState(newId);
  const { isBusy, fault, setFault, attempt } = useAttempt(faultsFrom);
  /** What the other one gives is given by the new recipient. */
  const choose = (id: string) => {
    setRecipientId(id);
    setItems(items.map((item) => (item.giverId === me ? item : { ...item, giverId: id })));
  };
  const send = () => {
    const found = faultsOf(items);
    if (Object.keys(found).length > 0) return setFault(found);
    const terms = {
      items: inputOf(items),
      expiresAt: new Date(Date.now() + hours * HOUR_MS).toISOString(),
      ...(note.trim() && { note: note.trim() }),
    };
    void attempt(async () => {
      if (plan.kind === 'create') await offers.makeOffer({ ...terms, recipientId, clientOfferId });
      else await offers[plan.kind](plan.offer, terms);
      done();
    });
  };
  const state = { recipientId, items, note, hours, faults: fault, isBusy };
  return { ...state, choose, setItems, setNote, setHours, send };
}

/** The form for an offer. */
export function OfferForm(props: Props) {
  const { me, others, plan, done } = props;
  const { items, setItems, faults, ...terms } = useTerms(props);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (faults) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [faults]);
  const partner =
    plan.kind === 'create'
      ? others.find(({ id }) => id === terms.recipientId)
      : [plan.offer.proposer, plan.offer.recipient].find(({ id }) => id !== me);
  return (
    <Form
      ref={form}
      action={plan.kind === 'create' ? 'Make offer' : 'Send terms'}
      submit={terms.send}
      cancel={done}
      isBusy={terms.isBusy}
      fault={faults?.items ?? faults?.form}
    >
      {plan.kind === 'create' && others.length > 1 && (
        <Choice
          label="To"
          value={terms.recipientId}
          options={others.map((user) => [user.id, nameOf(user)])}
          onChange={(event) => terms.choose(event.target.value)}
          data-autofocus
        />
      )}
      <Items {...{ items, setItems, faults }} me={me} partner={partner} />
      <NoteAndTerm {...terms} faults={faults} />
    </Form>
  );
}

type Terms = ReturnType<typeof useTerms>;

interface ItemsProps extends Pick<Terms, 'items' | 'setItems' | 'faults'> {
  me: string;
  partner: User | undefined;
}

function Items({ items, setItems, faults, me, partner }: ItemsProps) {
  const givers: (readonly [string, string])[] = [[me, 'You']];
  if (partner) givers.push([partner.id, nameOf(partner)]);
  return (
    <>
      {items.map((item, index) => (
        <ItemFields
          key={item.key}
          number={index + 1}
          item={item}
          givers={givers}
          fault={(field) => faults?.[`items.${index}.${field}`]}
          change={(changed) => setItems(items.with(index, { ...item, ...changed }))}
          remove={items.length > 1 ? () => setItems(items.toSpliced(index, 1)) : null}
        />
      ))}
      <button
        type="button"
        className="quiet"
        disabled={items.length >= MOST_ITEMS}
        onClick={() => setItems([...items, newItem(me, 'GOODS')])}
      >
        <Icon name="add" /> Add an item
      </button>
    </>
  );
}

type Rest = Pick<Terms, 'note' | 'setNote' | 'hours' | 'setHours' | 'faults'>;

function NoteAndTerm({ note, setNote, hours, setHours, faults }: Rest) {
  return (
    <div className="field-row">
      <Field
        label="Note (optional)"
        value={note}
        maxLength={MOST_NOTE}
        fault={faults?.note}
        onChange={(event) => setNote(event.target.value)}
      />
      <Choice
        label="Good for"
        value={hours}
        options={TERMS_H}
        fault={faults?.expiresAt}
        onChange={(event) => setHours(Number(event.target.value))}
      />
    </div>
  );
}

const KINDS: readonly (readonly [OfferItemKind, string])[] = [
  ['GOODS', 'Goods'],
  ['SERVICE', 'Service'],
  ['CREDITS', 'Credits'],
  ['MONEY', 'Money'],
];

interface ItemProps {
  number: number;
  item: ItemDraft;
  /** Their ids and names. */
  givers: readonly (readonly [string, string])[];
  /** What is wrong with a field. */
  fault: (field: string) => string | undefined;
  change: (changed: Partial<ItemDraft>) => void;
  /** Null for the only item. */
  remove: (() => void) | null;
}

/** The fields of one item: who gives what. */
function ItemFields({ number, item, givers, fault, change, remove }: ItemProps) {
  const Rest = item.kind === 'GOODS' || item.kind === 'SERVICE' ? ThingFields : AmountFields;
  return (
    <fieldset className="item">
      <legend>Item {number}</legend>
      {remove && <IconButton icon="trash" label={`Remove item ${number}`} onClick={remove} />}
      <div className="field-row">
        <Choice
          label="Who gives"
          value={item.giverId}
          options={givers}
          fault={fault('giverId')}
          onChange={(event) => change({ giverId: event.target.value })}
        />
        <Choice
          label="Kind"
          value={item.kind}
          options={KINDS}
          fault={fault('kind')}
          onChange={(event) => change({ kind: event.target.value as OfferItemKind })}
        />
      </div>
      <Rest item={item} fault={fault} change={change} />
    </fieldset>
  );
}

type Part = Pick<ItemProps, 'item' | 'fault' | 'change'>;

function ThingFields({ item, fault, change }: Part) {
  return (
    <div className="field-row wide-first">
      <Field
        label="Description"
        value={item.description}
        fault={fault('description')}
        onChange={(event) => change({ description: event.target.value })}
      />
      <Field
        label="Quantity"
        inputMode="numeric"
        value={item.quantity}
        fault={fault('quantity')}
        onChange={(event) => change({ quantity: event.target.value })}
      />
    </div>
  );
}

function AmountFields({ item, fault, change }: Part) {
  return (
    <div className="field-row">
      <Field
        label="Amount"
        inputMode="decimal"
        value={item.amount}
        fault={fault('amount')}
        onChange={(event) => change({ amount: event.target.value })}
      />
      {item.kind === 'MONEY' && (
        <Choice
          label="Currency"
          value={item.currency}
          options={currenciesOf(item).map((currency) => [currency, currency])}
          fault={fault('currency')}
          onChange={(event) => change({ currency: event.target.value })}
        />
      )}
    </div>
  );
}

/** The server names the field that it refuses. */
function faultsFrom(problem: unknown): Faults {
  const field = problem instanceof ParleyError ? problem.extensions.field : undefined;
  const path = typeof field === 'string' ? field.replace(/^input\./, '') : '';
  const isShown = /^(items(\.\d+\.\w+)?|note|expiresAt)$/.test(path);
  return { [isShown ? path : 'form']: reasonOf(problem) };
}
