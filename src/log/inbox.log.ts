import type { Bus, BusMessage } from '../bus/bus';
import { byPlace } from '../database/rows';
import type { Queryable } from '../database/transaction';
import { type InboxEvent, topics } from '../events';
import { batched } from '../runtime/batches';
import type { LogPage, LogSource } from './log.source';
import { type PageQuery, PageReads } from './page.reads';

/** An inbox that changed: its new head, and the notification that stands there. */
export interface MovedInbox {
  userId: string;
  sequence: number;
  notificationId: string;
}

/**
 * A notification that follows a position, with the inbox's head. `place` is the number of the
 * position in the list that was read, from 1 on. A position that no notification follows has one
 * row, without a sequence.
 */
interface InboxRow {
  place: string;
  head: number;
  sequence: number | null;
  notificationId: string;
}

/** The select list of the database's functions that return {@link MovedInbox} rows. */
export const MOVED_INBOX = 'user_id as "userId", sequence, notification_id as "notificationId"';

/**
 * Reads every user's inbox as a log, and publishes its changes.
 *
 * A notification stands in its inbox once, at the sequence of its newest change, and its earlier
 * sequences stay empty. So the last event of a page does not show how far the page reaches. A page
 * with fewer events than the limit reaches the head of the inbox.
 */
export class InboxLog {
  private readonly pages = new PageReads((queries, limit) => this.readPages(queries, limit));
  private readonly heads = batched((userIds: readonly string[]) => this.readHeads(userIds));

  constructor(
    private readonly database: Queryable,
    private readonly bus: Bus,
  ) {}

  /** Publishes changes of inboxes. To be called after their commit. */
  publish(moved: readonly MovedInbox[]): void {
    this.bus.publish(this.messagesOf(moved));
  }

  /** Returns the messages for the bus: for each change one to `inbox:` and one to `user:`. */
  messagesOf(moved: readonly MovedInbox[]): BusMessage[] {
    return moved.flatMap((one) => {
      const event: InboxEvent = { name: 'inbox.appended', ...one };
      return [topics.inbox(one.userId), topics.user(one.userId)].map((topic) => ({ topic, event }));
    });
  }

  /** Returns one user's inbox as the hub follows it. */
  source(userId: string): LogSource {
    return {
      topic: topics.inbox(userId),
      read: (positions, limit) => this.pages.pagesOf(userId, positions, limit),
    };
  }

  /**
   * Returns the head of the user's inbox; 0 for an unknown user. Reads that wait for each other's
   * statement share the next one.
   */
  async head(userId: string): Promise<number> {
    const [head] = await this.heads([userId]);
    return head!;
  }

  private async readHeads(userIds: readonly string[]): Promise<number[]> {
    const rows = await this.database.query<{ userId: string; head: number }>(
      `select user_id as "userId", last_sequence as head from inboxes where user_id = any($1)`,
      [userIds],
    );
    const heads = new Map(rows.map(({ userId, head }) => [userId, head]));
    return userIds.map((userId) => heads.get(userId) ?? 0);
  }

  private async readPages(queries: readonly PageQuery[], limit: number): Promise<LogPage[]> {
    // The head and the notifications come from one statement, and so from one snapshot. Otherwise a
    // notification that was added between two reads would be skipped.
    const rows = await this.database.query<InboxRow>(
      `select position.place, i.last_sequence as head, n.sequence, n.id as "notificationId"
       from unnest($1::text[], $2::integer[]) with ordinality as position (id, after, place)
       join inboxes i on i.user_id = position.id
       left join lateral (
         select sequence, id from notifications where user_id = position.id
           and sequence > position.after order by sequence limit $3
       ) n on true order by position.place, n.sequence`,
      [queries.map(({ id }) => id), queries.map(({ after }) => after), limit],
    );
    return byPlace(rows, queries.length).map((found, index) => {
      const { id: userId, after } = queries[index]!;
      const events = found.flatMap(({ sequence, notificationId }): InboxEvent[] =>
        sequence === null ? [] : [{ name: 'inbox.appended', userId, sequence, notificationId }],
      );
      const reached = events.length === limit ? events.at(-1)!.sequence : (found[0]?.head ?? after);
      return { events, reached };
    });
  }
}
