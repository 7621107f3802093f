import {
  type ConversationAccess,
  type FindViewing,
  type LockedConversation,
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
import { type Caller, requireUser, type UserCaller, userIdOf } from '../people/caller';
import { ActionLimit } from '../rate-limit/action.limit';
import type { RateLimit } from '../rate-limit/rate.limit';
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

/** A requested step of a negotiation. `version` is the version of the offer that the caller saw. */
export interface OfferStep extends Partial<TermsDraft> {
  offerId: string;
  version: number;
}

/**
 * The actions on an existing offer that a caller requests. COMPLETE follows from
 * CONFIRM_COMPLETION, and EXPIRE happens by itself.
 */
export type RequestedAction = Exclude<TransitionAction, OfferAction.EXPIRE | OfferAction.COMPLETE>;

/** An offer after a request, which may have been a repeat. */
interface OfferOutcome {
  offer: Offer;
  /** True when an earlier request had done the same, so that this one wrote nothing. */
  isRepeat: boolean;
}

/** Opens negotiations and moves them on, by the table in `offer.transitions.ts`. */
export class OfferService {
  private readonly records: OfferRecords;
  private readonly limit: ActionLimit<OfferOutcome>;

  /** @param rate the limit of what brings new terms: CREATE, COUNTER and REVISE */
  constructor(
    private readonly database: Queryable,
    private readonly transactions: Transactions,
    private readonly access: ConversationAccess,
    private readonly log: ConversationLog,
    private readonly findViewing: FindViewing,
    private readonly maxPending: number,
    rate: RateLimit,
  ) {
    this.records = new OfferRecords(log);
    this.limit = new ActionLimit(rate, ({ isRepeat }) => isRepeat);
  }

  /**
   * Opens a negotiation. With a `clientOfferId` a repeat returns the first offer and writes
   * nothing. `recipientId` may be left out when there is only one other active participant.
   *
   * @throws {BadUserInputError} when the terms break a rule, or when the recipient is missing or is
   *   not another active participant
   * @throws {ForbiddenError} when the caller is not a present participant, or when one of a pair
   *   has blocked the other
   * @throws {IdempotencyMismatchError} when `clientOfferId` was used with other input
   * @throws {ConflictError} when the caller has as many pending offers here as the limit allows
   * @throws {RateLimitedError} when the caller exceeds the limit of offers; a repeat does not count
   */
  async create(caller: Caller, input: CreateOffer): Promise<Offer> {
    const user = requireUser(caller);
    const { userId } = user;
    checkTerms(input);
    const { clientOfferId } = input;
    checkClientId('input.clientOfferId', clientOfferId);
    const hash = clientOfferId == null ? null : inputHash(input);
    const wasDone = async () =>
      (await this.records.findMade(this.database, userId, clientOfferId!))?.hash === hash;
    const request = hash === null ? null : { hash, wasDone };
    const { offer } = await this.limit.run(userId, request, () => this.open(user, input, hash));
    return offer;
  }

  private async open(
    caller: UserCaller,
    input: CreateOffer,
    hash: string | null,
  ): Promise<OfferOutcome> {
    const { userId } = caller;
    const clientOfferId = input.clientOfferId ?? null;
    const viewingUserIds = await this.findViewing(input.conversationId);
    try {
      return await this.access.write(
        caller,
        input.conversationId,
        { viewingUserIds, acrossBlock: false },
        async (transaction, locked) => {
          const made = hash && (await this.records.findMade(transaction, userId, clientOfferId!));
          if (made) {
            checkSameInput('input.clientOfferId', made.hash, hash);
            return { offer: made.offer, isRepeat: true };
          }
          const recipientId = recipientOf(locked, userId, input.recipientId ?? null);
          const terms = toTerms(input, [userId, recipientId], locked.now);
          const opening = {
            initiatorId: userId,
            recipientId,
            terms,
            clientOfferId,
            inputHash: hash,
          };
          const offer = await this.records.open(transaction, locked, opening, this.maxPending);
          if (offer) return { offer, isRepeat: false };
          throw new ConflictError(
            `You have ${this.maxPending} pending offers here, the most allowed.`,
          );
        },
      );
    } catch (error) {
      // The same client id was used in another conversation at the same time. That transaction held
      // the lock of its own conversation, so this one did not see its offer.
      if (violatedUnique(error) === UNIQUE_CLIENT_ID)
        throw new IdempotencyMismatchError('input.clientOfferId');
      throw error;
    }
  }

  /**
   * Moves an offer on by one step. Checks in this order: access, party, block, version, state,
   * role. If the caller has already made this same step on `version`, the repeat returns the offer
   * as it is now and writes nothing.
   *
   * @throws {BadUserInputError} when the terms or the note break a rule
   * @throws {ForbiddenError} when there is no such offer, when the caller has no access to the
   *   conversation or is not a party, when the caller's role does not allow the action, or when one
   *   of a pair has blocked the other and the action is not possible across a block
   * @throws {ConflictError} when `version` is not the current one, or when the offer's state does
   *   not allow the action
   * @throws {RateLimitedError} when the action brings new terms, and the caller exceeds the limit
   *   of offers; a repeat does not count
   */
  async act(caller: Caller, action: RequestedAction, input: OfferStep): Promise<Offer> {
    const draft = TRANSITIONS[action].terms ? draftOf(input) : null;
    if (draft) checkTerms(draft);
    else checkNote(input.note);
    const hash = inputHash({ action, ...input });
    const work = () => this.move(caller, action, input, draft, hash);
    const userId = userIdOf(caller);
    // Only new terms count. So every negotiation can end, and the platform has no limit.
    if (!draft || userId === null) return (await work()).offer;
    const request = { hash, wasDone: () => this.wasMade(input, userId, hash) };
    return (await this.limit.run(userId, request, work)).offer;
  }

  private async move(
    caller: Caller,
    action: RequestedAction,
    input: OfferStep,
    draft: TermsDraft | null,
    hash: string,
  ): Promise<OfferOutcome> {
    const acrossBlock = blockAdmits(action, caller);
    const conversationId = await this.conversationOf(input.offerId, caller, acrossBlock);
    const viewingUserIds = await this.findViewing(conversationId);
    return this.access.write(
      caller,
      conversationId,
      { viewingUserIds, acrossBlock },
      async (transaction, locked) => {
        const offer = await this.records.lock(transaction, input.offerId);
        const actorId = userIdOf(caller);
        const role = roleIn(offer, caller);
        if (role === 'bystander') throw new ForbiddenError();
        const transition = transitionFor(action, offer, actorId);
        if (offer.version !== input.version) {
          if (await this.records.isRepeat(transaction, input, actorId, hash))
            return { offer, isRepeat: true };
          throw conflict('The offer has changed since.', offer);
        }
        if (!stateAdmits(transition, offer, actorId, offer.lockedAt))
          throw conflict(refusal(transition, offer), offer);
        if (!roleAdmits(transition, role)) throw new ForbiddenError();
        const terms = draft && toTerms(draft, [offer.initiatorId, offer.responderId], locked.now);
        const note = input.note ?? null;
        const step = { action: transition, actorId, note, terms, inputHash: hash };
        const moved = await this.records.apply(transaction, locked, offer, step);
        return { offer: moved, isRepeat: false };
      },
    );
  }

  private async wasMade(input: OfferStep, userId: string, hash: string): Promise<boolean> {
    return (
      isUuid(input.offerId) && (await this.records.isRepeat(this.database, input, userId, hash))
    );
  }

  /** True when the user has an accepted offer in this conversation that is not settled yet. */
  hasAccepted(transaction: Transaction, conversationId: string, userId: string): Promise<boolean> {
    return this.records.hasAccepted(transaction, conversationId, userId);
  }

  /**
   * Ends an offer whose time is over by the database's clock. Changes nothing when the offer is not
   * pending any more or is not due. Over all nodes an offer is ended once: the first call to get
   * the conversation's lock ends it, and later calls find it ended.
   *
   * @param waits true to wait while another transaction has locked the conversation
   * @returns false when another transaction has locked the conversation and `waits` is false
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

  /** Returns the offer's conversation to the platform, and to a party who may write there. */
  private async conversationOf(
    offerId: string,
    caller: Caller,
    acrossBlock: boolean,
  ): Promise<string> {
    if (!isUuid(offerId)) throw new ForbiddenError();
    const [row] = await this.database.query<{ conversationId: string }>(
      `select conversation_id as "conversationId" from offers where id = $1
         and ($2::text is null or $2 in (initiator_id, responder_id)
           and may_write(conversation_id, $2, $3))`,
      [offerId, userIdOf(caller), acrossBlock],
    );
    if (!row) throw new ForbiddenError();
    return row.conversationId;
  }
}

/** A row of the database's function `expire_offer`. */
interface Expired {
  /** True when another transaction has locked the conversation. All other fields are null then. */
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

/**
 * Returns the transition that a requested action stands for. CONFIRM_COMPLETION is COMPLETE when a
 * party has confirmed before, or when the platform acts. Every other action is itself.
 */
function transitionFor(
  action: RequestedAction,
  offer: Offer,
  actorId: string | null,
): TransitionAction {
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
