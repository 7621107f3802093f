import { v7 as uuidv7 } from 'uuid';
import { requireUser, userIdOf, type Viewer } from '../auth/viewer';
import {
  type ConversationAccess,
  type LockedConversation,
  requireUnblocked,
  type Viewing,
} from '../conversation/conversation.access';
import { violatedUnique } from '../database/failures';
import { columnsOf, isUuid, toEntity } from '../database/rows';
import type { Queryable, Transaction, Transactions } from '../database/transaction';
import { MOVED_INBOX, type MovedInbox } from '../delivery/inbox';
import { type ConversationLog, type Fact, toLogEvent } from '../delivery/log';
import { BadUserInputError, ConflictError, ForbiddenError, IdempotencyMismatchError } from '../errors';
import { checkClientId, checkSameInput, inputHash } from '../idempotency';
import { Offer, OfferAction, OfferStatus } from './offer.entity';
import { checkNote, checkTerms, type Terms, type TermsDraft, toTerms } from './offer.terms';
import { blockAdmits, roleAdmits, roleIn, stateAdmits, TRANSITIONS, type TransitionAction } from './offer.transitions';

const UNIQUE_CLIENT_ID = 'offers_initiator_id_client_offer_id_key';

export interface CreateOffer extends TermsDraft {
  conversationId: string;
  recipientId?: string | null;
  clientOfferId?: string | null;
}

/** A step that somebody asks for: on which offer, in the state that they saw. */
export interface OfferStep extends Partial<TermsDraft> {
  offerId: string;
  version: number;
}

/** What people ask for; the other transitions follow from these or happen by themselves. */
export type RequestedAction = Exclude<TransitionAction, OfferAction.EXPIRE | OfferAction.COMPLETE>;

/** An offer whose conversation and row this transaction holds, and the time of the lock. */
type LockedOffer = Offer & { lockedAt: Date };

interface Step {
  action: TransitionAction;
  actorId: string | null;
  note: string | null;
  terms: Terms | null;
  inputHash: string | null;
}

/** The negotiations: making offers and moving them on, by the table in `offer.transitions.ts`. */
export class OfferService {
  constructor(
    private readonly database: Queryable,
    private readonly transactions: Transactions,
    private readonly access: ConversationAccess,
    private readonly log: ConversationLog,
    private readonly viewing: Viewing,
  ) {}

  /**
   * Opens a negotiation. With a `clientOfferId` a repeat returns the first offer and writes nothing.
   *
   * @throws {BadUserInputError} the terms break a rule, or the recipient is missing or not present
   * @throws {IdempotencyMismatchError} `clientOfferId` was used with other input
   */
  async create(viewer: Viewer, input: CreateOffer): Promise<Offer> {
    const { userId } = requireUser(viewer);
    checkTerms(input);
    checkClientId('input.clientOfferId', input.clientOfferId);
    const hash = input.clientOfferId == null ? null : inputHash(input);
    const viewing = await this.viewing(input.conversationId);
    try {
      return await this.transactions.run(async (transaction) => {
        const locked = await this.access.lock(transaction, viewer, input.conversationId, viewing);
        requireUnblocked(locked);
        const first = hash === null ? null : await this.findMade(transaction, userId, input.clientOfferId!, hash);
        return first ?? this.open(transaction, locked, userId, input, hash);
      });
    } catch (error) {
      // The same id at the same moment in two conversations: each held another lock.
      if (violatedUnique(error) === UNIQUE_CLIENT_ID) throw new IdempotencyMismatchError('input.clientOfferId');
      throw error;
    }
  }

  private async findMade(
    transaction: Transaction,
    userId: string,
    clientOfferId: string,
    hash: string,
  ): Promise<Offer | null> {
    const [found] = await transaction.query<Offer & { hash: string | null }>(
      `select ${columnsOf(Offer, 'o')}, o.input_hash as hash from offers o
       where initiator_id = $1 and client_offer_id = $2`,
      [userId, clientOfferId],
    );
    if (!found) return null;
    const { hash: storedHash, ...offer } = found;
    checkSameInput('input.clientOfferId', storedHash, hash);
    return toEntity(Offer, offer);
  }

