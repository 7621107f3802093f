import type { Bus } from '../bus/bus';
import type { Actor, ConversationAccess, FindViewing } from '../conversation/conversation.access';
import { Conversation } from '../conversation/conversation.entity';
import { columnsOf, toEntity } from '../database/rows';
import type { Queryable, Transactions } from '../database/transaction';
import { ConflictError, UnknownUserError } from '../errors';
import { topics } from '../events';
import { isStorable } from '../input/text';
import type { ConversationLog } from '../log/conversation.log';
import type { OfferService } from '../offer/offer.service';
import { type Caller, requireService, requireUser } from '../people/caller';
import { User } from '../people/user.entity';
import { endParticipation } from './participation.end';

const SYSTEM: Actor = { kind: 'system' };

/** Ends a user's part in conversations and offers: by leaving, by removal, by deactivation. */
export class MembershipService {
  constructor(
    private readonly database: Queryable,
    private readonly transactions: Transactions,
    private readonly access: ConversationAccess,
    private readonly log: ConversationLog,
    private readonly offers: OfferService,
    private readonly bus: Bus,
    private readonly findViewing: FindViewing,
  ) {}

  /**
   * Lets the caller leave the conversation, and ends their pending offers in it.
   *
   * @throws {ConflictError} when the caller has an accepted offer here that is not settled yet
   * @throws {ForbiddenError} when the caller is not a present participant
   */
  async leave(caller: Caller, conversationId: string): Promise<void> {
    const actor = requireUser(caller);
    const viewingUserIds = await this.findViewing(conversationId);
    await this.access.write(
      actor,
      conversationId,
      { viewingUserIds, acrossBlock: true },
      async (transaction, locked) => {
        if (await this.offers.hasAccepted(transaction, conversationId, actor.userId))
          throw new ConflictError('An accepted offer has to be completed or cancelled first.', {
            currentStatus: 'ACCEPTED',
          });
        const { userId } = actor;
        await endParticipation(transaction, this.log, locked, {
          userId,
          actorId: userId,
          departs: true,
        });
      },
    );
  }

  /**
   * Removes a user from the conversation for the platform, which is the actor of it, and ends their
   * pending offers in it. Changes nothing when the user is not present. Accepted offers stay for
   * the platform to settle.
   *
   * @throws {ForbiddenError} when the caller is not a service token, or there is no such
   *   conversation
   */
  async remove(caller: Caller, conversationId: string, userId: string): Promise<Conversation> {
    const service = requireService(caller);
    const viewingUserIds = await this.findViewing(conversationId);
    return this.access.write(
      service,
      conversationId,
      { viewingUserIds, acrossBlock: true },
      async (transaction, locked) => {
        const { conversation, lastSequence, now, audience } = locked;
        if (!audience.includes(userId)) return conversation;
        const end = { userId, actorId: null, departs: true };
        const events = await endParticipation(transaction, this.log, locked, end);
        const head = { lastSequence: lastSequence + events, updatedAt: now };
        return toEntity(Conversation, { ...conversation, ...head });
      },
    );
  }

  /**
   * Ends a user's use of the service. From the first commit on the user is not authenticated any
   * more. Then their connections and their pending offers end; the platform is the actor of that. A
   * repeated call finishes the work of an interrupted one.
   *
   * @throws {ForbiddenError} when the caller is not a service token
   * @throws {NotFoundError} when the user is unknown
   */
  async deactivate(caller: Caller, userId: string): Promise<User> {
    requireService(caller);
    if (!isStorable(userId)) throw new UnknownUserError();
    const user = await this.transactions.run(async (transaction) => {
      const [row] = await transaction.query<User>(
        `update users as u set deactivated_at = coalesce(deactivated_at, clock_timestamp())
         where id = $1 returning ${columnsOf(User, 'u')}`,
        [userId],
      );
      if (!row) throw new UnknownUserError();
      transaction.afterCommit(() =>
        this.bus.publish([{ topic: topics.sessions, event: { name: 'user.deactivated', userId } }]),
      );
      return toEntity(User, row);
    });
    // Locks each of the user's conversations, not only those with a pending offer now. The lock
    // waits for a write of the user that is still under way, such as a new offer, so that this
    // offer is ended, too. A write that gets the lock later finds the user deactivated.
    for (const conversationId of await this.conversationsOf(userId))
      await this.endOffers(conversationId, userId);
    return user;
  }

  private async endOffers(conversationId: string, userId: string): Promise<void> {
    const viewingUserIds = await this.findViewing(conversationId);
    await this.access.write(
      SYSTEM,
      conversationId,
      { viewingUserIds, acrossBlock: true },
      async (transaction, locked) => {
        const end = { userId, actorId: null, departs: false };
        await endParticipation(transaction, this.log, locked, end);
      },
    );
  }

  private async conversationsOf(userId: string): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      'select conversation_id as id from participants ' +
        'where user_id = $1 and left_at is null order by 1',
      [userId],
    );
    return rows.map((row) => row.id);
  }
}
