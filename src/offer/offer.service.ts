import {
  type ConversationAccess,
  type FindViewing,
  type LockedConversation,
  requireUnblocked,
} from '../conversation/conversation.access';
import { violatedUnique } from '../database/failures';
import { isUuid } from '../database/rows';
import type { Queryable, Transaction, Transactions } from '../database/transaction';
import {
  BadUserInputError,
  ConflictError,
  ForbiddenError,
  IdempotencyMismatchError,
} from '../errors';
import { checkClientId, checkSameInput, inputHash } from '../input/idempotency';
import { type ConversationLog, toLogEvent } from '../log/conversation.log';
import type { MovedInbox } from '../log/inbox.log';
import { type Caller, requireUser, userIdOf } from '../people/caller';
import { type Offer, OfferAction } from './offer.entity';
import { type LockedOffer, OfferRecords, toFact } from './offer.records';
import { checkNote, checkTerms, type TermsDraft, toTerms } from './offer.terms';
import {
  blockAdmits,
  roleAdmits,
  roleIn,
  stateAdmits,
  TRANSITIONS,
  type TransitionAction,
} from './offer.transitions';

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

/** The negotiations: making offers and moving them on, by the table in `offer.transitions.ts`. */
export class OfferService {
  private readonly records: OfferRecords;

  constructor(
    private readonly database: Queryable,
    private readonly transactions: Transactions,
    private readonly access: ConversationAccess,
    private readonly log: ConversationLog,
    private readonly findViewing: FindViewing,
  ) {
    this.records = new OfferRecords(log);
  }

  /**
   * Opens a negotiation. With a `clientOfferId` a repeat returns the first offer and writes nothing.
   *
   * @throws {BadUserInputError} the terms break a rule, or the recipient is missing or not present
   * @throws {IdempotencyMismatchError} `clientOfferId` was used with other input
   */
  async create(caller: Caller, input: CreateOffer): Promise<Offer> {
    const { userId } = requireUser(caller);
    checkTerms(input);
    checkClientId('input.clientOfferId', input.clientOfferId);
    const hash = input.clientOfferId == null ? null : inputHash(input);
    const viewingUserIds = await this.findViewing(input.conversationId);
    try {
      return await this.transactions.run(async (transaction) => {
        const locked = await this.access.lock(
          transaction,
          caller,
          input.conversationId,
          viewingUserIds,
        );
        requireUnblocked(locked);
        const made =
          hash === null
            ? null
            : await this.records.findMade(transaction, userId, input.clientOfferId!);
        if (made) {
          checkSameInput('input.clientOfferId', made.hash, hash!);
          return made.offer;
        }
        const recipientId = recipientOf(locked, userId, input.recipientId ?? null);
        const terms = toTerms(input, [userId, recipientId], locked.now);
        const clientOfferId = input.clientOfferId ?? null;
        const opening = { initiatorId: userId, recipientId, terms, clientOfferId, inputHash: hash };
        return this.records.open(transaction, locked, opening);
      });
    } catch (error) {
      // The same id at the same moment in two conversations: each held another lock.
      if (violatedUnique(error) === UNIQUE_CLIENT_ID)
        throw new IdempotencyMismatchError('input.clientOfferId');
      throw error;
    }
  }

