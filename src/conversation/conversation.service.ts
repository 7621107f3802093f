import { v7 as uuidv7 } from 'uuid';
import type { Bus } from '../bus/bus';
import { columnsOf, toEntity } from '../database/rows';
import type { Queryable, Transaction, Transactions } from '../database/transaction';
import { BadUserInputError, ForbiddenError, type RateLimitedError } from '../errors';
import { topics } from '../events';
import { checkClientId, checkSameInput, inputHash } from '../input/idempotency';
import { checkText } from '../input/text';
import type { ConversationLog } from '../log/conversation.log';
import type { InboxLog, MovedInbox } from '../log/inbox.log';
import { type Caller, requireUser, type UserCaller } from '../people/caller';
import { ActionLimit, type Repeatable } from '../rate-limit/action.limit';
import type { RateLimit } from '../rate-limit/rate.limit';
import type { ConversationAccess } from './conversation.access';
import { Conversation } from './conversation.entity';
import { Participant } from './participant.entity';
import { lockPeople } from './people.lock';
import { pairOf, StartedConversations } from './started.conversations';

/** The largest number of participants who are present in one conversation. */
export const MAX_PARTICIPANTS = 50;
const SUBJECT_LENGTH = 200;
const LISTING_ID_LENGTH = 200;

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

/** A row of the database's function `mark_read`. */
type MarkReadOutcome = Participant & {
  moved: boolean;
  audience: string[];
  inbox: MovedInbox[] | null;
};

/** Starts conversations, adds participants, moves reading marks, archives, and mutes. */
export class ConversationService {
  private readonly started: StartedConversations;
  private readonly starts: ActionLimit<StartOutcome>;

