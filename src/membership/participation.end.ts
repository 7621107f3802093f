import type { LockedConversation } from '../conversation/conversation.access';
import type { Transaction } from '../database/transaction';
import { type ConversationLog, type Fact, toLogEvent } from '../log/conversation.log';
import type { MovedInbox } from '../log/inbox.log';
import { OfferAction } from '../offer/offer.entity';
import { toFact } from '../offer/offer.records';
import { TRANSITIONS, type TransitionAction } from '../offer/offer.transitions';

/** The end of a user's part in a conversation. */
export interface ParticipationEnd {
  userId: string;
  /** The user who ends it; null for the platform. */
  actorId: string | null;
  /** True when the user leaves the conversation, false when only their pending offers end. */
  departs: boolean;
}

/** A row of the database's function `end_participation`. */
interface Ended {
  events: { sequence: number; offerId: string; version: number; action: OfferAction }[] | null;
  inboxes: MovedInbox[] | null;
}

/**
 * Ends a user's pending offers in a conversation, and with `departs` their participation: withdraws
 * the offers whose proposer is the user, and declines the others. Publishes it after the commit.
 *
 * This must be the transaction's last statement. It locks the inboxes of everyone who is notified,
 * and other conversations wait for them.
 *
 * @returns the number of events that were written
 */
export async function endParticipation(
  transaction: Transaction,
  log: ConversationLog,
  locked: LockedConversation,
  { userId, actorId, departs }: ParticipationEnd,
): Promise<number> {
  const { from } = TRANSITIONS[OfferAction.WITHDRAW];
  const [ended] = await transaction.query<Ended>(
    'select events, inboxes from end_participation($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [
      locked.id,
      userId,
      actorId,
      departs,
      locked.now,
      from,
      stepOf(OfferAction.WITHDRAW),
      stepOf(OfferAction.DECLINE),
      locked.viewingUserIds,
    ],
  );
  const facts = (ended!.events ?? []).map(({ offerId, version, action }) =>
    toFact({ id: offerId, version }, action, actorId),
  );
  if (departs) facts.push(removalOf(userId, actorId));
  const events = facts.map((fact, index) =>
    toLogEvent(locked.id, locked.lastSequence + index + 1, locked.now, fact),
  );
  transaction.afterCommit(() => log.publish(events, locked.audience, ended!.inboxes ?? []));
  return events.length;
}

/** Returns a row of the table of transitions as the database's function takes it. */
function stepOf(action: TransitionAction): string[] {
  const { to, notifies } = TRANSITIONS[action];
  return [action, to, notifies];
}

function removalOf(participantId: string, actorId: string | null): Fact {
  return { kind: 'PARTICIPANT_REMOVED', actorId, participantId };
}
