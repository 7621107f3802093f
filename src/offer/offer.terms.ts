import { codes } from 'currency-codes';
import { BadUserInputError } from '../errors';
import { checkText, LONG_TEXT_LENGTH, SHORT_TEXT_LENGTH } from '../input/text';
import { type OfferItem, OfferItemKind } from './offer.entity';

const MAX_ITEMS = 20;
const MAX_QUANTITY = 2 ** 31 - 1;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DEFAULT_TERM_MS = 48 * HOUR_MS;
const SHORTEST_TERM_MS = MINUTE_MS;
const MAX_TERM_MS = 30 * 24 * HOUR_MS;

/**
 * Currencies that ISO 4217 has introduced since the list of the package `currency-codes` was made:
 * the guilder and the dinar of 2025.
 */
const INTRODUCED = ['XCG', 'XAD'];
/** Currencies that ISO 4217 has withdrawn since then, such as the lev, which ends in 2026. */
const WITHDRAWN = new Set(['ANG', 'BGN', 'CUC']);

/**
 * The currency codes of ISO 4217. The list of `Intl` is not used: it depends on the version of Node
 * and keeps currencies that were withdrawn long ago.
 */
const CURRENCIES: ReadonlySet<string> = new Set(
  [...codes(), ...INTRODUCED].filter((code) => !WITHDRAWN.has(code)),
);

/** One item of an offer, as a client sends it. */
export interface OfferItemDraft {
  giverId: string;
  kind: OfferItemKind;
  description?: string | null;
  reference?: string | null;
  quantity?: number | null;
  amount?: number | null;
  currency?: string | null;
}

/** The terms of an offer as a client sends them: the items, a note and the expiry. */
export interface TermsDraft {
  items: readonly OfferItemDraft[];
  note?: string | null;
  expiresAt?: Date | null;
}

/** Checked terms with every default filled in. */
export interface Terms {
  items: OfferItem[];
  note: string | null;
  expiresAt: Date;
}

/**
 * Checks the rules that need neither the offer nor the clock: the items and the note.
 *
 * @throws {BadUserInputError} when a rule is broken; it names the first field that breaks one
 */
export function checkTerms(draft: TermsDraft): void {
  if (draft.items.length < 1 || draft.items.length > MAX_ITEMS)
    throw new BadUserInputError('input.items', `must be 1 to ${MAX_ITEMS}`);
  for (const [index, item] of draft.items.entries()) checkItem(`input.items.${index}`, item);
  checkNote(draft.note);
}

/** @throws {BadUserInputError} when the note is too long or is not valid text */
export function checkNote(note: string | null | undefined): void {
  if (note != null) checkText('input.note', note, { least: 0, most: LONG_TEXT_LENGTH });
}

/**
 * Completes terms that passed {@link checkTerms}. By default an offer expires 48 h after `now`.
 *
 * @param parties ids of the two users who may give an item
 * @param now the time of the database's clock
 * @throws {BadUserInputError} when a giver is not one of the parties, or when `expiresAt` is less
 *   than 1 minute or more than 30 days after `now`
 */
export function toTerms(draft: TermsDraft, parties: readonly string[], now: Date): Terms {
  const items = draft.items.map((item, index) => {
    if (!parties.includes(item.giverId))
      throw new BadUserInputError(`input.items.${index}.giverId`, 'must be one of the two parties');
    return toItem(item);
  });
  const expiresAt = draft.expiresAt ?? new Date(now.getTime() + DEFAULT_TERM_MS);
  const termMs = expiresAt.getTime() - now.getTime();
  if (termMs < SHORTEST_TERM_MS || termMs > MAX_TERM_MS)
    throw new BadUserInputError('input.expiresAt', 'must be between 1 minute and 30 days from now');
  return { items, note: draft.note ?? null, expiresAt };
}

function toItem(item: OfferItemDraft): OfferItem {
  return {
    giverId: item.giverId,
    kind: item.kind,
    description: item.description ?? null,
    reference: item.reference ?? null,
    quantity: item.quantity ?? 1,
    amount: item.amount ?? null,
    currency: item.currency ?? null,
  };
}

function checkItem(field: string, item: OfferItemDraft): void {
  const isThing = item.kind === OfferItemKind.SERVICE || item.kind === OfferItemKind.GOODS;
  if (isThing && !item.description)
    throw new BadUserInputError(`${field}.description`, `is required for ${item.kind}`);
  if (item.description != null)
    checkText(`${field}.description`, item.description, { least: 0, most: LONG_TEXT_LENGTH });
  if (item.reference != null)
    checkText(`${field}.reference`, item.reference, { least: 0, most: SHORT_TEXT_LENGTH });
  if (item.quantity != null && (item.quantity < 1 || item.quantity > MAX_QUANTITY))
    throw new BadUserInputError(`${field}.quantity`, 'must be at least 1');
  checkAmount(field, item, isThing);
}

function checkAmount(field: string, item: OfferItemDraft, isThing: boolean): void {
  if (isThing && item.amount != null)
    throw new BadUserInputError(
      `${field}.amount`,
      'is for CREDITS and MONEY; offer money as an item of its own',
    );
  if (!isThing && item.amount == null)
    throw new BadUserInputError(`${field}.amount`, `is required for ${item.kind}`);
  if (item.amount != null && item.amount < 1)
    throw new BadUserInputError(`${field}.amount`, 'must be at least 1');
  if (item.kind !== OfferItemKind.MONEY) {
    if (item.currency != null) throw new BadUserInputError(`${field}.currency`, 'is for MONEY');
    return;
  }
  if (item.currency == null || !CURRENCIES.has(item.currency))
    throw new BadUserInputError(`${field}.currency`, 'must be a code of ISO 4217, such as EUR');
}
