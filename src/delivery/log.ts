import { groupBy } from '../database/rows';
import type { Queryable, Transaction } from '../database/transaction';
import { type ConversationEventKind, type LogEvent, topics } from '../events';
import type { Bus, Hint } from './bus';

/**
 * A conversation whose row this transaction has locked. `lastSequence` moves on with each `append`;
 * `now` is the database's clock after the lock, so times are in the order of the sequences.
 */
export interface LogHead {
  readonly id: string;
  lastSequence: number;
  readonly now: Date;
  /** User ids of those present, as they will be once the transaction has committed. */
  audience: readonly string[];
}

/** What became true: its kind, who did it, and what it is about. */
export interface Fact {
  kind: ConversationEventKind;
  actorId: string | null;
  messageId?: string;
  offer?: { id: string; version: number; action: string };
  participantId?: string;
}

/** A place in one conversation's log: what follows `after`. */
export interface LogPosition {
  conversationId: string;
  after: number;
}

type LogRow = Omit<LogEvent, 'name' | 'at'> & { at: Date };

const COLUMNS = `e.conversation_id as "conversationId", e.sequence, e.kind, e.actor_id as "actorId",
  e.message_id as "messageId", e.offer_id as "offerId", e.offer_action as "offerAction",
  e.participant_id as "participantId", e.at`;

/**
 * The log of every conversation: the truth about what happened, in order, without a gap.
 *
 * An event is written in the transaction of its fact, under the conversation's row lock, and goes to
 * the bus after the commit. The bus may lose it; the log does not.
 */
export class ConversationLog {
  constructor(
    private readonly database: Queryable,
    private readonly bus: Bus,
  ) {}

  /**
   * Writes the next event. What the fact refers to must be written already.
   *
   * @returns the event, whose sequence is `head.lastSequence` from now on
   */
  async append(transaction: Transaction, head: LogHead, fact: Fact): Promise<LogEvent> {
    const sequence = head.lastSequence + 1;
    const event: LogEvent = {
      name: 'log.appended',
      conversationId: head.id,
      sequence,
      kind: fact.kind,
      actorId: fact.actorId,
      messageId: fact.messageId ?? null,
      offerId: fact.offer?.id ?? null,
      offerAction: fact.offer?.action ?? null,
      participantId: fact.participantId ?? null,
      at: head.now.toISOString(),
    };
    await transaction.query('select append_event($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)', [
      head.id,
      sequence,
      head.now,
      event.kind,
      event.actorId,
      event.messageId,
      event.offerId,
      fact.offer?.version ?? null,
      event.offerAction,
      event.participantId,
    ]);
    head.lastSequence = sequence;
    transaction.afterCommit(() => this.announce([event], head.audience));
    return event;
  }

  /**
   * Tells the bus of events that were committed, in their order; for those that {@link append} did not write.
   *
   * @param audience user ids of those present
   */
  announce(events: readonly LogEvent[], audience: readonly string[]): void {
    this.bus.publish(events.flatMap((event) => hintsOf(event, audience)));
  }

  /** Events with a sequence greater than `after`, in order, at most `limit`. */
  async read(conversationId: string, after: number, limit: number): Promise<LogEvent[]> {
    const [events] = await this.readMany([{ conversationId, after }], limit);
    return events!;
  }

  /** The same of several conversations, at most `limit` of each, in one statement. */
  async readMany(positions: readonly LogPosition[], limit: number): Promise<LogEvent[][]> {
    const rows = await this.database.query<LogRow>(
      `select ${COLUMNS} from unnest($1::uuid[], $2::integer[]) as position (id, after) cross join lateral (
         select * from conversation_events
         where conversation_id = position.id and sequence > position.after order by sequence limit $3
       ) e order by e.conversation_id, e.sequence`,
      [positions.map((position) => position.conversationId), positions.map((position) => position.after), limit],
    );
    return groupBy(
      rows.map(toEvent),
      (event) => event.conversationId,
      positions.map((position) => position.conversationId),
    );
  }

  /** The newest sequence of each conversation that exists. */
  async heads(conversationIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.database.query<{ id: string; lastSequence: number }>(
      'select id, last_sequence as "lastSequence" from conversations where id = any($1)',
      [conversationIds],
    );
    return new Map(rows.map((row) => [row.id, row.lastSequence]));
  }
}

function hintsOf(event: LogEvent, audience: readonly string[]): Hint[] {
  const named = [topics.conversation(event.conversationId), ...audience.map(topics.user)];
  return named.map((topic) => ({ topic, event }));
}

function toEvent(row: LogRow): LogEvent {
  return { name: 'log.appended', ...row, at: row.at.toISOString() };
}
