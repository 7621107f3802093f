import { v7 as uuidv7 } from 'uuid';
import { requireService, requireUser, type UserViewer, type Viewer } from '../auth/viewer';
import { joined } from '../batches';
import {
  type ConversationAccess,
  type LockedConversation,
  requireUnblocked,
  type Viewing,
  type ViewingHere,
} from '../conversation/conversation.access';
import { type Page, type PagedList, type PageRequest, toPage } from '../database/page';
import { byPlace, columnsOf, entityFromJson, inOrder, isUuid, toEntity } from '../database/rows';
import type { Queryable, Transaction, Transactions } from '../database/transaction';
import type { ConversationLog } from '../delivery/log';
import { BadUserInputError, ConflictError, ForbiddenError, IdempotencyMismatchError, NotFoundError } from '../errors';
import { checkClientId, inputHash } from '../idempotency';
import { checkText } from '../text';
import { type Attachment, Message } from './message.entity';
import { MessageSendings } from './message.sendings';

const CONTENT_LENGTH = 10_000;
const MAX_ATTACHMENTS = 10;
const ATTACHMENT_TEXT_LENGTH = 200;
/** Unread messages are counted up to here. */
const MAX_UNREAD = 1_000;
/** No message has it. */
const NIL = '00000000-0000-0000-0000-000000000000';

export const MESSAGES: PagedList = { name: 'messages', key: ['integer'] };

export interface SendMessage {
  conversationId: string;
  content: string;
  attachments?: Attachment[] | null;
  replyToId?: string | null;
  clientMessageId?: string | null;
}

/** What the platform says. */
export type PostMessage = Pick<SendMessage, 'conversationId' | 'content' | 'clientMessageId'>;

/** How far somebody has read in a conversation; null: the platform, which reads nothing. */
export interface ReadingMark {
  conversationId: string;
  userId: string | null;
  sequence: number;
}

/** The part of a conversation that somebody sees: what has a greater sequence. */
export interface Visible {
  conversationId: string;
  joinedSequence: number;
}

/** One look at what a conversation has after a place in its log. */
interface Look {
  conversationId: string;
  beyond: number;
  /** Whose unread messages are counted, null: the platform's; not given: the newest message is wanted. */
  unreadBy: string | null | undefined;
}

interface Glance {
  message: Message | null;
  count: number;
}

/** What people say to each other. */
export class MessageService {
  /** In the order of `ids`; null where there is none. Access is the caller's business. */
  readonly byIds = joined((ids: readonly string[]) => this.read(ids));

  /** A list of conversations asks for their newest messages and what is unread at once: that is one statement. */
  private readonly glances = joined((asked: readonly Look[]) => this.look(asked));

  private readonly sendings: MessageSendings;

  constructor(
    private readonly database: Queryable,
    private readonly transactions: Transactions,
    private readonly access: ConversationAccess,
    private readonly log: ConversationLog,
    viewing: Viewing,
    viewingHere: ViewingHere,
  ) {
    this.sendings = new MessageSendings(transactions, log, viewing, viewingHere);
  }

  /**
   * Sends a message, marks the conversation read for its sender and brings it back into everyone's list.
   * With a `clientMessageId` a repeat returns the first message and writes nothing.
   *
   * @throws {BadUserInputError} a text or attachment breaks a rule
   * @throws {NotFoundError} `replyToId` is not a message that the sender sees here
   * @throws {IdempotencyMismatchError} `clientMessageId` was used with other input
   */
  async send(viewer: Viewer, input: SendMessage): Promise<Message> {
    const { userId } = requireUser(viewer);
    checkMessage(input);
    return this.write(userId, input);
  }

  /**
   * Says something in the platform's own name: a message without a sender. Idempotent by `clientMessageId` within the
   * conversation.
   *
   * @throws as {@link send}; {ForbiddenError} not a service token
   */
  async post(viewer: Viewer, input: PostMessage): Promise<Message> {
    requireService(viewer);
    checkMessage(input);
    return this.write(null, input);
  }

