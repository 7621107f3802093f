import type { Bus, BusMessage } from '../bus/bus';
import { byPlace } from '../database/rows';
import type { Queryable } from '../database/transaction';
import { type InboxEvent, topics } from '../events';
import type { LogPage, LogSource } from './log.source';

/** An inbox that changed: its new head, and the notification that stands there. */
export interface MovedInbox {
  userId: string;
  sequence: number;
  notificationId: string;
}

/**
 * A notification of one of the places that were asked about; one without any where there is none.
 */
interface InboxRow {
  place: string;
  head: number;
  sequence: number | null;
  notificationId: string;
}

/** The select list for what the database's functions say of moved inboxes. */
export const MOVED_INBOX = 'user_id as "userId", sequence, notification_id as "notificationId"';

/**
 * Everyone's inbox as a log: each notification stands in it once, at the place of its newest
 * change. Places that notifications have left stay empty, so a reader takes how far the inbox
 * reaches for how far it has come.
 */
export class InboxLog {
  constructor(
    private readonly database: Queryable,
    private readonly bus: Bus,
  ) {}

  /** Tells the bus of inboxes that have moved on; after the commit. */
  publish(moved: readonly MovedInbox[]): void {
    this.bus.publish(this.messagesOf(moved));
  }

  messagesOf(moved: readonly MovedInbox[]): BusMessage[] {
    return moved.flatMap((one) => {
      const event: InboxEvent = { name: 'inbox.appended', ...one };
      return [topics.inbox(one.userId), topics.user(one.userId)].map((topic) => ({ topic, event }));
    });
  }

  /** One user's inbox as a hub follows it. */
  source(userId: string): LogSource {
    return {
      topic: topics.inbox(userId),
      read: (positions, limit) => this.read(userId, positions, limit),
    };
  }

  /** The head of the user's inbox; 0 for an unknown user. */
  async head(userId: string): Promise<number> {
    const [row] = await this.database.query<{ head: number }>(
      'select last_sequence as head from inboxes where user_id = $1',
      [userId],
    );
    return row?.head ?? 0;
  }

  private async read(
    userId: string,
    positions: readonly number[],
    limit: number,
  ): Promise<LogPage[]> {
    // One statement, one snapshot: how far the inbox reaches is how far these rows are all there
    // is.
    const rows = await this.database.query<InboxRow>(
      `select position.place, i.last_sequence as head, n.sequence, n.id as "notificationId"
       from unnest($2::integer[]) with ordinality as position (after, place)
       join inboxes i on i.user_id = $1
       left join lateral (
         select sequence, id from notifications where user_id = $1
           and sequence > position.after order by sequence limit $3
       ) n on true order by position.place, n.sequence`,
      [userId, positions, limit],
    );
    return byPlace(rows, positions.length).map((found, index) => {
      const events = found.flatMap(({ sequence, notificationId }): InboxEvent[] =>
        sequence === null ? [] : [{ name: 'inbox.appended', userId, sequence, notificationId }],
      );
      const reached =
        events.length === limit ? events.at(-1)!.sequence : (found[0]?.head ?? positions[index]!);
      return { events, reached };
    });
  }
}