  private async open(
    transaction: Transaction,
    locked: LockedConversation,
    userId: string,
    input: CreateOffer,
    hash: string | null,
  ): Promise<Offer> {
    const recipientId = recipientOf(locked, userId, input.recipientId ?? null);
    const terms = toTerms(input, [userId, recipientId], locked.now);
    const [row] = await transaction.query<Offer>(
      `insert into offers as o
         (id, conversation_id, initiator_id, responder_id, proposer_id, recipient_id, status, version,
          items, note, expires_at, client_offer_id, input_hash, created_at, updated_at)
       values ($1, $2, $3, $4, $3, $4, $5, 1, $6, $7, $8, $9, $10, $11, $11)
       returning ${columnsOf(Offer, 'o')}`,
      [
        uuidv7(),
        locked.id,
        userId,
        recipientId,
        OfferStatus.PENDING,
        JSON.stringify(terms.items),
        terms.note,
        terms.expiresAt,
        input.clientOfferId ?? null,
        hash,
        locked.now,
      ],
    );
    const offer = toEntity(Offer, row!);
    await this.record(transaction, locked, offer, OfferAction.CREATE, {
      actorId: userId,
      note: terms.note,
      inputHash: hash,
    });
    return offer;
  }

  /**
   * Moves an offer on. Checks in this order: access, party, version, state, role. The viewer's own
   * step repeated is answered with the offer as it stands, and writes nothing.
   *
   * @throws {ForbiddenError} not a party, not the party's turn, or across a block
   * @throws {ConflictError} `version` is stale, or the state does not allow it
   */
  async act(viewer: Viewer, action: RequestedAction, input: OfferStep): Promise<Offer> {
    const draft = TRANSITIONS[action].terms ? draftOf(input) : null;
    if (draft) checkTerms(draft);
    else checkNote(input.note);
    const hash = inputHash({ action, ...input });
    const conversationId = await this.conversationOf(input.offerId);
    const viewing = await this.viewing(conversationId);
    return this.transactions.run(async (transaction) => {
      const locked = await this.access.lock(transaction, viewer, conversationId, viewing);
      const offer = await this.lock(transaction, input.offerId);
      const actorId = userIdOf(viewer);
      const role = roleIn(offer, viewer);
      if (role === 'bystander') throw new ForbiddenError();
      const chosen = resolve(action, offer, actorId);
      if (locked.blocked && !blockAdmits(chosen, role)) throw new ForbiddenError();
      if (offer.version !== input.version) {
        if (await this.isRepeat(transaction, input, actorId, hash)) return offer;
        throw conflict('The offer has changed since.', offer);
      }
      if (!stateAdmits(chosen, offer, actorId, offer.lockedAt)) throw conflict(refusal(chosen, offer), offer);
      if (!roleAdmits(chosen, role)) throw new ForbiddenError();
      const terms = draft && toTerms(draft, [offer.initiatorId, offer.responderId], locked.now);
      const step = { action: chosen, actorId, note: input.note ?? null, terms, inputHash: hash };
      return this.apply(transaction, locked, offer, step);
    });
  }

  /**
   * Ends a person's pending offers in this conversation: withdraws what they proposed, declines what
   * they were proposed. For leaving and deactivation, within their transaction.
   */
  async endPending(transaction: Transaction, locked: LockedConversation, userId: string): Promise<void> {
    const offers = await transaction.query<Offer>(
      `select ${columnsOf(Offer, 'o')} from offers o
       where conversation_id = $1 and status = 'PENDING' and $2 in (initiator_id, responder_id)
       order by id for update`,
      [locked.id, userId],
    );
    for (const offer of offers) {
      const action = offer.proposerId === userId ? OfferAction.WITHDRAW : OfferAction.DECLINE;
      await this.apply(transaction, locked, offer, {
        action,
        actorId: userId,
        note: null,
        terms: null,
        inputHash: null,
      });
    }
  }

  /** Whether the person has an accepted offer in this conversation that is not settled yet. */
  async hasAccepted(transaction: Transaction, conversationId: string, userId: string): Promise<boolean> {
    const rows = await transaction.query(
      `select from offers where conversation_id = $1 and status = 'ACCEPTED' and $2 in (initiator_id, responder_id) limit 1`,
      [conversationId, userId],
    );
    return rows.length > 0;
  }

