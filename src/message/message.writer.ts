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
const MOST_TOGETHER = 50;
/** Conversations of which it is remembered that everybody was viewing here. */
const MOST_REMEMBERED = 10_000;

/** A message as it goes to the database, checked. */
export interface Sending {
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
export interface Sent {
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
type SentRow = Omit<Sent, 'message' | 'sender'> & { message: Json; sender: Json };

/** One column: the driver spends more on what describes a column than on reading it. */
const SEND = 'select to_json(s) as sent from send_messages($1, $2, $3, $4) s';

/**
 * The way of messages into the database: one statement, one round trip, which locks the conversation first. Messages
 * into one conversation wait for its lock anyway, so those that come together share a statement, and a crowd in one
 * conversation takes one of the pool's connections and not all of them.
 */
export class MessageSendings {
  private readonly conversations = new Map<string, Batches<Sending, Sent>>();
  /** Where at the last message everybody who was present had the conversation open on this node. */
  private readonly gathered = new LRUCache<string, true>({ max: MOST_REMEMBERED });

  constructor(
    private readonly transactions: Transactions,
    private readonly log: ConversationLog,
    private readonly findViewing: FindViewing,
    private readonly findViewingHere: FindViewingHere,
  ) {}

  /** Writes or refuses the message, then tells the bus. */
  add(conversationId: string, sending: Sending): Promise<Sent> {
    return (this.conversations.get(conversationId) ?? this.open(conversationId)).add(sending);
  }

  private open(conversationId: string): Batches<Sending, Sent> {
    const batches = new Batches<Sending, Sent>({
      work: (sendings) => this.send(conversationId, sendings),
      most: MOST_TOGETHER,
      // Its outcome may be unknown: sent once more, a message without a client id would be there twice.
      isUndone: (error) => !(error instanceof UnavailableError),
      onIdle: () => this.conversations.delete(conversationId),
    });
    this.conversations.set(conversationId, batches);
    return batches;
  }

  private async send(conversationId: string, sendings: readonly Sending[]): Promise<Sent[]> {
    const sent =
      (await this.writeWhenGathered(conversationId, sendings)) ??
      (await this.writeAfterAsking(conversationId, sendings));
    const { audience } = sent[0]!;
    this.remember(conversationId, audience);
    const fresh = sent.filter(({ outcome }) => outcome === 'SENT');
    if (fresh.length > 0)
      this.log.announce(
        fresh.map(toEvent),
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
  private async writeWhenGathered(conversationId: string, sendings: readonly Sending[]): Promise<Sent[] | null> {
    if (!this.gathered.has(conversationId)) return null;
    const sent = await this.write(conversationId, [...this.findViewingHere(conversationId)], false, sendings);
    return sent.length > 0 ? sent : null;
  }

  private async writeAfterAsking(conversationId: string, sendings: readonly Sending[]): Promise<Sent[]> {
    return this.write(conversationId, await this.findViewing(conversationId), true, sendings);
  }

  private async write(
    conversationId: string,
    viewingUserIds: readonly string[],
    isComplete: boolean,
    sendings: readonly Sending[],
  ): Promise<Sent[]> {
    const rows = await this.transactions.statement<{ sent: SentRow }>(SEND, [
      conversationId,
      viewingUserIds,
      JSON.stringify(sendings),
      isComplete,
    ]);
    return rows.map(({ sent }) => toSent(sent));
  }

  private remember(conversationId: string, audience: readonly string[]): void {
    const here = this.findViewingHere(conversationId);
    if (audience.every((userId) => here.has(userId))) this.gathered.set(conversationId, true);
    else this.gathered.delete(conversationId);
  }
}

function toEvent({ message, sender }: Sent): LogEvent {
  const { id, conversationId, sequence, senderId, createdAt } = message;
  const fact = { kind: 'MESSAGE_ADDED', actorId: senderId, messageId: id } as const;
  return toLogEvent(conversationId, sequence, createdAt, fact, { rows: { message, sender } });
}

function toSent({ outcome, audience, inboxes, message, sender }: SentRow): Sent {
  return {
    outcome,
    audience,
    inboxes,
    message: entityFromJson(Message, message),
    sender: sender === null || sender.id === null ? null : entityFromJson(User, sender),
  };
}