  /** @param limits of new conversations, and of other writes */
  constructor(
    database: Queryable,
    private readonly transactions: Transactions,
    private readonly access: ConversationAccess,
    private readonly log: ConversationLog,
    private readonly inboxes: InboxLog,
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
    let isFirst = false;
    const outcome = await this.starts.run(userId, request, (refusal) => {
      isFirst = true;
      return this.transactions.run(async (transaction) => {
        if (others.length > 1) return this.startGroup(transaction, userId, others, input);
        await lockPeople(transaction, userId, { newcomers: others, others: [userId] });
        return this.startPair(transaction, pairOf(userId, others[0]!), userId, input, refusal);
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
    [low, high]: readonly [string, string],
    userId: string,
    input: StartConversation,
    refusal: RateLimitedError | null,
  ): Promise<StartOutcome> {
    const listingId = input.listingId ?? null;
    // Both users may start at once. The second insert waits for the commit of the first one and
    // then inserts nothing, and the select finds the row. If one of the users leaves between the
    // insert and the select, the select finds nothing, and the loop tries again.
    for (;;) {
      const [created] = refusal
        ? []
        : await transaction.query<Conversation>(
            `insert into conversations as c
               (id, kind, pair_low, pair_high, listing_id, subject, creator_id)
             values ($1, 'PAIR', $2, $3, $4, $5, $6)
             on conflict (pair_low, pair_high, listing_id) where pair_low is not null do nothing
             returning ${columnsOf(Conversation, 'c')}`,
            [uuidv7(), low, high, listingId, input.subject ?? null, userId],
          );
      if (created) return this.withParticipants(transaction, created, [low, high]);
      const [found] = await transaction.query<Conversation>(
        `select ${columnsOf(Conversation, 'c')} from conversations c
         where pair_low = $1 and pair_high = $2 and listing_id is not distinct from $3`,
        [low, high, listingId],
      );
      if (found) return { conversation: toEntity(Conversation, found), created: false };
      if (refusal) throw refusal;
    }
  }

  private async startGroup(
    transaction: Transaction,
    userId: string,
    others: readonly string[],
    input: StartConversation,
  ): Promise<StartOutcome> {
    const clientId = input.clientConversationId ?? null;
    const hash = clientId === null ? null : inputHash(input);
    // A repeat is recognised before the checks below. They may fail by now, for instance because a
    // user was deactivated since, but the repeat must still return the first group.
    const first =
      clientId === null ? null : await this.findGroup(transaction, userId, clientId, hash!);
    if (first) return first;
    await lockPeople(transaction, userId, { newcomers: others, others: [userId, ...others] });
    const [created] = await transaction.query<Conversation>(
      `insert into conversations as c
         (id, kind, listing_id, subject, creator_id, client_conversation_id, input_hash)
       values ($1, 'GROUP', $2, $3, $4, $5, $6)
       on conflict (creator_id, client_conversation_id) where client_conversation_id is not null
       do nothing
       returning ${columnsOf(Conversation, 'c')}`,
      [uuidv7(), input.listingId ?? null, input.subject ?? null, userId, clientId, hash],
    );
    if (created) return this.withParticipants(transaction, created, [userId, ...others]);
    return (await this.findGroup(transaction, userId, clientId!, hash!))!;
  }

  private async findGroup(
    transaction: Transaction,
    userId: string,
    clientId: string,
    hash: string,
  ): Promise<StartOutcome | null> {
    const [found] = await transaction.query<Conversation & { hash: string; present: boolean }>(
      `select ${columnsOf(Conversation, 'c')}, c.input_hash as hash, exists (
         select from participants p
         where p.conversation_id = c.id and p.user_id = $1 and p.left_at is null) as present
       from conversations c where creator_id = $1 and client_conversation_id = $2`,
      [userId, clientId],
    );
    if (!found) return null;
    const { hash: storedHash, present, ...conversation } = found;
    if (!present) throw new ForbiddenError();
    checkSameInput('input.clientConversationId', storedHash, hash);
    return { conversation: toEntity(Conversation, conversation), created: false };
  }

  private async withParticipants(
    transaction: Transaction,
    row: Conversation,
    userIds: readonly string[],
  ): Promise<StartOutcome> {
    await transaction.query(
      `insert into participants (conversation_id, user_id, joined_at)
       select $1, unnest($2::text[]), $3`,
      [row.id, userIds, row.createdAt],
    );
    const event = { name: 'conversation.started', conversationId: row.id } as const;
    transaction.afterCommit(() =>
      this.bus.publish(userIds.map((id) => ({ topic: topics.user(id), event }))),
    );
    return { conversation: toEntity(Conversation, row), created: true };
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
        await transaction.query(
          `insert into participants
           (conversation_id, user_id, joined_at, joined_sequence, last_read_sequence)
         values ($1, $2, $3, $4, $4)
         on conflict (conversation_id, user_id) do update set
           joined_at = excluded.joined_at, joined_sequence = excluded.joined_sequence,
           left_at = null, last_read_sequence = excluded.last_read_sequence, last_read_at = null,
           archived = false, muted_until = null`,
          [conversationId, userId, locked.now, locked.lastSequence + 1],
        );
        locked.audience = [...locked.audience, userId];
        await this.log.append(transaction, locked, {
          kind: 'PARTICIPANT_ADDED',
          actorId: actor.userId,
          participantId: userId,
        });
        return this.find(transaction, conversationId);
      },
    );
  }

  /**
   * Moves the caller's reading mark forward. A sequence before the mark leaves it where it is. Also
   * marks the conversation's NEW_MESSAGE notification as read, unless it stands for a message after
   * the mark.
   *
   * @param sequence sequence of the newest event that the caller has seen; a sequence after the
   *   log's head counts as the head
   * @throws {BadUserInputError} when `sequence` is negative
   * @throws {ForbiddenError} when the caller is not a present participant
   */
  async markRead(
    caller: Caller,
    conversationId: string,
    sequence: number,
  ): Promise<{ conversation: Conversation; participant: Participant }> {
    const actor = requireUser(caller);
    if (sequence < 0) throw new BadUserInputError('input.sequence', 'must not be negative');
    const { conversation } = await this.access.read(actor, conversationId);
    const [read] = await this.transactions.statement<MarkReadOutcome>(
      `select r.moved, r.audience, r.inbox, ${columnsOf(Participant, '(r.participant)')}
       from mark_read($1, $2, $3) r`,
      [conversationId, actor.userId, sequence],
    );
    if (!read) throw new ForbiddenError();
    const { moved, audience, inbox, ...row } = read;
    const participant = toEntity(Participant, row);
    if (moved) this.announceRead(participant, audience);
    if (inbox) this.inboxes.publish(inbox);
    return { conversation, participant };
  }

  private announceRead(
    { conversationId, userId, lastReadSequence, lastReadAt }: Participant,
    audience: readonly string[],
  ): void {
    const readAt = lastReadAt!.toISOString();
    const event = {
      name: 'messages.read',
      conversationId,
      userId,
      lastReadSequence,
      readAt,
    } as const;
    const told = [topics.conversation(conversationId), ...audience.map(topics.user)];
    this.bus.publish(told.map((topic) => ({ topic, event })));
    this.publishParticipation(conversationId, userId);
  }

  /** Publishes the change to the user's own topic, so that their other devices show it. */
  private publishParticipation(conversationId: string, userId: string): void {
    const event = { name: 'participation.changed', conversationId, userId } as const;
    this.bus.publish([{ topic: topics.user(userId), event }]);
  }

  /**
   * Archives the conversation for the caller, or brings it back into their list. A new message
   * brings it back for every participant.
   *
   * @throws {ForbiddenError} when the caller is not a present participant
   */
  async archive(caller: Caller, conversationId: string, archived: boolean): Promise<Conversation> {
    const actor = requireUser(caller);
    const { conversation } = await this.access.read(actor, conversationId);
    await this.transactions.statement(
      'update participants set archived = $3 ' +
        'where conversation_id = $1 and user_id = $2 and left_at is null',
      [conversationId, actor.userId, archived],
    );
    this.publishParticipation(conversationId, actor.userId);
    return conversation;
  }

  /**
   * Mutes the conversation for the caller: until then nothing that happens in it notifies them. The
   * conversation counts as unread and moves in the list as before.
   *
   * @param until null to un-mute; a time that has passed does the same
   * @throws {ForbiddenError} when the caller is not a present participant
   */
  async mute(caller: Caller, conversationId: string, until: Date | null): Promise<Conversation> {
    const actor = requireUser(caller);
    const { conversation } = await this.access.read(actor, conversationId);
    const [muted] = await this.transactions.statement(
      'update participants set muted_until = $3 ' +
        'where conversation_id = $1 and user_id = $2 and left_at is null returning user_id',
      [conversationId, actor.userId, until],
    );
    if (!muted) throw new ForbiddenError();
    this.publishParticipation(conversationId, actor.userId);
    return conversation;
  }

  private async find(transaction: Transaction, id: string): Promise<Conversation> {
    const [row] = await transaction.query<Conversation>(
      `select ${columnsOf(Conversation, 'c')} from conversations c where id = $1`,
      [id],
    );
    return toEntity(Conversation, row!);
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
  if (input.subject != null) checkText('input.subject', input.subject, { most: SUBJECT_LENGTH });
  if (input.listingId != null)
    checkText('input.listingId', input.listingId, { most: LISTING_ID_LENGTH });
  checkClientId('input.clientConversationId', input.clientConversationId);
  return others;
}
