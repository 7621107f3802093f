import { LRUCache } from 'lru-cache';
import type { FindViewing, FindViewingHere } from '../conversation/conversation.access';
import { entityFromJson } from '../database/rows';
import type { Transactions } from '../database/transaction';
import { UnavailableError } from '../errors';
import type { LogEvent } from '../events';
import { type ConversationLog, toLogEvent } from '../log/conversation.log';
import type { MovedInbox } from '../log/inbox.log';
import { User } from '../people/user.entity';
import { Batches } from '../runtime/batches';
import { type Attachment, Message } from './message.entity';

/** Messages that share one statement at most. */
const MAX_BATCH = 50;
/** Conversations of which it is remembered that everybody was viewing here. */
const MAX_REMEMBERED = 10_000;

/** A message as it goes to the database, checked. */
export interface NewMessage {
  id: string;
  /** Null: the platform. */
  senderId: string | null;
  content: string;
  attachments: Attachment[];
  replyToId: string | null;
  clientMessageId: string | null;
  inputHash: string | null;
}

/** What became of it: `message` is the new one, or the one that the same client id had made. */
export interface SendOutcome {
  message: Message;
  /** Null: the platform, or somebody who may not. */
  sender: User | null;
  outcome: 'SENT' | 'REPEATED' | 'MISMATCH' | 'NO_REPLY_TARGET' | 'FORBIDDEN';
  /** User ids of those present. */
  audience: string[];
  /** The inboxes that moved on with it, if any. */
  inboxes: MovedInbox[] | null;
}

type Json = Record<string, unknown> | null;
type SendOutcomeRow = Omit<SendOutcome, 'message' | 'sender'> & { message: Json; sender: Json };

/** One column: the driver spends more on what describes a column than on reading it. */
const SEND = 'select to_json(s) as sent from send_messages($1, $2, $3, $4) s';

/**
 * The way of messages into the database: one statement, one round trip, which locks the conversation first. Messages
 * into one conversation wait for its lock anyway, so those that come together share a statement, and a crowd in one
 * conversation takes one of the pool's connections and not all of them.
 */
export class MessageWriter {
  private readonly conversations = new Map<string, Batches<NewMessage, SendOutcome>>();
  /** Where at the last message everybody who was present had the conversation open on this node. */
  private readonly allViewingHere = new LRUCache<string, true>({ max: MAX_REMEMBERED });

  constructor(
    private readonly transactions: Transactions,
    private readonly log: ConversationLog,
    private readonly findViewing: FindViewing,
    private readonly findViewingHere: FindViewingHere,
  ) {}

  /** Writes or refuses the message, then tells the bus. */
  send(conversationId: string, newMessage: NewMessage): Promise<SendOutcome> {
    return (this.conversations.get(conversationId) ?? this.batchesOf(conversationId)).submit(
      newMessage,
    );
  }

  private batchesOf(conversationId: string): Batches<NewMessage, SendOutcome> {
    const batches = new Batches<NewMessage, SendOutcome>({
      work: (newMessages) => this.sendBatch(conversationId, newMessages),
      maxSize: MAX_BATCH,
      // Its outcome may be unknown: sent once more, a message without a client id would be there twice.
      isSafeToRetry: (error) => !(error instanceof UnavailableError),
      onIdle: () => this.conversations.delete(conversationId),
    });
    this.conversations.set(conversationId, batches);
    return batches;
  }

  private async sendBatch(
    conversationId: string,
    newMessages: readonly NewMessage[],
  ): Promise<SendOutcome[]> {
    const sent =
      (await this.writeWithoutLookup(conversationId, newMessages)) ??
      (await this.writeAfterLookup(conversationId, newMessages));
    const { audience } = sent[0]!;
    this.noteWhetherAllViewHere(conversationId, audience);
    const fresh = sent.filter(({ outcome }) => outcome === 'SENT');
    if (fresh.length > 0)
      this.log.publish(
        fresh.map(toMessageAdded),
        audience,
        fresh.flatMap(({ inboxes }) => inboxes ?? []),
      );
    return sent;
  }

  /**
   * Where everybody has it open on this node, no other one needs to be asked who does. The database, which knows who is
   * present, has the last word.
   *
   * @returns null: nothing was written, since somebody who is present is not viewing here
   */
  private async writeWithoutLookup(
    conversationId: string,
    newMessages: readonly NewMessage[],
  ): Promise<SendOutcome[] | null> {
    if (!this.allViewingHere.has(conversationId)) return null;
    const sent = await this.write(
      conversationId,
      [...this.findViewingHere(conversationId)],
      false,
      newMessages,
    );
    return sent.length > 0 ? sent : null;
  }

  private async writeAfterLookup(
    conversationId: string,
    newMessages: readonly NewMessage[],
  ): Promise<SendOutcome[]> {
    return this.write(conversationId, await this.findViewing(conversationId), true, newMessages);
  }

  private async write(
    conversationId: string,
    viewingUserIds: readonly string[],
    isComplete: boolean,
    newMessages: readonly NewMessage[],
  ): Promise<SendOutcome[]> {
    const rows = await this.transactions.statement<{ sent: SendOutcomeRow }>(SEND, [
      conversationId,
      viewingUserIds,
      JSON.stringify(newMessages),
      isComplete,
    ]);
    return rows.map(({ sent }) => toSendOutcome(sent));
  }

  private noteWhetherAllViewHere(conversationId: string, audience: readonly string[]): void {
    const here = this.findViewingHere(conversationId);
    if (audience.every((userId) => here.has(userId))) this.allViewingHere.set(conversationId, true);
    else this.allViewingHere.delete(conversationId);
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