  private async write(senderId: string | null, input: SendMessage): Promise<Message> {
    const { conversationId, content, attachments, replyToId = null, clientMessageId = null } = input;
    if (!isUuid(conversationId)) throw new ForbiddenError();
    const { outcome, message } = await this.sendings.add(conversationId, {
      id: uuidv7(),
      senderId,
      content,
      attachments: attachments ?? [],
      // What cannot be an id of ours is no message's.
      replyToId: replyToId === null || isUuid(replyToId) ? replyToId : NIL,
      clientMessageId,
      inputHash: clientMessageId === null ? null : inputHash(input),
    });
    if (outcome === 'FORBIDDEN') throw new ForbiddenError();
    if (outcome === 'MISMATCH') throw new IdempotencyMismatchError('input.clientMessageId');
    if (outcome === 'NO_REPLY_TARGET')
      throw new NotFoundError('input.replyToId: there is no such message in this conversation.');
    return message;
  }

  /**
   * Replaces a message's words. The same words again change nothing.
   *
   * @throws {ForbiddenError} not its sender, or across a block
   * @throws {ConflictError} it is deleted
   */
  async edit(viewer: Viewer, messageId: string, content: string): Promise<Message> {
    return this.change(requireUser(viewer), messageId, async (transaction, locked, message) => {
      requireUnblocked(locked);
      if (message.deletedAt) throw new ConflictError('A deleted message cannot be edited.', versionOf(message));
      checkContent('input.content', content, message.attachments.length);
      if (message.content === content) return message;
      return this.store(transaction, locked, message, 'MESSAGE_EDITED', `content = $3, edited_at = $2`, [content]);
    });
  }

  /** Takes a message's words and attachments away; its place stays. Deleting it again changes nothing. */
  async delete(viewer: Viewer, messageId: string): Promise<Message> {
    return this.change(requireUser(viewer), messageId, async (transaction, locked, message) => {
      if (message.deletedAt) return message;
      const emptied = `content = '', attachments = '[]', deleted_at = $2`;
      return this.store(transaction, locked, message, 'MESSAGE_DELETED', emptied, []);
    });
  }

