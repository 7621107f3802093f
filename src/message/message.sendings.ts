import { User } from '../auth/user.entity';
import { Batches } from '../batches';
import type { Viewing } from '../conversation/conversation.access';
import { columnsOf, pickEntity } from '../database/rows';
import type { Transactions } from '../database/transaction';
import type { MovedInbox } from '../delivery/inbox';
import { type ConversationLog, toLogEvent } from '../delivery/log';
import { UnavailableError } from '../errors';
import { AT_HAND, type LogEvent } from '../events';
import { type Attachment, Message } from './message.entity';

/** Messages that share one statement at most. */
const MOST_TOGETHER = 50;

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

const SENDER = 'sender.';

/**
 * The way of messages into the database: one statement, one round trip, which locks the conversation first. Messages
 * into one conversation wait for its lock anyway, so those that come together share a statement, and a crowd in one
 * conversation takes one of the pool's connections and not all of them.
 */
export class MessageSendings {
  private readonly conversations = new Map<string, Batches<Sending, Sent>>();

  constructor(
    private readonly transactions: Transactions,
    private readonly log: ConversationLog,
    private readonly viewing: Viewing,
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
    const viewing = await this.viewing(conversationId);
    const rows = await this.transactions.statement<Omit<Sent, 'message' | 'sender'>>(
      `select s.outcome, s.audience, s.inboxes, ${columnsOf(Message, '(s.message)')}, ${columnsOf(User, '(s.sender)', SENDER)}
       from send_messages($1, $2, $3) s`,
      [conversationId, viewing, JSON.stringify(sendings)],
    );
    const sent = rows.map(toSent);
    const fresh = sent.filter(({ outcome }) => outcome === 'SENT');
    if (fresh.length > 0)
      this.log.announce(
        fresh.map(toEvent),
        fresh[0]!.audience,
        fresh.flatMap(({ inboxes }) => inboxes ?? []),
      );
    return sent;
  }
}

function toEvent({ message, sender }: Sent): LogEvent {
  const { id, conversationId, sequence, senderId, createdAt } = message;
  const fact = { kind: 'MESSAGE_ADDED', actorId: senderId, messageId: id } as const;
  return { ...toLogEvent(conversationId, sequence, createdAt, fact), [AT_HAND]: { rows: { message, sender } } };
}

function toSent(row: Omit<Sent, 'message' | 'sender'>): Sent {
  const { outcome, audience, inboxes } = row;
  const sender = pickEntity(User, row, SENDER);
  return { outcome, audience, inboxes, message: pickEntity(Message, row), sender: sender.id === null ? null : sender };
}