  private async apply(transaction: Transaction, locked: LockedConversation, offer: Offer, step: Step): Promise<Offer> {
    const rule = TRANSITIONS[step.action];
    const confirms = step.action === OfferAction.CONFIRM_COMPLETION || step.action === OfferAction.COMPLETE;
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
        locked.viewing,
      ],
    );
    this.log.appended(transaction, locked, toFact(offer, action, by.actorId), moved);
  }

  /**
   * Ends an offer whose time is over by the database's clock; when it was ended otherwise, by whomever, nothing
   * happens. Once over all nodes: whoever locks it first ends it.
   *
   * @param waits for a conversation that somebody holds
   * @returns false when somebody holds it and it was not waited for
   */
  async expire(offerId: string, viewing: readonly string[], waits: boolean): Promise<boolean> {
    const { from, to, notifies } = TRANSITIONS[OfferAction.EXPIRE];
    const [expired] = await this.transactions.statement<Expired>(
      `select locked, conversation_id as "conversationId", sequence, version, at, audience, inboxes
       from expire_offer($1, $2, $3, $4, $5, $6, $7)`,
      [offerId, OfferAction.EXPIRE, from, to, notifies, viewing, waits],
    );
    if (!expired) return true;
    if (expired.locked) return false;
    const { conversationId, sequence, version, at, audience, inboxes } = expired;
    const fact = toFact({ id: offerId, version }, OfferAction.EXPIRE, null);
    this.log.announce([toLogEvent(conversationId, sequence, at, fact)], audience ?? [], inboxes ?? []);
    return true;
  }

  /** Offers whose time is over, longest first, but for those of some conversations. */
  async due(limit: number, except: readonly string[]): Promise<{ id: string; conversationId: string }[]> {
    return this.database.query(
      // The clock at the statement's start: with clock_timestamp() all that are pending would be read each time.
      `select id, conversation_id as "conversationId" from offers
       where status = 'PENDING' and expires_at <= statement_timestamp() and conversation_id <> all($2)
       order by expires_at limit $1`,
      [limit, except],
    );
  }

  private async lock(transaction: Transaction, offerId: string): Promise<LockedOffer> {
    const [row] = await transaction.query<LockedOffer>(
      `select ${columnsOf(Offer, 'o')}, clock_timestamp() as "lockedAt" from offers o where id = $1 for update`,
      [offerId],
    );
    return toEntity(Offer, row!) as LockedOffer;
  }

  /** Whether what followed `version` was this very request of this very person. */
  private async isRepeat(
    transaction: Transaction,
    input: OfferStep,
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

  private async conversationOf(offerId: string): Promise<string> {
    if (!isUuid(offerId)) throw new ForbiddenError();
    const [row] = await this.database.query<{ conversationId: string }>(
      'select conversation_id as "conversationId" from offers where id = $1',
      [offerId],
    );
    if (!row) throw new ForbiddenError();
    return row.conversationId;
  }
}

/** Nothing but `locked` when it is true. */
interface Expired {
  locked: boolean;
  conversationId: string;
  sequence: number;
  version: number;
  at: Date;
  audience: string[] | null;
  inboxes: MovedInbox[] | null;
}

function toFact({ id, version }: Pick<Offer, 'id' | 'version'>, action: OfferAction, actorId: string | null): Fact {
  return { kind: 'OFFER_UPDATED', actorId, offer: { id, version, action } };
}

function recipientOf(locked: LockedConversation, userId: string, recipientId: string | null): string {
  const others = locked.active.filter((id) => id !== userId);
  if (recipientId === null && others.length === 1) return others[0]!;
  if (recipientId === null) throw new BadUserInputError('input.recipientId', 'must name one of the other participants');
  if (!others.includes(recipientId))
    throw new BadUserInputError('input.recipientId', 'must be another participant of this conversation');
  return recipientId;
}

function draftOf(input: OfferStep): TermsDraft {
  return { items: input.items ?? [], note: input.note, expiresAt: input.expiresAt };
}

/** Confirming completes when the other party has confirmed, or when the platform itself does it. */
function resolve(action: RequestedAction, offer: Offer, actorId: string | null): TransitionAction {
  if (action !== OfferAction.CONFIRM_COMPLETION) return action;
  const second = offer.completionConfirmedBy.length > 0 || actorId === null;
  return second ? OfferAction.COMPLETE : action;
}

function refusal(action: TransitionAction, offer: LockedOffer): string {
  const rule = TRANSITIONS[action];
  if (offer.status === rule.from && rule.inTime && offer.lockedAt >= offer.expiresAt) return 'The offer has expired.';
  return `The offer's state does not allow ${action}.`;
}

function conflict(message: string, offer: Offer): ConflictError {
  return new ConflictError(message, { currentVersion: offer.version, currentStatus: offer.status });
}
