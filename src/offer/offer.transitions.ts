/**
 * The states of an offer, and the rules by which it moves from one to the next.
 *
 *     (CREATE) -> PENDING -- ACCEPT ---> ACCEPTED -- COMPLETE -> COMPLETED
 *                    |-- DECLINE --> DECLINED  |-- CANCEL ---> CANCELLED
 *                    |-- WITHDRAW -> WITHDRAWN
 *                    |-- EXPIRE ---> EXPIRED
 *
 * COUNTER and REVISE replace the terms and leave the offer pending. CONFIRM_COMPLETION leaves it
 * accepted: the first party confirms, and the confirmation of the second one is COMPLETE. The
 * platform completes an offer by a single confirmation.
 *
 * A transition is possible when three independent checks agree: `stateAdmits` (the status, the time
 * and the confirmations), `roleAdmits` (the actor's part in the offer), and, where a block is
 * between a pair, `blockAdmits`. Every transition raises the offer's version by 1.
 *
 * The table `TRANSITIONS` is the only place of these rules. The checks before a transition, the
 * list of available actions, and the writing of a transition all read it. The database's function
 * `expire_offer` gets its row as parameters.
 */
import type { Actor } from '../conversation/conversation.access';
import type { NotificationKind } from '../events';
import { type Offer, OfferAction, OfferStatus } from './offer.entity';

/** The role of an actor in an offer. A bystander is a user who is not a party. */
export type OfferRole = 'proposer' | 'recipient' | 'service' | 'system' | 'bystander';

/**
 * The highest version that new terms may have. The other transitions have no such limit, so that
 * every negotiation can end.
 */
export const MAX_VERSION = 20;

interface Transition {
  from: OfferStatus;
  to: OfferStatus;
  by: readonly OfferRole[];
  /** The transition brings new terms, with a new expiry. */
  terms?: true;
  /** The proposer and the recipient change places. */
  swaps?: true;
  /** The transition is possible only before `expiresAt`. */
  inTime?: true;
  /** Kind of the notification that the other participants get. */
  notifies: NotificationKind;
  /** The transition is possible even when one of the pair has blocked the other. */
  acrossBlock?: true;
  /** A further condition. `userId` is null for the platform and for Parley itself. */
  when?: (offer: Offer, userId: string | null) => boolean;
}

const PARTIES = ['proposer', 'recipient'] as const;

function confirmed(offer: Offer, userId: string | null): boolean {
  return userId !== null && offer.completionConfirmedBy.includes(userId);
}

function otherConfirmed(offer: Offer, userId: string | null): boolean {
  return offer.completionConfirmedBy.some((id) => id !== userId);
}

/** Every transition of an existing offer, by the action that makes it. */
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

/** Returns the actor's role in the offer. */
export function roleIn(offer: Offer, actor: Actor): OfferRole {
  if (actor.kind !== 'user') return actor.kind;
  if (actor.userId === offer.proposerId) return 'proposer';
  return actor.userId === offer.recipientId ? 'recipient' : 'bystander';
}

/**
 * True when the offer's state allows the transition at `now`. Does not check the actor's role.
 *
 * @param userId the acting user; null for the platform and for Parley itself
 * @param now the time that is compared with `expiresAt`
 */
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

/** True when an actor of this role may make the transition. */
export function roleAdmits(action: TransitionAction, role: OfferRole): boolean {
  return TRANSITIONS[action].by.includes(role);
}

/** True when the transition is possible across a block. For the platform it always is. */
export function blockAdmits(action: TransitionAction, actor: Actor): boolean {
  return actor.kind === 'service' || TRANSITIONS[action].acrossBlock === true;
}

/**
 * Returns the actions that the actor may take at `now`, in the order of the table.
 *
 * @param blocked true when the conversation is a pair's and one of the two has blocked the other
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
      (!blocked || blockAdmits(action, actor)),
  );
}
