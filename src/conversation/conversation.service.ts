import type { Bus } from '../bus/bus';
import type { Queryable, Transaction, Transactions } from '../database/transaction';
import { BadUserInputError, ForbiddenError, type RateLimitedError } from '../errors';
import { topics } from '../events';
import { checkClientId, checkSameInput, inputHash } from '../input/idempotency';
import { checkText, SHORT_TEXT_LENGTH } from '../input/text';
import type { ConversationLog } from '../log/conversation.log';
import { type Caller, requireUser, type UserCaller } from '../people/caller';
import { ActionLimit, type Repeatable } from '../rate-limit/action.limit';
import type { RateLimit } from '../rate-limit/rate.limit';
import type { ConversationAccess } from './conversation.access';
import type { Conversation } from './conversation.entity';
import {
  ConversationRecords,
  type NewConversation,
  type Pair,
  type StartKey,
} from './conversation.records';
import { lockPeople } from './people.lock';
import { pairOf, StartedConversations } from './started.conversations';

/** The largest number of participants who are present in one conversation. */
export const MAX_PARTICIPANTS = 50;

export interface StartConversation {
  participantIds: string[];
  subject?: string | null;
  listingId?: string | null;
  clientConversationId?: string | null;
}

export interface StartOutcome {
  conversation: Conversation;
  /** false when the conversation existed already. */
  created: boolean;
}

/** Starts conversations, and adds participants. */
export class ConversationService {
  private readonly records = new ConversationRecords();
  private readonly started: StartedConversations;
  private readonly starts: ActionLimit<StartOutcome>;

  /** @param limits of new conversations, and of other writes */
  constructor(
    database: Queryable,
    private readonly transactions: Transactions,
    private readonly access: ConversationAccess,
    private readonly log: ConversationLog,
    private readonly bus: Bus,
    private readonly limits: { conversations: RateLimit; writes: RateLimit },
  ) {
    this.started = new StartedConversations(database);
    this.starts = new ActionLimit(limits.conversations, ({ created }) => !created);
  }

  /**
   * Starts a conversation between the caller and other users.
   *
   * With one other user it is a pair's. Two users have one conversation for each listing, and one
   * without a listing, for as long as both are present in it. If it exists already, it is returned,
   * no matter which of the two started it. With more users it is a group's. A group is always new,
   * unless the caller used `clientConversationId` before: then the first group is returned.
   *
   * @throws {BadUserInputError} when no other user is named, when there would be more than
   *   {@link MAX_PARTICIPANTS}, or when a text breaks a rule
   * @throws {NotFoundError} when one of the users is unknown or deactivated
   * @throws {ForbiddenError} when two of the users have a block between them, when the caller is a
   *   service token or deactivated, or when the caller has left the group that is repeated
   * @throws {IdempotencyMismatchError} when `clientConversationId` was used with other input
   * @throws {RateLimitedError} when the caller exceeds the limit of new conversations; one that
   *   exists already does not count
   */
  async start(caller: Caller, input: StartConversation): Promise<StartOutcome> {
    const { userId } = requireUser(caller);
    const others = checkStart(userId, input);
    const request = this.requestOf(userId, others, input);
    const { listingId = null, subject = null } = input;
    const parts = { creatorId: userId, listingId, subject };
    let isFirst = false;
    const outcome = await this.starts.run(userId, request, (refusal) => {
      isFirst = true;
      return this.transactions.run(async (transaction) => {
        if (others.length > 1)
          return this.startGroup(transaction, others, parts, startKeyOf(input));
        await lockPeople(transaction, userId, { newcomers: others, others: [userId] });
        return this.startPair(transaction, pairOf(userId, others[0]!), parts, refusal);
      });
    });
    // Equal starts that come at once are one, and only one of them has created it.
    return isFirst ? outcome : { ...outcome, created: false };
  }

  /** Returns null for a start that is no repeat of any other: a group without a client id. */
  private requestOf(
    userId: string,
    others: readonly string[],
    input: StartConversation,
  ): Repeatable | null {
    if (others.length > 1) {
      const { clientConversationId } = input;
      if (clientConversationId == null) return null;
      const hash = inputHash(input);
      return { hash, wasDone: () => this.started.hasGroup(userId, clientConversationId, hash) };
    }
    const pair = pairOf(userId, others[0]!);
    const listingId = input.listingId ?? null;
    return {
      hash: inputHash({ pair, listingId }),
      wasDone: () => this.started.hasPair(pair, listingId),
    };
  }

  /** @param refusal thrown when there is none yet; null when a new one may be made */
  private async startPair(
    transaction: Transaction,
    pair: Pair,
    parts: NewConversation,
    refusal: RateLimitedError | null,
  ): Promise<StartOutcome> {
    // Both users may start at once. The second one to add waits for the commit of the first one and
    // then adds nothing, and the conversation is found. If one of the users leaves between the two
    // steps, it is not, and the loop tries again.
    for (;;) {
      const created = refusal ? null : await this.records.addPair(transaction, pair, parts);
      if (created) return this.announceStart(transaction, created, pair);
      const conversation = await this.records.findPair(transaction, pair, parts.listingId);
      if (conversation) return { conversation, created: false };
      if (refusal) throw refusal;
    }
  }