  private async change(
    sender: UserViewer,
    messageId: string,
    work: (transaction: Transaction, locked: LockedConversation, message: Message) => Promise<Message>,
  ): Promise<Message> {
    const conversationId = await this.conversationOf(messageId);
    return this.transactions.run(async (transaction) => {
      const locked = await this.access.lock(transaction, sender, conversationId);
      const message = await this.load(transaction, messageId);
      const visible = message.sequence > locked.participant!.joinedSequence;
      if (!visible || message.senderId !== sender.userId) throw new ForbiddenError();
      return work(transaction, locked, message);
    });
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
      `update messages as m set version = version + 1, ${assignments} where id = $1 returning ${columnsOf(Message, 'm')}`,
      [message.id, locked.now, ...values],
    );
    await this.log.append(transaction, locked, { kind, actorId: message.senderId, messageId: message.id });
    return toEntity(Message, row!);
  }

  private async conversationOf(messageId: string): Promise<string> {
    if (!isUuid(messageId)) throw new ForbiddenError();
    const [row] = await this.database.query<{ conversationId: string }>(
      'select conversation_id as "conversationId" from messages where id = $1',
      [messageId],
    );
    if (!row) throw new ForbiddenError();
    return row.conversationId;
  }

  private async load(transaction: Transaction, messageId: string): Promise<Message> {
    const [row] = await transaction.query<Message>(`select ${columnsOf(Message, 'm')} from messages m where id = $1`, [
      messageId,
    ]);
    return toEntity(Message, row!);
  }

  private async read(ids: readonly string[]): Promise<(Message | null)[]> {
    const rows = await this.database.query<Message>(
      `select ${columnsOf(Message, 'm')} from messages m where id = any($1)`,
      [ids],
    );
    return inOrder(
      ids,
      rows.map((row) => toEntity(Message, row)),
      (message) => message.id,
    );
  }

  /** One page of what each scope shows, oldest first, in one statement. Access is the caller's business. */
  async pages(scopes: readonly Visible[], request: PageRequest): Promise<Page<Message>[]> {
    const beyond = (request.backward ? request.before : request.after) !== null;
    return (await this.newestOrOldest(scopes, request)).map((messages) =>
      toPage(MESSAGES, request, messages, (message) => [message.sequence], beyond),
    );
  }

  /** The newest message that each scope shows, null where there is none. */
  async lastMessages(scopes: readonly Visible[]): Promise<(Message | null)[]> {
    const glances = await this.glances(
      scopes.map(({ conversationId, joinedSequence }) => ({
        conversationId,
        beyond: joinedSequence,
        unreadBy: undefined,
      })),
    );
    return glances.map(({ message }) => message);
  }

  private async newestOrOldest(scopes: readonly Visible[], request: PageRequest): Promise<Message[][]> {
    const direction = request.backward ? 'desc' : 'asc';
    const rows = await this.database.query<Message & { place: string }>(
      `select scope.place, ${columnsOf(Message, 'm')}
       from unnest($1::uuid[], $2::integer[]) with ordinality as scope (id, joined_sequence, place)
       cross join lateral (
         select * from messages
         where conversation_id = scope.id and sequence > greatest(scope.joined_sequence, $3) and sequence < $4
         order by sequence ${direction} limit $5
       ) m order by m.sequence ${direction}`,
      [
        scopes.map((scope) => scope.conversationId),
        scopes.map((scope) => scope.joinedSequence),
        request.after?.[0] ?? 0,
        request.before?.[0] ?? 2 ** 31 - 1,
        request.limit + 1,
      ],
    );
    return byPlace(rows, scopes.length).map((found) => found.map(({ place: _, ...row }) => toEntity(Message, row)));
  }

  /** How many undeleted messages of others follow each mark; exact to 999, then 1000. */
  async unreadCounts(marks: readonly ReadingMark[]): Promise<number[]> {
    const glances = await this.glances(
      marks.map(({ conversationId, sequence, userId }) => ({ conversationId, beyond: sequence, unreadBy: userId })),
    );
    return glances.map(({ count }) => count);
  }

  private async look(asked: readonly Look[]): Promise<Glance[]> {
    const rows = await this.database.query<Omit<Glance, 'message'> & { message: Record<string, unknown> | null }>(
      `select to_json(newest.row) as message, unread.count
       from unnest($1::uuid[], $2::integer[], $3::boolean[], $4::text[]) with ordinality
         as asked (id, beyond, counts, reader_id, place)
       left join lateral (
         select m as row from messages m
         where not asked.counts and conversation_id = asked.id and sequence > asked.beyond order by sequence desc limit 1
       ) newest on true
       left join lateral (
         select count(*)::integer as count from (
           select from messages where asked.counts and conversation_id = asked.id and sequence > asked.beyond
             and deleted_at is null and sender_id is distinct from asked.reader_id limit ${MAX_UNREAD}
         ) found
       ) unread on true order by asked.place`,
      [
        asked.map((one) => one.conversationId),
        asked.map((one) => one.beyond),
        asked.map((one) => one.unreadBy !== undefined),
        asked.map((one) => one.unreadBy ?? null),
      ],
    );
    return rows.map(({ message, count }) => ({ count, message: message && entityFromJson(Message, message) }));
  }
}

function checkMessage(input: SendMessage): void {
  const attachments = input.attachments ?? [];
  if (attachments.length > MAX_ATTACHMENTS)
    throw new BadUserInputError('input.attachments', `must be at most ${MAX_ATTACHMENTS}`);
  for (const [index, attachment] of attachments.entries()) checkAttachment(`input.attachments.${index}`, attachment);
  checkContent('input.content', input.content, attachments.length);
  checkClientId('input.clientMessageId', input.clientMessageId);
}

function checkContent(field: string, content: string, attachments: number): void {
  checkText(field, content, { least: attachments > 0 ? 0 : 1, most: CONTENT_LENGTH });
}

function checkAttachment(field: string, attachment: Attachment): void {
  const bounds = { least: 0, most: ATTACHMENT_TEXT_LENGTH };
  if (attachment.name != null) checkText(`${field}.name`, attachment.name, bounds);
  if (attachment.contentType != null) checkText(`${field}.contentType`, attachment.contentType, bounds);
  if (attachment.sizeBytes != null && attachment.sizeBytes < 0)
    throw new BadUserInputError(`${field}.sizeBytes`, 'must not be negative');
}

function versionOf(message: Message): { currentVersion: number } {
  return { currentVersion: message.version };
}
