import { v7 as uuidv7 } from 'uuid';
import type { LockedConversation } from '../conversation/conversation.access';
import { columnsOf, toEntity } from '../database/rows';
import type { Transaction } from '../database/transaction';
import type { ConversationLog, Fact } from '../log/conversation.log';
import { MOVED_INBOX, type MovedInbox } from '../log/inbox.log';
import { Offer, OfferAction, OfferStatus } from './offer.entity';
import type { Terms } from './offer.terms';
import { TRANSITIONS, type TransitionAction } from './offer.transitions';

/** An offer whose conversation and row this transaction holds, and the time of the lock. */
export type LockedOffer = Offer & { lockedAt: Date };

/** A negotiation as it begins. */
export interface Opening {
  initiatorId: string;
  recipientId: string;
  terms: Terms;
  clientOfferId: string | null;
  inputHash: string | null;
}

/** One transition: by whom, and what comes with it. */
export interface Step {
  action: TransitionAction;
  actorId: string | null;
  note: string | null;
  terms: Terms | null;
  inputHash: string | null;
}

/**
 * The statements by which people's offers are written, each within the transaction that holds the conversation. Every version is
 * written together with its row of the history and its event of the log.
 */
export class OfferRecords {
  constructor(private readonly log: ConversationLog) {}

  /** What this person made with this id, and the hash of what they made it of. */
  async findMade(
    transaction: Transaction,
    userId: string,
    clientOfferId: string,
  ): Promise<{ offer: Offer; hash: string | null } | null> {
    const [found] = await transaction.query<Offer & { hash: string | null }>(
      `select ${columnsOf(Offer, 'o')}, o.input_hash as hash from offers o
       where initiator_id = $1 and client_offer_id = $2`,
      [userId, clientOfferId],
    );
    if (!found) return null;
    const { hash, ...offer } = found;
    return { offer: toEntity(Offer, offer), hash };
  }

  async open(
    transaction: Transaction,
    locked: LockedConversation,
    opening: Opening,
  ): Promise<Offer> {
    const { initiatorId, recipientId, terms, clientOfferId, inputHash } = opening;
    const [row] = await transaction.query<Offer>(
      `insert into offers as o
         (id, conversation_id, initiator_id, responder_id, proposer_id, recipient_id, status, version,
          items, note, expires_at, client_offer_id, input_hash, created_at, updated_at)
       values ($1, $2, $3, $4, $3, $4, $5, 1, $6, $7, $8, $9, $10, $11, $11)
       returning ${columnsOf(Offer, 'o')}`,
      [
        uuidv7(),
        locked.id,
        initiatorId,
        recipientId,
        OfferStatus.PENDING,
        JSON.stringify(terms.items),
        terms.note,
        terms.expiresAt,
        clientOfferId,
        inputHash,
        locked.now,
      ],
    );
    const offer = toEntity(Offer, row!);
    await this.record(transaction, locked, offer, OfferAction.CREATE, {
      actorId: initiatorId,
      note: terms.note,
      inputHash,
    });
    return offer;
  }

  async lock(transaction: Transaction, offerId: string): Promise<LockedOffer> {
    const [row] = await transaction.query<LockedOffer>(
      `select ${columnsOf(Offer, 'o')}, clock_timestamp() as "lockedAt" from offers o where id = $1 for update`,
      [offerId],
    );
    return toEntity(Offer, row!) as LockedOffer;
  }

  /** A person's pending offers in this conversation, held, by id. */
  async lockPending(
    transaction: Transaction,
    conversationId: string,
    userId: string,
  ): Promise<Offer[]> {
    return transaction.query<Offer>(
      `select ${columnsOf(Offer, 'o')} from offers o
       where conversation_id = $1 and status = 'PENDING' and $2 in (initiator_id, responder_id)
       order by id for update`,
      [conversationId, userId],
    );
  }

  /** Whether the person has an accepted offer in this conversation that is not settled yet. */
  async hasAccepted(
    transaction: Transaction,
    conversationId: string,
    userId: string,
  ): Promise<boolean> {
    const rows = await transaction.query(
      `select from offers where conversation_id = $1 and status = 'ACCEPTED' and $2 in (initiator_id, responder_id) limit 1`,
      [conversationId, userId],
    );
    return rows.length > 0;
  }

  /** Whether what followed `version` was this very request of this very person. */
  async isRepeat(
    transaction: Transaction,
    input: { offerId: string; version: number },
    actorId: string | null,
    hash: string,
  ): Promise<boolean> {
    const rows = await transaction.query(
      `select from offer_transitions
       where offer_id = $1 and version - 1 = $2 and actor_id is not distinct from $3 and input_hash = $4`,
      [input.offerId, input.version, actorId, hash],
    );
    return rows.length > 0;
  }

  /** Moves the offer on, as the table of transitions says. */
  async apply(
    transaction: Transaction,
    locked: LockedConversation,
    offer: Offer,
    step: Step,
  ): Promise<Offer> {
    const rule = TRANSITIONS[step.action];
    const confirms =
      step.action === OfferAction.CONFIRM_COMPLETION || step.action === OfferAction.COMPLETE;
    const [row] = await transaction.query<Offer>(
      `update offers as o set status = $2, version = version + 1, proposer_id = $3, recipient_id = $4, items = $5,
         note = $6, expires_at = $7, updated_at = $8,
         completion_confirmed_by = completion_confirmed_by || $9::text[]
       where id = $1 returning ${columnsOf(Offer, 'o')}`,
      [
        offer.id,
        rule.to,
        rule.swaps ? offer.recipientId : offer.proposerId,
        rule.swaps ? offer.proposerId : offer.recipientId,
        JSON.stringify(step.terms?.items ?? offer.items),
        step.terms ? step.terms.note : offer.note,
        step.terms?.expiresAt ?? offer.expiresAt,
        locked.now,
        confirms && step.actorId !== null ? [step.actorId] : [],
      ],
    );
    const moved = toEntity(Offer, row!);
    await this.record(transaction, locked, moved, step.action, step);
    return moved;
  }

  /** Writes the history's row and the log's event of the version that the offer has just reached. */
  private async record(
    transaction: Transaction,
    locked: LockedConversation,
    offer: Offer,
    action: OfferAction,
    by: { actorId: string | null; note: string | null; inputHash: string | null },
  ): Promise<void> {
    const notifies = action === OfferAction.CREATE ? 'NEW_OFFER' : TRANSITIONS[action].notifies;
    const moved = await transaction.query<MovedInbox>(
      `select ${MOVED_INBOX} from record_offer($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        offer.id,
        locked.lastSequence + 1,
        locked.now,
        action,
        by.actorId,
        by.note,
        by.inputHash,
        notifies,
        locked.viewingUserIds,
      ],
    );
    this.log.recordAppended(transaction, locked, toFact(offer, action, by.actorId), moved);
  }
}

export function toFact(
  { id, version }: Pick<Offer, 'id' | 'version'>,
  action: OfferAction,
  actorId: string | null,
): Fact {
  return { kind: 'OFFER_UPDATED', actorId, offer: { id, version, action } };
}
