import { v7 as uuidv7 } from 'uuid';
import {
  type ConversationAccess,
  type FindViewing,
  type LockedConversation,
} from '../conversation/conversation.access';
import { columnsOf, isUuid, toEntity } from '../database/rows';
import type { Queryable, Transaction, Transactions } from '../database/transaction';
import {
  BadUserInputError,
  ConflictError,
  ForbiddenError,
  IdempotencyMismatchError,
  NotFoundError,
} from '../errors';
import { checkClientId, inputHash } from '../input/idempotency';
import { checkText, SHORT_TEXT_LENGTH } from '../input/text';
import type { ConversationLog } from '../log/conversation.log';
import { type Caller, requireService, requireUser, type UserCaller } from '../people/caller';
import { ActionLimit } from '../rate-limit/action.limit';
import type { RateLimit } from '../rate-limit/rate.limit';
import { type Attachment, Message } from './message.entity';
import { MessageWriter, type SendOutcome } from './message.writer';
import { SentMessages } from './sent.messages';

const CONTENT_LENGTH = 10_000;
const MAX_ATTACHMENTS = 10;
/** An id that no message has. */
const NIL = '00000000-0000-0000-0000-000000000000';

export interface SendMessage {
  conversationId: string;
  content: string;
  attachments?: Attachment[] | null;
  replyToId?: string | null;
  clientMessageId?: string | null;
}

/** A message in the platform's own name. */
export type PostMessage = Pick<SendMessage, 'conversationId' | 'content' | 'clientMessageId'>;

/** Changes a message of a conversation that is locked, and returns it as it is then. */
type ChangeOfMessage = (
  transaction: Transaction,
  locked: LockedConversation,
  message: Message,
) => Promise<Message>;

/** Sends, edits and deletes messages. */
export class MessageService {
  private readonly writer: MessageWriter;
  private readonly sent: SentMessages;
  private readonly limit: ActionLimit<SendOutcome>;

  constructor(
    private readonly database: Queryable,
    transactions: Transactions,
    private readonly access: ConversationAccess,
    private readonly log: ConversationLog,
    rate: RateLimit,
    private readonly writes: RateLimit,
    findViewing: FindViewing,
    /** null when attachments may come from any. */
    private readonly attachmentOrigins: readonly string[] | null,
  ) {
    this.writer = new MessageWriter(transactions, log, findViewing);
    this.sent = new SentMessages(database);
    this.limit = new ActionLimit(rate, ({ outcome }) => outcome === 'REPEATED');
  }

  /**
   * Sends a message, marks the conversation read for its sender, and takes it out of every
   * participant's archive. A repeat with the same `clientMessageId` returns the first message and
   * writes nothing. Equal ones that come at once are one.
   *
   * @throws {BadUserInputError} when a text or an attachment breaks a rule
   * @throws {NotFoundError} when `replyToId` is not a message that the sender sees here
   * @throws {IdempotencyMismatchError} when `clientMessageId` was used with other input
   * @throws {RateLimitedError} when the sender exceeds a limit; a repeat does not count
   * @throws {ForbiddenError} when the conversation is not the sender's, or across a block
   */
  async send(caller: Caller, input: SendMessage): Promise<Message> {
    const { userId } = requireUser(caller);
    checkMessage(input, this.attachmentOrigins);
    const { clientMessageId } = input;
    const hash = clientMessageId == null ? null : inputHash(input);
    const wasDone = () =>
      this.sent.has({ senderId: userId, clientMessageId: clientMessageId!, hash: hash! });
    const request = hash === null ? null : { hash, wasDone };
    const { message } = await this.limit.run(userId, request, () =>
      this.sendAs(userId, input, hash),
    );
    return message;
  }

  /**
   * Posts a message without a sender, in the platform's own name. A repeat with the same
   * `clientMessageId` in the conversation returns the first message. No limit applies.
   *
   * @throws as {@link send}; {ForbiddenError} also without a service token
   */
  async post(caller: Caller, input: PostMessage): Promise<Message> {
    requireService(caller);
    checkMessage(input, this.attachmentOrigins);
    const hash = input.clientMessageId == null ? null : inputHash(input);
    const { message } = await this.sendAs(null, input, hash);
    return message;
  }

  private async sendAs(
    senderId: string | null,
    input: SendMessage,
    hash: string | null,
  ): Promise<SendOutcome> {
    const {
      conversationId,
      content,
      attachments,
      replyToId = null,
      clientMessageId = null,
    } = input;
    if (!isUuid(conversationId)) throw new ForbiddenError();
    const sent = await this.writer.send(conversationId, {
      id: uuidv7(),
      senderId,
      content,
      attachments: attachments ?? [],
      // Postgres would refuse a text that is no UUID. No message has this id: NO_REPLY_TARGET.
      replyToId: replyToId === null || isUuid(replyToId) ? replyToId : NIL,
      clientMessageId,
      inputHash: hash,
    });
    const { outcome } = sent;
    if (outcome === 'FORBIDDEN') throw new ForbiddenError();
    if (outcome === 'MISMATCH') throw new IdempotencyMismatchError('input.clientMessageId');
    if (outcome === 'NO_REPLY_TARGET')
      throw new NotFoundError('input.replyToId: there is no such message in this conversation.');
    return sent;
  }

