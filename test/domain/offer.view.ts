import type { OfferPartsFragment, OfferQuery } from '../generated/graphql';
import type { Asker, Deal, Name } from './offer.deal';
import type { Negotiations } from './offer.model';

export type Seen = OfferPartsFragment & Partial<Pick<NonNullable<OfferQuery['offer']>, 'history'>>;

/** What this asker has to see of a negotiation, in names. */
export function expectedView(model: Negotiations, who: Asker, deal: Deal) {
  const { giver, amount, note, expiresAt } = deal.terms;
  return {
    id: deal.id,
    status: deal.status,
    version: deal.version,
    initiator: deal.initiator,
    proposer: deal.proposer,
    recipient: deal.recipient,
    items: [{ giver, amount }],
    note,
    expiresAt,
    confirmedBy: [...deal.confirmedBy].sort(),
    availableActions: model.availableActions(who, deal).sort(),
    history: deal.history.map(({ giver, ...transition }) => transition),
  };
}

/** The same of what the service answered. */
export function seenView(offer: Seen, nameOf: (id: string | null) => Name | null) {
  const { id, status, version, note, expiresAt, items, history } = offer;
  return {
    id,
    status,
    version,
    initiator: nameOf(offer.initiator.id),
    proposer: nameOf(offer.proposer.id),
    recipient: nameOf(offer.recipient.id),
    items: items.map(({ giver, amount }) => ({ giver: nameOf(giver.id), amount })),
    note,
    expiresAt,
    confirmedBy: offer.completionConfirmedBy.map((one) => nameOf(one.id)).sort(),
    availableActions: [...offer.availableActions].sort(),
    history: history?.map(({ version, action, actor, status, note, expiresAt, items }) => ({
      version,
      action,
      actor: nameOf(actor?.id ?? null),
      status,
      note,
      expiresAt,
      amount: items[0]!.amount,
    })),
  };
}
