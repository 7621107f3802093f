import type { Bus, BusMessage } from '../bus/bus';
import { byPlace } from '../database/rows';
import type { Queryable, Transaction } from '../database/transaction';
import {
  type ConversationEventKind,
  KNOWN_ROWS,
  type KnownRows,
  type LogEvent,
  type NotificationKind,
  topics,
} from '../events';
import { type InboxLog, MOVED_INBOX, type MovedInbox } from './inbox.log';
import type { LogSource } from './log.source';

/**
 * A conversation whose row this transaction has locked. `lastSequence` moves on with each `append`;
 * `now` is the database's clock after the lock, so times are in the order of the sequences.
 */
export interface LockedLog {
  readonly id: string;
  lastSequence: number;
  readonly now: Date;
  /** User ids of those present, as they will be once the transaction has committed. */
  audience: readonly string[];
  /**
   * User ids of those who had it open shortly before the lock: what happens need not be notified to
   * them.
   */
  readonly viewingUserIds: readonly string[];
}

/** A fact that became true: its kind, its actor, and the row that it is about. */
export interface Fact {
  kind: ConversationEventKind;
  actorId: string | null;
  messageId?: string;
  offer?: { id: string; version: number; action: string };
  participantId?: string;
  /**
   * Everybody else who is present is notified of it, unless they are viewing or have muted the
   * conversation.
   */
  notifies?: NotificationKind;
}

/** A place in one conversation's log: what follows `after`. */
export interface LogPosition {
  conversationId: string;
  after: number;
}

type LogRow = Omit<LogEvent, 'name' | 'at'> & { at: Date; place: string };

const COLUMNS = `e.conversation_id as "conversationId", e.sequence, e.kind, e.actor_id as "actorId",
  e.message_id as "messageId", e.offer_id as "offerId", e.offer_action as "offerAction",
  e.participant_id as "participantId", e.at`;

/**
 * The log of every conversation: the truth about what happened, in order, without a gap.
 *
 * An event is written in the transaction of its fact, under the conversation's row lock, and goes
 * to the bus after the commit. The bus may lose it; the log does not.
 */
export class ConversationLog {
  constructor(
    private readonly database: Queryable,
    private readonly bus: Bus,
    private readonly inboxes: InboxLog,
  ) {}

  /** Writes the next event. What the fact refers to must be written already. */
  async append(transaction: Transaction, head: LockedLog, fact: Fact): Promise<void> {
    const moved = await transaction.query<MovedInbox>(
      `select ${MOVED_INBOX} from append_event($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        head.id,
        head.lastSequence + 1,
        head.now,
        fact.kind,
        fact.actorId,
        fact.messageId ?? null,
        fact.offer?.id ?? null,
        fact.offer?.version ?? null,
        fact.offer?.action ?? null,
        fact.participantId ?? null,
        fact.notifies ?? null,
        head.viewingUserIds,
      ],
    );
    this.recordAppended(transaction, head, fact, moved);
  }

  /**
   * For what a function of the database has appended by itself: moves the head on, and tells after
   * the commit.
   */
  recordAppended(
    transaction: Transaction,
    head: LockedLog,
    fact: Fact,
    moved: readonly MovedInbox[],
  ): void {
    head.lastSequence++;
    const event = toLogEvent(head.id, head.lastSequence, head.now, fact);
    transaction.afterCommit(() => this.publish([event], head.audience, moved));
  }

  /**
   * Tells the bus of what was committed: events in their order, and the inboxes that moved on.
   *
   * @param audience user ids of those present
   */
  publish(
    events: readonly LogEvent[],
    audience: readonly string[],
    moved: readonly MovedInbox[],
  ): void {
    this.bus.publish([
      ...events.flatMap((event) => messagesOf(event, audience)),
      ...this.inboxes.messagesOf(moved),
    ]);
  }

  /** One conversation's log as a hub follows it. */
  source(conversationId: string): LogSource {
    return {
      topic: topics.conversation(conversationId),
      read: async (positions, limit) => {
        const all = await this.readMany(
          positions.map((after) => ({ conversationId, after })),
          limit,
        );
        return all.map((events, index) => ({
          events,
          reached: events.at(-1)?.sequence ?? positions[index]!,
        }));
      },
    };
  }

  /** The events that follow each position, in order, at most `limit`; in one statement. */
  async readMany(positions: readonly LogPosition[], limit: number): Promise<LogEvent[][]> {
    const rows = await this.database.query<LogRow>(
      `select position.place, ${COLUMNS}
       from unnest($1::uuid[], $2::integer[]) with ordinality as position (id, after, place)
       cross join lateral (
         select * from conversation_events
         where conversation_id = position.id and sequence > position.after order by sequence
           limit $3
       ) e order by position.place, e.sequence`,
      [
        positions.map((position) => position.conversationId),
        positions.map((position) => position.after),
        limit,
      ],
    );
    return byPlace(rows, positions.length).map((found) => found.map(rowToEvent));
  }
}

/** The event that a fact is. */
export function toLogEvent(
  conversationId: string,
  sequence: number,
  at: Date,
  fact: Fact,
  atHand?: KnownRows,
): LogEvent {
  return {
    [KNOWN_ROWS]: atHand,
    name: 'log.appended',
    conversationId,
    sequence,
    kind: fact.kind,
    actorId: fact.actorId,
    messageId: fact.messageId ?? null,
    offerId: fact.offer?.id ?? null,
    offerAction: fact.offer?.action ?? null,
    participantId: fact.participantId ?? null,
    at: at.toISOString(),
  };
}

function messagesOf(event: LogEvent, audience: readonly string[]): BusMessage[] {
  const named = [topics.conversation(event.conversationId), ...audience.map(topics.user)];
  return named.map((topic) => ({ topic, event }));
}

function rowToEvent({ place: _, ...row }: LogRow): LogEvent {
  return { name: 'log.appended', ...row, at: row.at.toISOString() };
}
