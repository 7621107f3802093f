/**
 * Counts what users have not read: notifications, and conversations in their list.
 *
 * Both counts are exact to 999, then 1000. So they cost no more for a user who has read nothing for
 * years.
 *
 * A conversation is unread when its head is beyond the reading mark, and a message there is
 * another's and not deleted. This is known from three tables together, so no index finds unread
 * conversations. The table `list_entries` narrows them down: an event marks the entry of each
 * participant as not settled, unless an earlier event of the same minute has done so. The count
 * looks at these alone, the newest first, and asks the three tables about each.
 *
 * Reading does not settle an entry. It would have to lock the conversation for that, at each
 * message and for each reader, and the next message would wait. Instead, a count that has met many
 * entries with nothing unread has them settled after it. So what was read costs one look at a later
 * count, and the counts are always true.
 */
import { toEntity } from '../database/rows';
import type { Queryable, Transactions } from '../database/transaction';
import type { Logger } from '../logger';
import { Inbox } from './notification.entity';

/** The greatest number that is counted. */
const MAX_COUNT = 1_000;
/**
 * The largest number of entries that a count usually looks at: the unread ones, and a few with
 * nothing unread.
 */
const MAX_SEEN = MAX_COUNT + 100;
/** From so many entries on with nothing unread, they are settled after the count. */
const SETTLED_FROM = 20;
/** The largest number of statements that settle a user's entries after one count. */
const MAX_ROUNDS = 100;

const COUNTS = `select i.user_id as id, i.last_sequence as "lastNotificationSequence",
    (select count(*)::integer from (select from notifications
      where user_id = i.user_id and read_at is null limit ${MAX_COUNT}) n)
      as "unreadNotificationCount",
    least(list.unread, ${MAX_COUNT}) as "unreadConversationCount",
    list.seen, list.unread
  from inboxes i cross join lateral (
    select count(*)::integer as seen, (count(*) filter (where unread))::integer as unread
    from (
      select c.last_sequence > p.last_read_sequence and exists (select from messages m
          where m.conversation_id = c.id and m.sequence > p.last_read_sequence
            and m.deleted_at is null and m.sender_id is distinct from i.user_id) as unread
      from list_entries e
      join participants p on p.conversation_id = e.conversation_id and p.user_id = e.user_id
      join conversations c on c.id = e.conversation_id
      where e.user_id = i.user_id and not e.settled and not e.archived
      order by e.active_minute desc limit $2
    ) entry
  ) list where i.user_id = any($1)`;

/** An inbox, with the numbers of entries that were seen, and of those that are unread. */
interface CountsRow extends Inbox {
  seen: number;
  unread: number;
}

/** Counts what users have not read. */
export class Badges {
  private readonly settling = new Set<string>();

  constructor(
    private readonly database: Queryable,
    private readonly transactions: Transactions,
    private readonly logger: Logger,
  ) {}

  /** Returns the badges of each user, in the order of `userIds`. Does not check access. */
  async of(userIds: readonly string[]): Promise<Inbox[]> {
    const rows = await this.count(userIds, MAX_SEEN);
    const cut = rows.filter(({ seen, unread }) => seen === MAX_SEEN && unread < MAX_COUNT);
    // Users who have read more than usual since their last count.
    const whole = cut.length > 0 ? await this.count(idsOf(cut), 2 ** 31 - 1) : [];
    for (const { id, seen, unread } of [...rows, ...whole])
      if (seen - unread >= SETTLED_FROM) this.settle(id);
    const inboxes = new Map([...rows, ...whole].map((row) => [row.id, toInbox(row)]));
    return userIds.map((id) => inboxes.get(id)!);
  }

  private count(userIds: readonly string[], limit: number): Promise<CountsRow[]> {
    return this.database.query<CountsRow>(COUNTS, [userIds, limit]);
  }

  /** Settles the user's entries in the background. When that fails, a later count does it again. */
  private settle(userId: string): void {
    if (this.settling.has(userId)) return;
    this.settling.add(userId);
    this.settleAll(userId)
      .catch((error: unknown) => this.logger.debug({ err: error }, 'list entries not settled'))
      .finally(() => this.settling.delete(userId));
  }

  private async settleAll(userId: string): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const [found] = await this.transactions.statement<{ settled: number }>(
        'select settle_list_entries($1, $2) as settled',
        [userId, MAX_SEEN],
      );
      if (found!.settled === 0) return;
    }
  }
}

function idsOf(rows: readonly CountsRow[]): string[] {
  return rows.map(({ id }) => id);
}

function toInbox({ seen: _, unread: __, ...inbox }: CountsRow): Inbox {
  return toEntity(Inbox, inbox);
}
