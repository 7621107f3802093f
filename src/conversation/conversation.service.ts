import { v7 as uuidv7 } from 'uuid';
import type { Bus } from '../bus/bus';
import { columnsOf, toEntity } from '../database/rows';
import type { Queryable, Transaction, Transactions } from '../database/transaction';
import { BadUserInputError, ForbiddenError, NotFoundError } from '../errors';
import { topics } from '../events';
import { checkClientId, checkSameInput, inputHash } from '../input/idempotency';
import { checkText, isStorable } from '../input/text';
import type { ConversationLog } from '../log/conversation.log';
import type { InboxLog, MovedInbox } from '../log/inbox.log';
import { type Caller, requireUser } from '../people/caller';
import type { ConversationAccess } from './conversation.access';
import { Conversation } from './conversation.entity';
import { Participant } from './participant.entity';

/** People in one conversation at most. */
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
  /** False: it was there already. */
  created: boolean;
}

/** What `mark_read` answers. */
type MarkReadOutcome = Participant & {
  moved: boolean;
  audience: string[];
  inbox: MovedInbox[] | null;
};

/** Who talks with whom: starting, reading marks, archiving, adding people. */
export class ConversationService {
  constructor(
    private readonly database: Queryable,
    private readonly transactions: Transactions,
    private readonly access: ConversationAccess,
    private readonly log: ConversationLog,
    private readonly inboxes: InboxLog,
    private readonly bus: Bus,
  ) {}

  /**
   * Starts a conversation of the viewer with others. A pair and a listing have one, whoever starts it
   * and however often; a group is made anew unless `clientConversationId` says that it is a repeat.
   *
   * @throws {BadUserInputError} nobody else, too many, or a text that breaks a rule
   * @throws {NotFoundError} an unknown or deactivated person
   * @throws {ForbiddenError} across a block
   */
  async start(caller: Caller, input: StartConversation): Promise<StartOutcome> {
    const { userId } = requireUser(caller);
    const others = checkStart(userId, input);
    return this.transactions.run(async (transaction) => {
      if (others.length > 1) return this.startGroup(transaction, userId, others, input);
      await requirePeople(transaction, userId, others);
      await requireNoBlock(transaction, others, [userId]);
      return this.startPair(transaction, userId, others[0]!, input);
    });
  }

