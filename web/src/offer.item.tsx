import type { OfferItemKind } from '@parley/client/documents';
import { Choice, Field } from './field';
import { IconButton } from './icons';
import { currenciesOf, type ItemDraft } from './offer.terms';

const KINDS: readonly (readonly [OfferItemKind, string])[] = [
  ['GOODS', 'Goods'],
  ['SERVICE', 'Service'],
  ['CREDITS', 'Credits'],
  ['MONEY', 'Money'],
];

interface Props {
  number: number;
  item: ItemDraft;
  givers: readonly { id: string; name: string }[];
  /** What is wrong with a field. */
  fault: (field: string) => string | undefined;
  change: (changed: Partial<ItemDraft>) => void;
  /** Null for the only item. */
  remove: (() => void) | null;
}

/** The fields of one item: who gives what. */
export function ItemFields({ number, item, givers, fault, change, remove }: Props) {
  const isThing = item.kind === 'GOODS' || item.kind === 'SERVICE';
  return (
    <fieldset className="item">
      <legend>Item {number}</legend>
      {remove && <IconButton icon="trash" label={`Remove item ${number}`} onClick={remove} />}
      <div className="field-row">
        <Choice
          label="Who gives"
          value={item.giverId}
          fault={fault('giverId')}
          onChange={(event) => change({ giverId: event.target.value })}
        >
          {givers.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Choice>
        <Choice
          label="Kind"
          value={item.kind}
          fault={fault('kind')}
          onChange={(event) => change({ kind: event.target.value as OfferItemKind })}
        >
          {KINDS.map(([kind, text]) => (
            <option key={kind} value={kind}>
              {text}
            </option>
          ))}
        </Choice>
      </div>
      {isThing ? (
        <ThingFields item={item} fault={fault} change={change} />
      ) : (
        <AmountFields item={item} fault={fault} change={change} />
      )}
    </fieldset>
  );
}

type Part = Pick<Props, 'item' | 'fault' | 'change'>;

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
          fault={fault('currency')}
          onChange={(event) => change({ currency: event.target.value })}
        >
          {currenciesOf(item).map((currency) => (
            <option key={currency}>{currency}</option>
          ))}
        </Choice>
      )}
    </div>
  );
}
