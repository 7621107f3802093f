import type { Actor } from '../conversation/conversation.access';
import type { NotificationKind } from '../events';
import { type Offer, OfferAction, OfferStatus } from './offer.entity';

/** What somebody is to an offer. */
export type OfferRole = 'proposer' | 'recipient' | 'service' | 'system' | 'bystander';

/** Transitions in one negotiation at most; ending it is always possible. */
export const MAX_VERSION = 20;

interface Transition {
  from: OfferStatus;
  to: OfferStatus;
  by: readonly OfferRole[];
  /** Brings new terms, with a fresh expiry. */
  terms?: true;
  /** Proposer and recipient change places. */
  swaps?: true;
  /** Only until `expiresAt`. */
  inTime?: true;
  /** What the others are notified of. */
  notifies: NotificationKind;
  /** Goes on between two people of whom one blocked the other. */
  acrossBlock?: true;
  /** What else must hold. */
  when?: (offer: Offer, userId: string | null) => boolean;
}

const PARTIES = ['proposer', 'recipient'] as const;

function confirmed(offer: Offer, userId: string | null): boolean {
  return userId !== null && offer.completionConfirmedBy.includes(userId);
}

function otherConfirmed(offer: Offer, userId: string | null): boolean {
  return offer.completionConfirmedBy.some((id) => id !== userId);
}

/**
 * The negotiation, whole: every transition of an offer that exists. Guards, `availableActions` and the
 * writing of a transition all look here and nowhere else.
 */
export const TRANSITIONS: Readonly<Record<Exclude<OfferAction, OfferAction.CREATE>, Transition>> = {
  [OfferAction.COUNTER]: {
    from: OfferStatus.PENDING,
    to: OfferStatus.PENDING,
    by: ['recipient'],
    notifies: 'OFFER_COUNTERED',
    terms: true,
    swaps: true,
    inTime: true,
    when: (offer) => offer.version < MAX_VERSION,
  },
  [OfferAction.REVISE]: {
    from: OfferStatus.PENDING,
    to: OfferStatus.PENDING,
    by: ['proposer'],
    notifies: 'OFFER_REVISED',
    terms: true,
    inTime: true,
    when: (offer) => offer.version < MAX_VERSION,
  },
  [OfferAction.ACCEPT]: {
    from: OfferStatus.PENDING,
    to: OfferStatus.ACCEPTED,
    by: ['recipient'],
    notifies: 'OFFER_ACCEPTED',
    inTime: true,
  },
  [OfferAction.DECLINE]: {
    from: OfferStatus.PENDING,
    to: OfferStatus.DECLINED,
    by: ['recipient'],
    notifies: 'OFFER_DECLINED',
    acrossBlock: true,
  },
  [OfferAction.WITHDRAW]: {
    from: OfferStatus.PENDING,
    to: OfferStatus.WITHDRAWN,
    by: ['proposer'],
    notifies: 'OFFER_WITHDRAWN',
    acrossBlock: true,
  },
  [OfferAction.EXPIRE]: {
    from: OfferStatus.PENDING,
    to: OfferStatus.EXPIRED,
    by: ['system'],
    notifies: 'OFFER_EXPIRED',
    acrossBlock: true,
  },
  [OfferAction.CONFIRM_COMPLETION]: {
    from: OfferStatus.ACCEPTED,
    to: OfferStatus.ACCEPTED,
    by: PARTIES,
    notifies: 'OFFER_COMPLETION_CONFIRMED',
    when: (offer) => offer.completionConfirmedBy.length === 0,
  },
  [OfferAction.COMPLETE]: {
    from: OfferStatus.ACCEPTED,
    to: OfferStatus.COMPLETED,
    by: [...PARTIES, 'service'],
    notifies: 'OFFER_COMPLETED',
    when: (offer, userId) =>
      userId === null || (otherConfirmed(offer, userId) && !confirmed(offer, userId)),
  },
  [OfferAction.CANCEL]: {
    from: OfferStatus.ACCEPTED,
    to: OfferStatus.CANCELLED,
    by: [...PARTIES, 'service'],
    notifies: 'OFFER_CANCELLED',
    when: (offer, userId) => userId === null || !otherConfirmed(offer, userId),
  },
};

export type TransitionAction = keyof typeof TRANSITIONS;

export function roleIn(offer: Offer, actor: Actor): OfferRole {
  if (actor.kind !== 'user') return actor.kind;
  if (actor.userId === offer.proposerId) return 'proposer';
  return actor.userId === offer.recipientId ? 'recipient' : 'bystander';
}

/** Whether the state, apart from who asks, admits the transition at `now`. */
export function stateAdmits(
  action: TransitionAction,
  offer: Offer,
  userId: string | null,
  now: Date,
): boolean {
  const rule = TRANSITIONS[action];
  if (offer.status !== rule.from) return false;
  if (rule.inTime && now >= offer.expiresAt) return false;
  return rule.when?.(offer, userId) ?? true;
}

/** Whether this role may make the transition. */
export function roleAdmits(action: TransitionAction, role: OfferRole): boolean {
  return TRANSITIONS[action].by.includes(role);
}

/** Whether the transition goes on where a block is between the two; the platform is beside that. */
export function blockAdmits(action: TransitionAction, role: OfferRole): boolean {
  return role === 'service' || TRANSITIONS[action].acrossBlock === true;
}

/**
 * What the visitor may do now, in the table's order.
 *
 * @param blocked the conversation is a pair's, and one of them has blocked the other
 */
export function availableActions(
  offer: Offer,
  actor: Actor,
  now: Date,
  blocked: boolean,
): OfferAction[] {
  const role = roleIn(offer, actor);
  const userId = actor.kind === 'user' ? actor.userId : null;
  return (Object.keys(TRANSITIONS) as TransitionAction[]).filter(
    (action) =>
      roleAdmits(action, role) &&
      stateAdmits(action, offer, userId, now) &&
      (!blocked || blockAdmits(action, role)),
  );
}