  private async startPair(
    transaction: Transaction,
    userId: string,
    otherId: string,
    input: StartConversation,
  ): Promise<StartOutcome> {
    const [low, high] =
      Buffer.compare(Buffer.from(userId), Buffer.from(otherId)) < 0
        ? [userId, otherId]
        : [otherId, userId];
    // Both may start at once: the loser's insert waits for the winner's commit and then finds it. Between the
    // two one of them may leave, which makes room again; so once more round.
    for (;;) {
      const [created] = await transaction.query<Conversation>(
        `insert into conversations as c (id, kind, pair_low, pair_high, listing_id, subject, creator_id)
         values ($1, 'PAIR', $2, $3, $4, $5, $6)
         on conflict (pair_low, pair_high, listing_id) where pair_low is not null do nothing
         returning ${columnsOf(Conversation, 'c')}`,
        [uuidv7(), low, high, input.listingId ?? null, input.subject ?? null, userId],
      );
      if (created) return this.withParticipants(transaction, created, [userId, otherId]);
      const [found] = await transaction.query<Conversation>(
        `select ${columnsOf(Conversation, 'c')} from conversations c
         where pair_low = $1 and pair_high = $2 and listing_id is not distinct from $3`,
        [low, high, input.listingId ?? null],
      );
      if (found) return { conversation: toEntity(Conversation, found), created: false };
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
    // Before anything that may have changed since: a repeat is a repeat, whoever has gone meanwhile.
    const first =
      clientId === null ? null : await this.findGroup(transaction, userId, clientId, hash!);
    if (first) return first;
    await requirePeople(transaction, userId, others);
    await requireNoBlock(transaction, others, [userId, ...others]);
    const [created] = await transaction.query<Conversation>(
      `insert into conversations as c (id, kind, listing_id, subject, creator_id, client_conversation_id, input_hash)
       values ($1, 'GROUP', $2, $3, $4, $5, $6)
       on conflict (creator_id, client_conversation_id) where client_conversation_id is not null do nothing
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
         select from participants p where p.conversation_id = c.id and p.user_id = $1 and p.left_at is null) as present
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
      `insert into participants (conversation_id, user_id, joined_at) select $1, unnest($2::text[]), $3`,
      [row.id, userIds, row.createdAt],
    );
    const event = { name: 'conversation.started', conversationId: row.id } as const;
    transaction.afterCommit(() =>
      this.bus.publish(userIds.map((id) => ({ topic: topics.user(id), event }))),
    );
    return { conversation: toEntity(Conversation, row), created: true };
  }

  /**
   * Adds somebody to a group; adding who is there already changes nothing. They see what follows.
   *
   * @throws {BadUserInputError} the conversation is a pair, or full
   * @throws {NotFoundError} an unknown or deactivated person
   * @throws {ForbiddenError} across a block between them and anybody present
   */
  async addParticipant(
    caller: Caller,
    conversationId: string,
    userId: string,
  ): Promise<Conversation> {
    const actor = requireUser(caller);
    return this.transactions.run(async (transaction) => {
      const locked = await this.access.lock(transaction, actor, conversationId);
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
      await requirePeople(transaction, actor.userId, [userId]);
      await requireNoBlock(transaction, [userId], locked.audience);
      await transaction.query(
        `insert into participants (conversation_id, user_id, joined_at, joined_sequence, last_read_sequence)
         values ($1, $2, $3, $4, $4)
         on conflict (conversation_id, user_id) do update set
           joined_at = excluded.joined_at, joined_sequence = excluded.joined_sequence, left_at = null,
           last_read_sequence = excluded.last_read_sequence, last_read_at = null, archived = false, muted_until = null`,
        [conversationId, userId, locked.now, locked.lastSequence + 1],
      );
      locked.audience = [...locked.audience, userId];
      await this.log.append(transaction, locked, {
        kind: 'PARTICIPANT_ADDED',
        actorId: actor.userId,
        participantId: userId,
      });
      return this.find(transaction, conversationId);
    });
  }

  /**
   * Moves the viewer's reading mark forward; backward changes nothing. The conversation's NEW_MESSAGE notification
   * is read too, if it stands for nothing newer.
   *
   * @param sequence the last one that the person has seen; beyond the log's end counts as the end
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
      `select r.moved, r.audience, r.inbox, ${columnsOf(Participant, '(r.participant)')} from mark_read($1, $2, $3) r`,
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

  /** The user's other devices see it in their list. */
  private publishParticipation(conversationId: string, userId: string): void {
    const event = { name: 'participation.changed', conversationId, userId } as const;
    this.bus.publish([{ topic: topics.user(userId), event }]);
  }

  /** Puts the conversation out of the viewer's list, or back; a new message brings it back for everyone. */
  async archive(caller: Caller, conversationId: string, archived: boolean): Promise<Conversation> {
    const actor = requireUser(caller);
    const { conversation } = await this.access.read(actor, conversationId);
    await this.database.query(
      'update participants set archived = $3 where conversation_id = $1 and user_id = $2 and left_at is null',
      [conversationId, actor.userId, archived],
    );
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

/** @returns the others, each once */
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

/**
 * Holds everybody as they are until the commit: who looks for blocks between them afterwards finds those that were
 * answered before, and one that comes later waits.
 *
 * @throws {ForbiddenError} the actor was deactivated meanwhile
 * @throws {NotFoundError} one of the others is not there
 */
async function requirePeople(
  transaction: Transaction,
  actorId: string,
  others: readonly string[],
): Promise<void> {
  if (!others.every(isStorable)) throw new NotFoundError('There is no such user.');
  const rows = await transaction.query<{ id: string }>(
    'select id from users where id = any($1) and deactivated_at is null order by id for share',
    [[actorId, ...others]],
  );
  const active = new Set(rows.map((row) => row.id));
  if (!active.has(actorId)) throw new ForbiddenError();
  if (others.some((id) => !active.has(id))) throw new NotFoundError('There is no such user.');
}

/**
 * Of people who are held, see {@link requirePeople}: at least one of each two.
 *
 * @throws {ForbiddenError} one of `newcomers` and one of `others` have a block between them
 */
async function requireNoBlock(
  transaction: Transaction,
  newcomers: readonly string[],
  others: readonly string[],
): Promise<void> {
  const blocks = await transaction.query(
    `select from blocks where (blocker_id = any($1) and blocked_id = any($2))
       or (blocker_id = any($2) and blocked_id = any($1)) limit 1`,
    [newcomers, others],
  );
  if (blocks.length > 0) throw new ForbiddenError();
}
