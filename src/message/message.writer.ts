/**
 * Writes messages into the database.
 *
 * A batch of messages into one conversation, mostly of one message, is one call of the function
 * `send_messages`: one statement and one round trip. Under the lock of the conversation's row the
 * function checks membership, blocks, the client id and the reply. It writes or refuses each
 * message by itself, and returns the message's row and its sender's. Both rows go along with the
 * event within this process, so subscribers of this node read nothing.
 *
 * - Messages into one conversation wait for its lock anyway. So those that come while a call is
 *   under way share the next one, up to 50, in the order in which they came. A crowd in one
 *   conversation takes one connection of the pool, and not all of them.
 * - A batch that fails with nothing written is tried again message by message, so that a bad one
 *   fails alone. A batch that ended UNAVAILABLE is not: its outcome may be unknown, and a message
 *   without a client id would be written twice.
 * - When a batch fails because the database is away, the messages that wait fail with it, and not
 *   fifty at a time. They were not sent, so their outcome is known. A lock that is held for too
 *   long is no outage.
 * - The users who have the conversation open are not notified now, so they are looked up first,
 *   over all nodes.
 * - After the commit the events and the changed inboxes are published.
 */
import type { FindViewing } from '../conversation/conversation.access';
import { isLockTimeout } from '../database/failures';
import { entityFromJson } from '../database/rows';
import type { Transactions } from '../database/transaction';
import { UnavailableError } from '../errors';
import type { LogEvent } from '../events';
import { type ConversationLog, toLogEvent } from '../log/conversation.log';
import type { MovedInbox } from '../log/inbox.log';
import { User } from '../people/user.entity';
import { Batches, type ItemSpans, isOutage } from '../runtime/batches';
import { type Span, within } from '../runtime/span';
import { type Attachment, Message } from './message.entity';

/** Messages that share one statement at most. */
const MAX_BATCH = 50;

/** A checked message that is to be written. */
export interface NewMessage {
  id: string;
  /** null for the platform. */
  senderId: string | null;
  content: string;
  attachments: Attachment[];
  replyToId: string | null;
  clientMessageId: string | null;
  inputHash: string | null;
}

/**
 * The outcome of one message. `message` is the new one, or the one that the same client id made.
 */
export interface SendOutcome {
  message: Message;
  /** null for the platform, and for a user who may not send here. */
  sender: User | null;
  outcome: 'SENT' | 'REPEATED' | 'MISMATCH' | 'NO_REPLY_TARGET' | 'FORBIDDEN';
  /** User ids of the present participants. */
  audience: string[];
  /** The inboxes that changed with it; null for none. */
  inboxes: MovedInbox[] | null;
}

type Json = Record<string, unknown> | null;
type SendOutcomeRow = Omit<SendOutcome, 'message' | 'sender'> & { message: Json; sender: Json };

/** One JSON column, since each column's description costs the driver time (docs/performance.md). */
const SEND = 'select to_json(s) as sent from send_messages($1, $2, $3) s';

export class MessageWriter {
  private readonly conversations = new Map<string, Batches<NewMessage, SendOutcome>>();

  constructor(
    private readonly transactions: Transactions,
    private readonly log: ConversationLog,
    private readonly findViewing: FindViewing,
  ) {}

  /** Writes or refuses the message, then publishes its event. */
  send(conversationId: string, newMessage: NewMessage): Promise<SendOutcome> {
    return (this.conversations.get(conversationId) ?? this.batchesOf(conversationId)).submit(
      newMessage,
    );
  }

  private batchesOf(conversationId: string): Batches<NewMessage, SendOutcome> {
    const batches = new Batches<NewMessage, SendOutcome>({
      work: (newMessages, spans) => this.sendBatch(conversationId, newMessages, spans),
      maxSize: MAX_BATCH,
      // An UNAVAILABLE batch may have been written.
      isSafeToRetry: (error) => !(error instanceof UnavailableError),
      failsWaiting: (error, tookMs) => isOutage(error, tookMs) && !isLockTimeout(error),
      onIdle: () => this.conversations.delete(conversationId),
    });
    this.conversations.set(conversationId, batches);
    return batches;
  }

  private async sendBatch(
    conversationId: string,
    newMessages: readonly NewMessage[],
    spans: ItemSpans,
  ): Promise<SendOutcome[]> {
    const sent = await this.write(
      conversationId,
      await this.findViewing(conversationId),
      newMessages,
    );
    if (spans === null) this.publish(sent);
    else this.publishEach(sent, spans);
    return sent;
  }

  /** Publishes each message in the trace of its own operation. */
  private publishEach(sent: readonly SendOutcome[], spans: readonly (Span | null)[]): void {
    for (const [at, one] of sent.entries()) within(spans[at]!, () => this.publish([one]));
  }

  private publish(sent: readonly SendOutcome[]): void {
    const fresh = sent.filter(({ outcome }) => outcome === 'SENT');
    if (fresh.length === 0) return;
    this.log.publish(
      fresh.map(toMessageAdded),
      sent[0]!.audience,
      fresh.flatMap(({ inboxes }) => inboxes ?? []),
    );
  }

  private async write(
    conversationId: string,
    viewingUserIds: readonly string[],
    newMessages: readonly NewMessage[],
  ): Promise<SendOutcome[]> {
    const rows = await this.transactions.statement<{ sent: SendOutcomeRow }>(SEND, [
      conversationId,
      viewingUserIds,
      JSON.stringify(newMessages),
    ]);
    return rows.map(({ sent }) => toSendOutcome(sent));
  }
}

function toMessageAdded({ message, sender }: SendOutcome): LogEvent {
  const { id, conversationId, sequence, senderId, createdAt } = message;
  const fact = { kind: 'MESSAGE_ADDED', actorId: senderId, messageId: id } as const;
  return toLogEvent(conversationId, sequence, createdAt, fact, { rows: { message, sender } });
}

function toSendOutcome({
  outcome,
  audience,
  inboxes,
  message,
  sender,
}: SendOutcomeRow): SendOutcome {
  return {
    outcome,
    audience,
    inboxes,
    message: entityFromJson(Message, message),
    sender: sender === null || sender.id === null ? null : entityFromJson(User, sender),
  };
}
