import {
  type OfferAction,
  OfferDocument,
  type OfferPartsFragment,
  type OfferQuery,
} from '@parley/client/documents';
import { useOffers } from '@parley/client/react';
import { useEffect, useState } from 'react';
import { nameOf, timeOf } from './format';
import type { Person } from './people';

export const DEEDS: Readonly<Record<OfferAction, string>> = {
  CREATE: 'made the offer',
  COUNTER: 'countered',
  REVISE: 'revised the terms',
  ACCEPT: 'accepted',
  DECLINE: 'declined',
  WITHDRAW: 'withdrew it',
  EXPIRE: 'ended: it expired',
  CONFIRM_COMPLETION: 'confirmed completion',
  COMPLETE: 'confirmed, and it is done',
  CANCEL: 'cancelled the deal',
};

/** Each step of a negotiation, oldest first. It is fetched while it is shown. */
export function OfferHistory({ person, offer }: { person: Person; offer: OfferPartsFragment }) {
  const { client } = person;
  const { id, version } = offer;
  const isLive = useOffers(offer.conversationId).status === 'live';
  const [isOpen, setIsOpen] = useState(false);
  const [steps, setSteps] = useState<NonNullable<OfferQuery['offer']>['history']>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: Each version has one step more.
  useEffect(() => {
    if (!isOpen || !isLive) return;
    const asking = new AbortController();
    client.request(OfferDocument, { id }, { signal: asking.signal }).then(
      ({ offer }) => offer && setSteps(offer.history),
      () => {},
    );
    return () => asking.abort();
  }, [client, id, version, isOpen, isLive]);
  return (
    <details className="history" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>History</summary>
      {steps.length === 0 && <p className="muted">Loading…</p>}
      <ol>
        {steps.map((step) => (
          <li key={step.version}>
            <span>
              {step.actor ? nameOf(step.actor) : 'Parley'} {DEEDS[step.action]}
            </span>
            <time dateTime={step.at}>{timeOf(step.at)}</time>
          </li>
        ))}
      </ol>
    </details>
  );
}
