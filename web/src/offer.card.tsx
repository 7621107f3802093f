import {
  type OfferAction,
  OfferDocument,
  type OfferPartsFragment,
  type OfferQuery,
} from '@parley/client/documents';
import { type OfferActions, useOffers, useParley } from '@parley/client/react';
import { useEffect, useState } from 'react';
import { Fault, useAttempt } from './controls';
import { distanceOf, itemText, nameOf, reasonOf, timeOf } from './format';
import { Icon } from './icons';
import type { Plan } from './offer.form';

/** The actions that need no terms. Each of them takes the offer as the person has seen it. */
type Step = Extract<
  keyof OfferActions,
  'accept' | 'confirmCompletion' | 'decline' | 'withdraw' | 'cancel'
>;

/**
 * The actions before those with terms, and the ones after. Both parties confirm by the same
 * mutation: to the first the server names it CONFIRM_COMPLETION, and to the second COMPLETE.
 */
const FIRST_STEPS: readonly (readonly [OfferAction, string, Step])[] = [
  ['ACCEPT', 'Accept', 'accept'],
  ['CONFIRM_COMPLETION', 'Confirm completion', 'confirmCompletion'],
  ['COMPLETE', 'Confirm completion', 'confirmCompletion'],
];
const LAST_STEPS: readonly (readonly [OfferAction, string, Step])[] = [
  ['DECLINE', 'Decline', 'decline'],
  ['WITHDRAW', 'Withdraw', 'withdraw'],
  ['CANCEL', 'Cancel the deal', 'cancel'],
];

const isOpenOffer = ({ status }: OfferPartsFragment) =>
  status === 'PENDING' || status === 'ACCEPTED';

interface Props {
  me: string;
  offer: OfferPartsFragment;
  /** Opens the form for other terms. */
  write: (plan: Plan) => void;
}

/** Sorts offers: first those that await the person's answer, then open ones, then ended ones. */
export function byUrgency(one: OfferPartsFragment, other: OfferPartsFragment): number {
  const rank = (offer: OfferPartsFragment) =>
    Number(isOpenOffer(offer)) + Number(offer.availableActions.includes('ACCEPT'));
  return rank(other) - rank(one);
}

/** An offer, which changes in place, with the actions that the person may take. */
export function OfferCard({ me, offer, write }: Props) {
  // An ended offer is folded, until the person unfolds it.
  const [isUnfolded, setIsUnfolded] = useState<boolean | null>(null);
  const isShown = isUnfolded ?? isOpenOffer(offer);
  return (
    <article className={`offer ${offer.status.toLowerCase()}`} aria-label="Offer">
      <button
        type="button"
        className="offer-head"
        aria-expanded={isShown}
        onClick={() => setIsUnfolded(!isShown)}
      >
        <Icon name="offer" />
        {/* The key lets a change of the offer be seen. */}
        <span className="offer-line" key={offer.version}>
          <strong>{headline(offer, me)}</strong>
          <span>{isShown ? secondLine(offer) : offer.items.map(itemText).join(' · ')}</span>
        </span>
        <span className="chip">{offer.status.toLowerCase()}</span>
        <Icon name="down" />
      </button>
      {isShown && <Terms me={me} offer={offer} />}
      {isShown && <Actions offer={offer} write={write} />}
      <p className="unseen" role="status">
        Offer, version {offer.version}: {headline(offer, me)}
      </p>
    </article>
  );
}

function Terms({ me, offer }: Pick<Props, 'me' | 'offer'>) {
  const sides = [offer.proposer, offer.recipient].sort(
    (one, other) => Number(other.id === me) - Number(one.id === me),
  );
  return (
    <div className="offer-body">
      <div className="sides">
        {sides.map((giver) => (
          <section key={giver.id}>
            <h4>{giver.id === me ? 'You give' : `${nameOf(giver)} gives`}</h4>
            <ItemList items={offer.items.filter((item) => item.giver.id === giver.id)} />
          </section>
        ))}
      </div>
      {offer.note && <blockquote>{offer.note}</blockquote>}
      <OfferHistory offer={offer} />
    </div>
  );
}

function ItemList({ items }: { items: OfferPartsFragment['items'] }) {
  if (items.length === 0) return <p className="muted">Nothing</p>;
  return (
    <ul>
      {items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: Items have no ids, and keep their order.
        <li key={index}>{itemText(item)}</li>
      ))}
    </ul>
  );
}

function Actions({ offer, write }: Pick<Props, 'offer' | 'write'>) {
  const offers = useOffers(offer.conversationId);
  const { isBusy, fault, attempt } = useAttempt(reasonOf);
  const may = (action: OfferAction) => offer.availableActions.includes(action);
  const other = may('COUNTER') ? 'counter' : may('REVISE') ? 'revise' : null;
  const buttons = (steps: typeof FIRST_STEPS, look: string) =>
    steps.map(
      ([action, label, step]) =>
        may(action) && (
          <button
            key={action}
            type="button"
            className={look}
            disabled={isBusy}
            onClick={() => attempt(() => offers[step](offer))}
          >
            {label}
          </button>
        ),
    );
  if (offer.availableActions.length === 0) return null;
  return (
    <div className="actions">
      {buttons(FIRST_STEPS, 'primary')}
      {other && (
        <button type="button" disabled={isBusy} onClick={() => write({ kind: other, offer })}>
          {other === 'counter' ? 'Counter' : 'Revise'}
        </button>
      )}
      {buttons(LAST_STEPS, '')}
      <Fault>{fault}</Fault>
    </div>
  );
}

/** The state of an offer as its reader has it. */
function headline(offer: OfferPartsFragment, id: string): string {
  const { status, proposer, recipient, completionConfirmedBy } = offer;
  const [confirmed] = completionConfirmedBy;
  const parties = [proposer, recipient];
  const isParty = parties.some((user) => user.id === id);
  const other = parties.find((user) => user.id !== id)!;
  if (status === 'PENDING' && recipient.id === id)
    return `${nameOf(proposer)} waits for your answer`;
  if (status === 'PENDING') return `Waiting for ${nameOf(recipient)}`;
  if (status !== 'ACCEPTED') return ENDINGS[status];
  if (!isParty) return 'Agreed';
  if (!confirmed) return 'Agreed. Confirm when it is done';
  if (confirmed.id === id) return `You confirmed. Waiting for ${nameOf(other)}`;
  return `${nameOf(other)} confirmed. Your turn`;
}

const ENDINGS = {
  COMPLETED: 'Done. Both have confirmed',
  DECLINED: 'Declined',
  WITHDRAWN: 'Withdrawn',
  EXPIRED: 'Expired without an answer',
  CANCELLED: 'The deal was cancelled',
};

function secondLine({ status, proposer, version, expiresAt }: OfferPartsFragment): string {
  const terms = `${nameOf(proposer)}’s terms, version ${version}`;
  return status === 'PENDING' ? `${terms}, expires ${distanceOf(expiresAt)}` : terms;
}

const DEEDS: Readonly<Record<OfferAction, string>> = {
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
function OfferHistory({ offer }: { offer: OfferPartsFragment }) {
  const { client } = useParley();
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