  private async startGroup(
    transaction: Transaction,
    others: readonly string[],
    parts: NewConversation,
    key: StartKey,
  ): Promise<StartOutcome> {
    const { creatorId } = parts;
    // A repeat is recognised before the checks below. They may fail by now, for instance because a
    // user was deactivated since, but the repeat must still return the first group.
    const first = await this.findRepeated(transaction, creatorId, key);
    if (first) return first;
    const userIds = [creatorId, ...others];
    await lockPeople(transaction, creatorId, { newcomers: others, others: userIds });
    const created = await this.records.addGroup(transaction, userIds, parts, key);
    if (created) return this.announceStart(transaction, created, userIds);
    return (await this.findRepeated(transaction, creatorId, key))!;
  }

  /** Returns the group whose start is repeated; null when there is none. */
  private async findRepeated(
    transaction: Transaction,
    userId: string,
    { clientId, hash }: StartKey,
  ): Promise<StartOutcome | null> {
    if (clientId === null) return null;
    const first = await this.records.findGroup(transaction, userId, clientId);
    if (!first) return null;
    if (!first.isPresent) throw new ForbiddenError();
    checkSameInput('input.clientConversationId', first.hash, hash!);
    return { conversation: first.conversation, created: false };
  }

  private announceStart(
    transaction: Transaction,
    conversation: Conversation,
    userIds: readonly string[],
  ): StartOutcome {
    const event = { name: 'conversation.started', conversationId: conversation.id } as const;
    transaction.afterCommit(() =>
      this.bus.publish(userIds.map((id) => ({ topic: topics.user(id), event }))),
    );
    return { conversation, created: true };
  }

  /**
   * Adds a user to a group. Changes nothing when the user is present already. The user sees only
   * the events after their own PARTICIPANT_ADDED.
   *
   * @throws {BadUserInputError} when the conversation is a pair's, or full
   * @throws {NotFoundError} when the user is unknown or deactivated
   * @throws {ForbiddenError} when the caller is not a present participant, or when a block is
   *   between the user and any present participant
   * @throws {RateLimitedError} when the caller exceeds the limit of writes
   */
  async addParticipant(
    caller: Caller,
    conversationId: string,
    userId: string,
  ): Promise<Conversation> {
    const actor = requireUser(caller);
    return this.limits.writes.run(actor.userId, () => this.add(actor, conversationId, userId));
  }

  private add(actor: UserCaller, conversationId: string, userId: string): Promise<Conversation> {
    return this.access.write(
      actor,
      conversationId,
      { acrossBlock: true },
      async (transaction, locked) => {
        if (locked.conversation.kind === 'PAIR')
          throw new BadUserInputError(
            'input.conversationId',
            'is a conversation of two and stays one',
          );
        if (locked.audience.includes(userId)) return locked.conversation;
        if (locked.participants.length >= MAX_PARTICIPANTS)
          throw new BadUserInputError(
            'input.conversationId',
            `has ${MAX_PARTICIPANTS} participants, the most there may be`,
          );
        const others = locked.audience;
        await lockPeople(transaction, actor.userId, { newcomers: [userId], others });
        const joinedSequence = locked.lastSequence + 1;
        await this.records.addParticipant(
          ...([transaction, conversationId, userId, locked.now, joinedSequence] as const),
        );
        locked.audience = [...locked.audience, userId];
        await this.log.append(transaction, locked, {
          kind: 'PARTICIPANT_ADDED',
          actorId: actor.userId,
          participantId: userId,
        });
        return this.records.find(transaction, conversationId);
      },
    );
  }
}

/**
 * Checks what can be checked without the database.
 *
 * @returns the ids of the other users, each once
 * @throws {BadUserInputError} as {@link ConversationService.start}
 */
function checkStart(userId: string, input: StartConversation): string[] {
  const others = [...new Set(input.participantIds)].filter((id) => id !== userId);
  if (others.length === 0)
    throw new BadUserInputError('input.participantIds', 'must name somebody else');
  if (others.length >= MAX_PARTICIPANTS)
    throw new BadUserInputError(
      'input.participantIds',
      `must not make more than ${MAX_PARTICIPANTS} participants`,
    );
  if (input.subject != null) checkText('input.subject', input.subject, { most: SHORT_TEXT_LENGTH });
  if (input.listingId != null)
    checkText('input.listingId', input.listingId, { most: SHORT_TEXT_LENGTH });
  checkClientId('input.clientConversationId', input.clientConversationId);
  return others;
}

function startKeyOf(input: StartConversation): StartKey {
  const clientId = input.clientConversationId ?? null;
  return { clientId, hash: clientId === null ? null : inputHash(input) };
}
