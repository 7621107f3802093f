/**
 * The log of every conversation: the truth about what happened in it.
 *
 * An event is one row. It holds the conversation's next sequence, the kind of the fact and
 * references, but no content. A conversation counts 1, 2, 3 … without a gap.
 *
 * Writing: the caller locks the conversation's row (`conversation.access`), writes the fact, and
 * calls `append` in the same transaction. The function `append_event` of the database writes the
 * event, moves the head, and notifies the other participants through their inboxes. Some functions
 * of the database write a fact and its event together, by calling `append_event` themselves. Their
 * callers use `recordAppended` within a transaction, or `publish` after the commit.
 *
 * Publishing: after the commit, the event goes to `conversation:<id>`, and to `user:<id>` of each
 * user of the audience. Each changed inbox goes to `inbox:<id>` and `user:<id>`.
 *
 * - A fact and its event are committed together, or not at all.
 * - A sequence is the head plus one, read under the lock. So a rollback leaves no gap.
 * - The lock lasts until the commit, so sequences are committed in their order. A reader that has
 *   seen an event never finds a smaller sequence later.
 * - Times are read from the database's clock after the lock, so they are in the order of the
 *   sequences.
 * - The bus may lose an event, and a node may die before it publishes one. The event stands in the
 *   log, where a hub that misses it finds it.
 */
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
import type { LogPage, LogSource } from './log.source';
import { type PageQuery, PageReads } from './page.reads';

/**
 * A conversation whose row this transaction has locked. `lastSequence` is the log's head, and grows
 * with each `append`. `now` is the time of the database's clock after the lock.
 */
export interface LockedLog {
  readonly id: string;
  lastSequence: number;
  readonly now: Date;
  /**
   * User ids of the participants to whom the events are published. A transaction that adds a user
   * replaces the list. A user whom the transaction removes stays in it, to be told of the removal.
   */
  audience: readonly string[];
  /**
   * User ids of those who had the conversation open shortly before the lock. They are not notified.
   */
  readonly viewingUserIds: readonly string[];
}

/**
 * A fact: its kind, its actor, and references to what it is about. `actorId` is null when the actor
 * is not a user.
 */
export interface Fact {
  kind: ConversationEventKind;
  actorId: string | null;
  messageId?: string;
  offer?: { id: string; version: number; action: string };
  participantId?: string;
  /**
   * The kind of the notification that the other present participants get. A participant who is
   * deactivated, has muted the conversation, or is separated from the actor by a block gets none. A
   * participant who is viewing gets it later, unless they read by then. Default: no notification.
   */
  notifies?: NotificationKind;
}

/** A position in one conversation's log. */
export interface LogPosition {
  conversationId: string;
  after: number;
}

type LogRow = Omit<LogEvent, 'name' | 'at'> & { at: Date; place: string };

const COLUMNS = `e.conversation_id as "conversationId", e.sequence, e.kind, e.actor_id as "actorId",
  e.message_id as "messageId", e.offer_id as "offerId", e.offer_action as "offerAction",
  e.participant_id as "participantId", e.at`;

/** Writes, publishes and reads the events of conversations. */
export class ConversationLog {
  private readonly pages = new PageReads((queries, limit) => this.readPages(queries, limit));

  constructor(
    private readonly database: Queryable,
    private readonly bus: Bus,
    private readonly inboxes: InboxLog,
  ) {}

  /**
   * Writes the next event, and publishes it after the commit. The rows to which the fact refers
   * must have been written before.
   */
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
   * Completes an event that a function of the database has written within this transaction: counts
   * `lastSequence` up, and publishes the event after the commit.
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
   * Publishes committed events, in their order, then the inboxes that changed with them.
   *
   * @param audience user ids of the participants to whom the events are published
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

  /** Returns one conversation's log as the hub follows it. */
  source(conversationId: string): LogSource {
    return {
      topic: topics.conversation(conversationId),
      read: (positions, limit) => this.pages.pagesOf(conversationId, positions, limit),
    };
  }

  private async readPages(queries: readonly PageQuery[], limit: number): Promise<LogPage[]> {
    const all = await this.readMany(
      queries.map(({ id, after }) => ({ conversationId: id, after })),
      limit,
    );
    return all.map((events, index) => ({
      events,
      reached: events.at(-1)?.sequence ?? queries[index]!.after,
    }));
  }

  /**
   * Returns the events that follow each position, at most `limit` for each, in one statement. The
   * lists are in the order of the positions, the events in the order of their sequences.
   */
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

/**
 * Makes the event of a fact.
 *
 * @param atHand rows of the fact that the writer has read already (see {@link KNOWN_ROWS})
 */
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
