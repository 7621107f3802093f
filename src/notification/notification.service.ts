import { v7 as uuidv7 } from 'uuid';
import {
  type Page,
  type PageArguments,
  type PagedList,
  pageRequest,
  toPage,
} from '../database/page';
import { columnsOf, inOrder, isUuid, toEntity } from '../database/rows';
import type { Queryable, Transactions } from '../database/transaction';
import { BadUserInputError, ForbiddenError, UnknownUserError } from '../errors';
import {
  checkJson,
  checkText,
  isStorable,
  LONG_TEXT_LENGTH,
  SHORT_TEXT_LENGTH,
} from '../input/text';
import { type InboxLog, MOVED_INBOX, type MovedInbox } from '../log/inbox.log';
import { type Caller, requireService, requireUser } from '../people/caller';
import { batched } from '../runtime/batches';
import type { Badges } from './badges';
import { type Inbox, Notification } from './notification.entity';

const NOTIFICATIONS: PagedList = { name: 'notifications', key: ['integer'] };
/**
 * The largest number of events that one statement notifies of late. It locks the conversation and
 * the inbox meanwhile.
 */
const LATE_PORTION = 200;
/** The largest number of ids in one request. */
const MAX_IDS = 500;

/** The notifications to mark as read. At least one of the two is required. */
export interface MarkNotificationsRead {
  ids?: string[] | null;
  /** All notifications up to and including this sequence. */
  throughSequence?: number | null;
}

/** A notification that the host platform sends to a user. */
export interface NotifyUser {
  userId: string;
  title: string;
  body?: string | null;
  data?: unknown;
  /** Makes a retry safe: with the same key and user the first notification is returned. */
  deduplicationKey?: string | null;
}

/**
 * Reads every user's inbox, marks notifications as read, and writes the notifications that the host
 * platform sends. Notifications of messages and offers are written by the functions of the database
 * that write the message or the offer.
 */
export class NotificationService {
  /**
   * Reads notifications, in the order of `ids`; null where there is none. Does not check access.
   * Reads that wait for each other's statement share the next one.
   */
  readonly byIds = batched((ids: readonly string[]) => this.read(ids));

  constructor(
    private readonly database: Queryable,
    private readonly transactions: Transactions,
    private readonly inboxLog: InboxLog,
    private readonly badges: Badges,
  ) {}

  /**
   * Returns one page of the caller's notifications, the newest or most recently grown first.
   *
   * @throws {ForbiddenError} for a service token
   * @throws {BadUserInputError} when an argument of the page breaks a rule
   */
  async list(
    caller: Caller,
    unreadOnly: boolean,
    page: PageArguments,
  ): Promise<Page<Notification>> {
    const { userId } = requireUser(caller);
    const request = pageRequest(NOTIFICATIONS, page);
    const rows = await this.database.query<Notification>(
      `select ${columnsOf(Notification, 'n')} from notifications n
       where user_id = $1 and added_sequence < $2 ${unreadOnly ? 'and read_at is null' : ''}
       order by added_sequence desc limit $3`,
      [userId, request.after?.[0] ?? 2 ** 31 - 1, request.limit + 1],
    );
    const notifications = rows.map((row) => toEntity(Notification, row));
    return toPage(
      NOTIFICATIONS,
      request,
      notifications,
      (one) => [one.addedSequence],
      request.after !== null,
    );
  }

  private async read(ids: readonly string[]): Promise<(Notification | null)[]> {
    const rows = await this.database.query<Notification>(
      `select ${columnsOf(Notification, 'n')} from notifications n where id = any($1)`,
      [ids],
    );
    return inOrder(
      ids,
      rows.map((row) => toEntity(Notification, row)),
      (notification) => notification.id,
    );
  }

  /** Returns the badges of each user, in the order of `userIds`. Does not check access. */
  inboxes(userIds: readonly string[]): Promise<Inbox[]> {
    return this.badges.of(userIds);
  }

