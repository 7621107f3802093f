import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { ParleyError } from '@parley/client';
import {
  AcceptOfferDocument,
  CancelOfferDocument,
  ConfirmCompletionDocument,
  CounterOfferDocument,
  type CounterOfferMutationVariables,
  DeclineOfferDocument,
  type OfferPartsFragment,
  ReviseOfferDocument,
  WithdrawOfferDocument,
} from '@parley/client/documents';
import { useState } from 'react';
import type { Person } from './person';

type ActionDocument = TypedDocumentNode<unknown, { input: { offerId: string; version: number } }>;
type TermsDocument = TypedDocumentNode<unknown, Pick<CounterOfferMutationVariables, 'input'>>;

const ACTIONS: Readonly<Record<string, readonly [string, ActionDocument]>> = {
  ACCEPT: ['Accept', AcceptOfferDocument],
  CONFIRM_COMPLETION: ['Confirm completion', ConfirmCompletionDocument],
  DECLINE: ['Decline', DeclineOfferDocument],
  WITHDRAW: ['Withdraw', WithdrawOfferDocument],
  CANCEL: ['Cancel', CancelOfferDocument],
};
const STEP = 500;

type Item = OfferPartsFragment['items'][number];

/** An offer, which changes in place, with the actions that the person may take. */
export function OfferCard({ person, offer }: { person: Person; offer: OfferPartsFragment }) {
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const run = async (work: () => Promise<unknown>) => {
    setIsBusy(true);
    setError(null);
    try {
      await work();
    } catch (problem) {
      setError(problem instanceof ParleyError ? problem.message : 'It did not go through.');
    } finally {
      setIsBusy(false);
    }
  };
  const { id: offerId, version, availableActions: available } = offer;
  const terms: readonly [string, TermsDocument] | null = available.includes('COUNTER')
    ? ['Counter', CounterOfferDocument]
    : available.includes('REVISE')
      ? ['Revise', ReviseOfferDocument]
      : null;
  const { client } = person;
  return (
    <article className="offer" aria-label={`Offer, ${offer.status.toLowerCase()}`}>
      <header>
        <h4>Offer by {offer.proposer.displayName ?? offer.proposer.username}</h4>
        <span className={`badge ${offer.status.toLowerCase()}`}>{offer.status.toLowerCase()}</span>
      </header>
      <ul>
        {offer.items.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: Items have no ids, and keep their order.
          <li key={index}>
            <span>{item.giver.displayName ?? item.giver.username} gives</span>
            <strong>{textOf(item)}</strong>
          </li>
        ))}
      </ul>
      {offer.note && <p className="note">{offer.note}</p>}
      <div className="actions">
        {Object.entries(ACTIONS).map(
          ([action, [label, document]]) =>
            available.some((one) => one === action) && (
              <button
                type="button"
                key={action}
                disabled={isBusy}
                className={action === 'ACCEPT' || action === 'CONFIRM_COMPLETION' ? 'primary' : ''}
                onClick={() => run(() => client.request(document, { input: { offerId, version } }))}
              >
                {label}
              </button>
            ),
        )}
        {terms && (
          <button
            type="button"
            disabled={isBusy}
            onClick={() => {
              const items = withMore(offer.items);
              const input = { offerId, version, items, note: 'A little more money.' };
              void run(() => client.request(terms[1], { input }));
            }}
          >
            {terms[0]} (+€{STEP / 100})
          </button>
        )}
      </div>
      {error && <p role="alert">{error}</p>}
    </article>
  );
}

function textOf({ kind, description, quantity, amount, currency }: Item): string {
  if (kind === 'MONEY' && currency)
    return new Intl.NumberFormat('en', { style: 'currency', currency }).format((amount ?? 0) / 100);
  if (kind === 'CREDITS') return `${amount} credits`;
  return quantity && quantity > 1 ? `${quantity} × ${description}` : (description ?? '');
}

/** The terms of an offer with more money in them. */
function withMore(items: readonly Item[]) {
  return items.map(({ giver, kind, description, reference, quantity, amount, currency }) => ({
    giverId: giver.id,
    kind,
    ...(kind === 'GOODS' || kind === 'SERVICE' ? { description, reference, quantity } : {}),
    ...(kind === 'MONEY' ? { amount: (amount ?? 0) + STEP, currency } : {}),
    ...(kind === 'CREDITS' ? { amount } : {}),
  }));
}
