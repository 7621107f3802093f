import { v7 as uuidv7 } from 'uuid';
import type { LockedConversation } from '../conversation/conversation.access';
import { columnsOf, toEntity } from '../database/rows';
import type { Queryable, Transaction } from '../database/transaction';
import type { ConversationLog, Fact } from '../log/conversation.log';
import { MOVED_INBOX, type MovedInbox } from '../log/inbox.log';
import { Offer, OfferAction, OfferStatus } from './offer.entity';
import type { Terms } from './offer.terms';
import { TRANSITIONS, type TransitionAction } from './offer.transitions';

/**
 * An offer whose row this transaction has locked, after the conversation's. `lockedAt` is the time
 * of the lock by the database's clock.
 */
export type LockedOffer = Offer & { lockedAt: Date };

/** The beginning of a negotiation: its two parties and their first terms. */
export interface Opening {
  initiatorId: string;
  recipientId: string;
  terms: Terms;
  clientOfferId: string | null;
  /** null without a `clientOfferId`. */
  inputHash: string | null;
}

/** One transition: the action, the actor, and what comes with the action. */
export interface Step {
  action: TransitionAction;
  /** null when the platform acts. */
  actorId: string | null;
  note: string | null;
  /** null when the offer keeps its terms. */
  terms: Terms | null;
  inputHash: string | null;
}

/**
 * Writes offers, in a transaction that has locked the conversation. Every version of an offer is
 * written together with its row of the history and its event of the log. (The expiry of an offer is
 * written by the database's function `expire_offer`.)
 */
export class OfferRecords {
  constructor(private readonly log: ConversationLog) {}

  /** Returns the user's offer with this client id and its input's hash; null when there is none. */
  async findMade(
    database: Queryable,
    userId: string,
    clientOfferId: string,
  ): Promise<{ offer: Offer; hash: string | null } | null> {
    const [found] = await database.query<Offer & { hash: string | null }>(
      `select ${columnsOf(Offer, 'o')}, o.input_hash as hash from offers o
       where initiator_id = $1 and client_offer_id = $2`,
      [userId, clientOfferId],
    );
    if (!found) return null;
    const { hash, ...offer } = found;
    return { offer: toEntity(Offer, offer), hash };
  }

  /**
   * Writes a new offer: version 1, pending. The statement that writes it counts the others, so the
   * limit takes no statement of its own.
   *
   * @param maxPending the largest number of pending offers that the initiator may have here
   * @returns null, with nothing written, when there are as many already
   */
  async open(
    transaction: Transaction,
    locked: LockedConversation,
    opening: Opening,
    maxPending: number,
  ): Promise<Offer | null> {
    const { initiatorId, recipientId, terms, clientOfferId, inputHash } = opening;
    const [row] = await transaction.query<Offer>(
      `insert into offers as o
         (id, conversation_id, initiator_id, responder_id, proposer_id, recipient_id, status,
          version, items, note, expires_at, client_offer_id, input_hash, created_at, updated_at)
       select $1::uuid, $2::uuid, $3::text, $4::text, $3::text, $4::text, $5::text, 1, $6::jsonb,
         $7::text, $8::timestamptz, $9::text, $10::text, $11::timestamptz, $11::timestamptz
       where (select count(*) from offers
         where conversation_id = $2 and initiator_id = $3 and status = $5) < $12
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
        maxPending,
      ],
    );
    if (!row) return null;
    const offer = toEntity(Offer, row);
    await this.record(transaction, locked, offer, OfferAction.CREATE, {
      actorId: initiatorId,
      note: terms.note,
      inputHash,
    });
    return offer;
  }

  /** Locks the row of an existing offer. The conversation must already be locked. */
  async lock(transaction: Transaction, offerId: string): Promise<LockedOffer> {
    const [row] = await transaction.query<LockedOffer>(
      `select ${columnsOf(Offer, 'o')}, clock_timestamp() as "lockedAt" from offers o
       where id = $1 for update`,
      [offerId],
    );
    return toEntity(Offer, row!) as LockedOffer;
  }

  /** True when the user has an accepted offer in this conversation that is not settled yet. */
  async hasAccepted(
    transaction: Transaction,
    conversationId: string,
    userId: string,
  ): Promise<boolean> {
    const rows = await transaction.query(
      `select from offers
       where conversation_id = $1 and status = 'ACCEPTED' and $2 in (initiator_id, responder_id)
       limit 1`,
      [conversationId, userId],
    );
    return rows.length > 0;
  }

  /**
   * True when the transition that followed `input.version` came from the same actor with the same
   * input, so that this request is a repeat of it.
   */
  async isRepeat(
    database: Queryable,
    input: { offerId: string; version: number },
    actorId: string | null,
    hash: string,
  ): Promise<boolean> {
    const rows = await database.query(
      `select from offer_transitions
       where offer_id = $1 and version - 1 = $2 and actor_id is not distinct from $3
         and input_hash = $4`,
      [input.offerId, input.version, actorId, hash],
    );
    return rows.length > 0;
  }

  /**
   * Makes the transition as the table {@link TRANSITIONS} says, and returns the new version of the
   * offer. Does not check that the transition is allowed.
   */
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
      `update offers as o set status = $2, version = version + 1, proposer_id = $3,
         recipient_id = $4, items = $5, note = $6, expires_at = $7, updated_at = $8,
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

  /** Writes the history's row and the log's event of the offer's new version. */
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

/** Returns a transition of an offer as a fact for the conversation's log. */
export function toFact(
  { id, version }: Pick<Offer, 'id' | 'version'>,
  action: OfferAction,
  actorId: string | null,
): Fact {
  return { kind: 'OFFER_UPDATED', actorId, offer: { id, version, action } };
}