  /**
   * Marks notifications of the caller as read. Those that are read already stay as they are.
   *
   * @returns the notifications that were unread, in the order of their new sequences
   * @throws {BadUserInputError} when there is neither `ids` nor `throughSequence`, or when there
   *   are more than 500 ids
   * @throws {ForbiddenError} when one of the ids is not a notification of the caller; nothing is
   *   written then
   */
  async markRead(
    caller: Caller,
    { ids = null, throughSequence = null }: MarkNotificationsRead,
  ): Promise<Notification[]> {
    const { userId } = requireUser(caller);
    if (ids === null && throughSequence === null)
      throw new BadUserInputError('input.ids', 'or input.throughSequence is required');
    if (ids && ids.length > MAX_IDS)
      throw new BadUserInputError('input.ids', `must be at most ${MAX_IDS}`);
    if (ids) await this.requireOwn(userId, ids);
    const rows = await this.transactions.statement<Notification>(
      `select ${columnsOf(Notification, 'n')} from mark_notifications_read($1, $2, $3) n`,
      [userId, ids ?? [], throughSequence ?? 0],
    );
    const last = rows.at(-1);
    // Only the newest one is published. If this leaves a gap in the sequences, the hub reads the
    // log and finds the others there.
    if (last) this.inboxLog.publish([{ userId, sequence: last.sequence, notificationId: last.id }]);
    return rows.map((row) => toEntity(Notification, row));
  }

  /**
   * Writes a notification of the platform into a user's inbox.
   *
   * @returns the new notification, or the first one with the same `deduplicationKey`
   * @throws {ForbiddenError} when the caller is not a service token
   * @throws {BadUserInputError} when a text or the data breaks a rule
   * @throws {NotFoundError} when the user is unknown or deactivated
   */
  async notify(caller: Caller, input: NotifyUser): Promise<Notification> {
    requireService(caller);
    checkNotification(input);
    const { userId, title, body = null, data = null, deduplicationKey = null } = input;
    if (!isStorable(userId)) throw new UnknownUserError();
    const [written] = await this.transactions.statement<Notification & { created: boolean }>(
      `select n.created, ${columnsOf(Notification, '(n.notification)')}
       from notify_user($1, $2, $3, $4, $5, $6) n`,
      [
        uuidv7(),
        userId,
        title,
        body,
        data === null ? null : JSON.stringify(data),
        deduplicationKey,
      ],
    );
    if (!written) throw new UnknownUserError();
    const { created, ...row } = written;
    const { sequence, id: notificationId } = row;
    if (created) this.inboxLog.publish([{ userId, sequence, notificationId }]);
    return toEntity(Notification, row);
  }

  /**
   * Writes the notifications that a user did not get because they counted as viewing, in portions.
   * Events that the user has read are left out, and so are those before the newest 1,000 of the
   * conversation.
   *
   * @param after the sequence up to which everything was delivered to the user; those events are
   *   left out, too. null when that is not known
   */
  async notifyLate(conversationId: string, userId: string, after: number | null): Promise<void> {
    for (;;) {
      const moved = await this.transactions.statement<MovedInbox>(
        `select ${MOVED_INBOX} from notify_late($1, $2, $3, $4)`,
        [conversationId, userId, after, LATE_PORTION],
      );
      if (moved.length === 0) return;
      this.inboxLog.publish(moved);
    }
  }

  /** @throws {ForbiddenError} when one of the ids is not a notification of the user */
  private async requireOwn(userId: string, ids: readonly string[]): Promise<void> {
    const wanted = [...new Set(ids)];
    const [row] = await this.database.query<{ count: number }>(
      'select count(*)::integer as count from notifications where user_id = $1 and id = any($2)',
      [userId, wanted.filter(isUuid)],
    );
    if (row!.count < wanted.length) throw new ForbiddenError();
  }
}

function checkNotification({ title, body, data, deduplicationKey }: NotifyUser): void {
  checkText('input.title', title, { most: SHORT_TEXT_LENGTH });
  if (body != null) checkText('input.body', body, { least: 0, most: LONG_TEXT_LENGTH });
  if (deduplicationKey != null)
    checkText('input.deduplicationKey', deduplicationKey, { most: SHORT_TEXT_LENGTH });
  checkJson('input.data', data);
}
