import type { OfferItemKind } from '@parley/client/documents';
import { Choice, Field } from './controls';
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
  /** Their ids and names. */
  givers: readonly (readonly [string, string])[];
  /** What is wrong with a field. */
  fault: (field: string) => string | undefined;
  change: (changed: Partial<ItemDraft>) => void;
  /** Null for the only item. */
  remove: (() => void) | null;
}

/** The fields of one item: who gives what. */
export function ItemFields({ number, item, givers, fault, change, remove }: Props) {
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
          options={currenciesOf(item).map((currency) => [currency, currency])}
          fault={fault('currency')}
          onChange={(event) => change({ currency: event.target.value })}
        />
      )}
    </div>
  );
}
