/** The terms of an offer while they are written: texts in fields, which become the input. */
import type { OfferItemInput, OfferItemKind } from '@parley/client/documents';
import { digitsOf, type Item } from './format';

/** An item as its fields have it. */
export interface ItemDraft {
  /** For React alone. */
  key: number;
  giverId: string;
  kind: OfferItemKind;
  description: string;
  reference: string;
  quantity: string;
  amount: string;
  currency: string;
}

/** What is wrong, by the field's path, such as `items.0.amount`. */
export type Faults = Readonly<Record<string, string>>;

export const MOST_ITEMS = 20;
const MOST_DESCRIPTION = 2_000;
const MOST_QUANTITY = 2 ** 31 - 1;
const CURRENCIES = ['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'PLN', 'JPY', 'INR', 'BRL'];

let lastKey = 0;

export function newItem(giverId: string, kind: OfferItemKind): ItemDraft {
  const empty = { description: '', reference: '', quantity: '1', amount: '', currency: 'EUR' };
  return { key: ++lastKey, giverId, kind, ...empty };
}

/** The fields of an item that exists. */
export function draftOf({ giver, kind, currency, ...item }: Item): ItemDraft {
  const digits = kind === 'MONEY' ? digitsOf(currency!) : 0;
  return {
    key: ++lastKey,
    giverId: giver.id,
    kind,
    description: item.description ?? '',
    reference: item.reference ?? '',
    quantity: String(item.quantity),
    amount: item.amount ? (item.amount / 10 ** digits).toFixed(digits) : '',
    currency: currency ?? 'EUR',
  };
}

/** The currencies to choose from, that of the item among them. */
export function currenciesOf({ currency }: ItemDraft): readonly string[] {
  return CURRENCIES.includes(currency) ? CURRENCIES : [currency, ...CURRENCIES];
}

export function faultsOf(items: readonly ItemDraft[]): Faults {
  const faults: Record<string, string> = {};
  if (items.length === 0) faults.items = 'Add at least one item.';
  for (const [index, item] of items.entries())
    for (const [field, fault] of Object.entries(faultsOfItem(item)))
      faults[`items.${index}.${field}`] = fault;
  return faults;
}

function faultsOfItem({ kind, description, quantity, amount, currency }: ItemDraft): Faults {
  if (kind === 'MONEY' || kind === 'CREDITS') {
    const digits = kind === 'MONEY' ? digitsOf(currency) : 0;
    const value = minorOf(amount, digits);
    if (value === null)
      return { amount: digits ? `A number, such as ${(25).toFixed(digits)}.` : 'A whole number.' };
    if (value < 1) return { amount: 'More than zero.' };
    return value > Number.MAX_SAFE_INTEGER ? { amount: 'That is too much.' } : {};
  }
  const faults: Record<string, string> = {};
  if (description.trim() === '') faults.description = 'Say what it is.';
  else if ([...description].length > MOST_DESCRIPTION)
    faults.description = `At most ${MOST_DESCRIPTION} characters.`;
  const isWhole = /^\d{1,10}$/.test(quantity.trim());
  if (!isWhole || Number(quantity) < 1 || Number(quantity) > MOST_QUANTITY)
    faults.quantity = 'A whole number from 1.';
  return faults;
}

/** The input of items without a fault. */
export function inputOf(items: readonly ItemDraft[]): OfferItemInput[] {
  return items.map(({ giverId, kind, description, reference, quantity, amount, currency }) => {
    if (kind === 'MONEY')
      return { giverId, kind, currency, amount: minorOf(amount, digitsOf(currency)) };
    if (kind === 'CREDITS') return { giverId, kind, amount: minorOf(amount, 0) };
    const thing = { description: description.trim(), quantity: Number(quantity) };
    return { giverId, kind, ...thing, ...(reference && { reference }) };
  });
}

/** The whole number of the smallest units that a text names; null when it names none. */
function minorOf(text: string, digits: number): number | null {
  const match = /^(\d+)(?:[.,](\d+))?$/.exec(text.trim());
  const fraction = match?.[2] ?? '';
  if (!match || fraction.length > digits) return null;
  return Number(`${match[1]}${fraction.padEnd(digits, '0')}`);
}