  /**
   * Replaces a message's content. Equal content changes nothing.
   *
   * @throws {ForbiddenError} when the caller is not its sender, or across a block
   * @throws {ConflictError} when it is deleted
   * @throws {RateLimitedError} when the caller exceeds the limit of writes
   */
  async edit(caller: Caller, messageId: string, content: string): Promise<Message> {
    const sender = requireUser(caller);
    return this.change(sender, messageId, false, async (transaction, locked, message) => {
      if (message.deletedAt)
        throw new ConflictError('A deleted message cannot be edited.', versionOf(message));
      checkContent('input.content', content, message.attachments.length);
      if (message.content === content) return message;
      return this.store(
        transaction,
        locked,
        message,
        'MESSAGE_EDITED',
        `content = $3, edited_at = $2`,
        [content],
      );
    });
  }

  /**
   * Empties a message's content and attachments; its place stays. A repeat changes nothing.
   *
   * @throws {ForbiddenError} when the caller is not its sender
   * @throws {RateLimitedError} when the caller exceeds the limit of writes
   */
  async delete(caller: Caller, messageId: string): Promise<Message> {
    const sender = requireUser(caller);
    return this.change(sender, messageId, true, async (transaction, locked, message) => {
      if (message.deletedAt) return message;
      const emptied = `content = '', attachments = '[]', deleted_at = $2`;
      return this.store(transaction, locked, message, 'MESSAGE_DELETED', emptied, []);
    });
  }

  private change(
    sender: UserCaller,
    messageId: string,
    acrossBlock: boolean,
    work: ChangeOfMessage,
  ): Promise<Message> {
    return this.writes.run(sender.userId, () =>
      this.changeCounted(sender, messageId, acrossBlock, work),
    );
  }

  private async changeCounted(
    sender: UserCaller,
    messageId: string,
    acrossBlock: boolean,
    work: ChangeOfMessage,
  ): Promise<Message> {
    const conversationId = await this.conversationOf(messageId, sender, acrossBlock);
    return this.access.write(
      sender,
      conversationId,
      { acrossBlock },
      async (transaction, locked) => {
        const message = await this.load(transaction, messageId);
        // A message keeps its sender; but the sender may have left and joined anew since the look.
        if (message.sequence <= locked.participant!.joinedSequence) throw new ForbiddenError();
        return work(transaction, locked, message);
      },
    );
  }

  private async store(
    transaction: Transaction,
    locked: LockedConversation,
    message: Message,
    kind: 'MESSAGE_EDITED' | 'MESSAGE_DELETED',
    assignments: string,
    values: unknown[],
  ): Promise<Message> {
    const [row] = await transaction.query<Message>(
      `update messages as m set version = version + 1, ${assignments} where id = $1
         returning ${columnsOf(Message, 'm')}`,
      [message.id, locked.now, ...values],
    );
    await this.log.append(transaction, locked, {
      kind,
      actorId: message.senderId,
      messageId: message.id,
    });
    return toEntity(Message, row!);
  }

  /** Returns the message's conversation to a sender who may change the message at this moment. */
  private async conversationOf(
    messageId: string,
    { userId }: UserCaller,
    acrossBlock: boolean,
  ): Promise<string> {
    if (!isUuid(messageId)) throw new ForbiddenError();
    const [row] = await this.database.query<{ conversationId: string }>(
      `select m.conversation_id as "conversationId" from messages m
       join participants p on p.conversation_id = m.conversation_id and p.user_id = m.sender_id
       where m.id = $1 and m.sender_id = $2 and m.sequence > p.joined_sequence
         and may_write(m.conversation_id, $2, $3)`,
      [messageId, userId, acrossBlock],
    );
    if (!row) throw new ForbiddenError();
    return row.conversationId;
  }

  private async load(transaction: Transaction, messageId: string): Promise<Message> {
    const [row] = await transaction.query<Message>(
      `select ${columnsOf(Message, 'm')} from messages m where id = $1`,
      [messageId],
    );
    return toEntity(Message, row!);
  }
}

function checkMessage(input: SendMessage, origins: readonly string[] | null): void {
  const attachments = input.attachments ?? [];
  if (attachments.length > MAX_ATTACHMENTS)
    throw new BadUserInputError('input.attachments', `must be at most ${MAX_ATTACHMENTS}`);
  for (const [index, attachment] of attachments.entries())
    checkAttachment(`input.attachments.${index}`, attachment, origins);
  checkContent('input.content', input.content, attachments.length);
  checkClientId('input.clientMessageId', input.clientMessageId);
}

function checkContent(field: string, content: string, attachments: number): void {
  checkText(field, content, { least: attachments > 0 ? 0 : 1, most: CONTENT_LENGTH });
}

function checkAttachment(
  field: string,
  attachment: Attachment,
  origins: readonly string[] | null,
): void {
  if (origins !== null && !origins.includes(new URL(attachment.url).origin))
    throw new BadUserInputError(`${field}.url`, 'must be of an origin that this service admits');
  const bounds = { least: 0, most: SHORT_TEXT_LENGTH };
  if (attachment.name != null) checkText(`${field}.name`, attachment.name, bounds);
  if (attachment.contentType != null)
    checkText(`${field}.contentType`, attachment.contentType, bounds);
  if (attachment.sizeBytes != null && attachment.sizeBytes < 0)
    throw new BadUserInputError(`${field}.sizeBytes`, 'must not be negative');
}

function versionOf(message: Message): { currentVersion: number } {
  return { currentVersion: message.version };
}