  /**
   * Moves an offer on. Checks in this order: access, party, version, state, role. The viewer's own
   * step repeated is answered with the offer as it stands, and writes nothing.
   *
   * @throws {ForbiddenError} not a party, not the party's turn, or across a block
   * @throws {ConflictError} `version` is stale, or the state does not allow it
   */
  async act(caller: Caller, action: RequestedAction, input: OfferStep): Promise<Offer> {
    const draft = TRANSITIONS[action].terms ? draftOf(input) : null;
    if (draft) checkTerms(draft);
    else checkNote(input.note);
    const hash = inputHash({ action, ...input });
    const conversationId = await this.conversationOf(input.offerId);
    const viewingUserIds = await this.findViewing(conversationId);
    return this.transactions.run(async (transaction) => {
      const locked = await this.access.lock(transaction, caller, conversationId, viewingUserIds);
      const offer = await this.records.lock(transaction, input.offerId);
      const actorId = userIdOf(caller);
      const role = roleIn(offer, caller);
      if (role === 'bystander') throw new ForbiddenError();
      const chosen = resolve(action, offer, actorId);
      if (locked.blocked && !blockAdmits(chosen, role)) throw new ForbiddenError();
      if (offer.version !== input.version) {
        if (await this.records.isRepeat(transaction, input, actorId, hash)) return offer;
        throw conflict('The offer has changed since.', offer);
      }
      if (!stateAdmits(chosen, offer, actorId, offer.lockedAt))
        throw conflict(refusal(chosen, offer), offer);
      if (!roleAdmits(chosen, role)) throw new ForbiddenError();
      const terms = draft && toTerms(draft, [offer.initiatorId, offer.responderId], locked.now);
      const step = { action: chosen, actorId, note: input.note ?? null, terms, inputHash: hash };
      return this.records.apply(transaction, locked, offer, step);
    });
  }

  /**
   * Ends a person's pending offers in this conversation: withdraws what they proposed, declines what
   * they were proposed. For leaving and deactivation, within their transaction.
   */
  async endPending(
    transaction: Transaction,
    locked: LockedConversation,
    userId: string,
  ): Promise<void> {
    for (const offer of await this.records.lockPending(transaction, locked.id, userId)) {
      const action = offer.proposerId === userId ? OfferAction.WITHDRAW : OfferAction.DECLINE;
      await this.records.apply(transaction, locked, offer, {
        action,
        actorId: userId,
        note: null,
        terms: null,
        inputHash: null,
      });
    }
  }

  /** Whether the person has an accepted offer in this conversation that is not settled yet. */
  hasAccepted(transaction: Transaction, conversationId: string, userId: string): Promise<boolean> {
    return this.records.hasAccepted(transaction, conversationId, userId);
  }

  /**
   * Ends an offer whose time is over by the database's clock; when it was ended otherwise, by whomever, nothing
   * happens. Once over all nodes: whoever locks it first ends it.
   *
   * @param waits for a conversation that somebody holds
   * @returns false when somebody holds it and it was not waited for
   */
  async expire(
    offerId: string,
    viewingUserIds: readonly string[],
    waits: boolean,
  ): Promise<boolean> {
    const { from, to, notifies } = TRANSITIONS[OfferAction.EXPIRE];
    const [expired] = await this.transactions.statement<Expired>(
      `select locked, conversation_id as "conversationId", sequence, version, at, audience, inboxes
       from expire_offer($1, $2, $3, $4, $5, $6, $7)`,
      [offerId, OfferAction.EXPIRE, from, to, notifies, viewingUserIds, waits],
    );
    if (!expired) return true;
    if (expired.locked) return false;
    const { conversationId, sequence, version, at, audience, inboxes } = expired;
    const fact = toFact({ id: offerId, version }, OfferAction.EXPIRE, null);
    this.log.publish(
      [toLogEvent(conversationId, sequence, at, fact)],
      audience ?? [],
      inboxes ?? [],
    );
    return true;
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

function recipientOf(
  locked: LockedConversation,
  userId: string,
  recipientId: string | null,
): string {
  const others = locked.active.filter((id) => id !== userId);
  if (recipientId === null && others.length === 1) return others[0]!;
  if (recipientId === null)
    throw new BadUserInputError('input.recipientId', 'must name one of the other participants');
  if (!others.includes(recipientId))
    throw new BadUserInputError(
      'input.recipientId',
      'must be another participant of this conversation',
    );
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
  if (offer.status === rule.from && rule.inTime && offer.lockedAt >= offer.expiresAt)
    return 'The offer has expired.';
  return `The offer's state does not allow ${action}.`;
}

function conflict(message: string, offer: Offer): ConflictError {
  return new ConflictError(message, { currentVersion: offer.version, currentStatus: offer.status });
}
