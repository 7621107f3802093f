import type { Bus } from '../bus/bus';
import { columnsOf, toEntity } from '../database/rows';
import type { Transactions } from '../database/transaction';
import { ForbiddenError } from '../errors';
import { topics } from '../events';
import { checkSequence } from '../input/sequence';
import type { InboxLog, MovedInbox } from '../log/inbox.log';
import { type Caller, requireUser } from '../people/caller';
import type { ConversationAccess } from './conversation.access';
import type { Conversation } from './conversation.entity';
import { Participant } from './participant.entity';

/** A row of the database's function `mark_read`. */
type MarkReadOutcome = Participant & {
  moved: boolean;
  audience: string[];
  inbox: MovedInbox[] | null;
};

/**
 * Changes what a participant sets in a conversation for themselves: how far they have read, and
 * whether it is archived or muted.
 */
export class ParticipationService {
  constructor(
    private readonly transactions: Transactions,
    private readonly access: ConversationAccess,
    private readonly inboxes: InboxLog,
    private readonly bus: Bus,
  ) {}

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
    checkSequence('input.sequence', sequence);
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
}
