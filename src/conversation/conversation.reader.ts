import {
  BEFORE_NEWEST,
  type Page,
  type PageArguments,
  type PagedList,
  pageRequest,
  toPage,
} from '../database/page';
import { columnsOf, groupBy, inOrder, pickEntity, toEntity } from '../database/rows';
import type { Queryable } from '../database/transaction';
import { storable } from '../input/text';
import { type Caller, requireUser } from '../people/caller';
import { User, type UserPair } from '../people/user.entity';
import { batched, batchedByUrgency } from '../runtime/batches';
import { Conversation } from './conversation.entity';
import { Participant } from './participant.entity';

const CONVERSATIONS: PagedList = { name: 'conversations', key: ['time', 'uuid'] };

const ACCOUNT = 'account.';

/** Up to this many of each user's conversations are counted, to find the user who has fewer. */
const MAX_COMPARED = 100;

/** The largest number of conversations among which recent partners are looked for. */
const MAX_LOOK_BACK = 4_000;

/**
 * One page of a user's list. List entries are in the order of the minute of the newest activity. So
 * the page is among the entries of the cursor's minute, and those of as many earlier minutes as
 * hold a page.
 */
const LIST = `select ${columnsOf(Conversation, 'c')} from (
    (select conversation_id from list_entries
     where user_id = $1 and archived = $2 and active_minute = minute_of($3))
    union all
    (select conversation_id from list_entries
     where user_id = $1 and archived = $2 and active_minute < minute_of($3)
     order by active_minute desc fetch first $5 rows with ties)
  ) e join conversations c on c.id = e.conversation_id
  where (c.updated_at, c.id) < ($3, $4::uuid)
  order by c.updated_at desc, c.id desc limit $5`;

/** Pairs of user ids. For each, `side` says which of the two has fewer conversations. */
const PAIRS = `unnest($1::text[], $2::text[]) with ordinality as pair (one, other, place)
  cross join lateral (
    select case when one.count <= other.count then pair.one else pair.other end as fewer,
      case when one.count <= other.count then pair.other else pair.one end as more
    from (select count(*) from (select from participants
        where user_id = pair.one and left_at is null limit ${MAX_COMPARED}) seen) one,
      (select count(*) from (select from participants
        where user_id = pair.other and left_at is null limit ${MAX_COMPARED}) seen) other
    offset 0
  ) side`;

/**
 * True when both users of a pair of {@link PAIRS} are present in the same conversation, or are the
 * same user. A live conversation of the two alone is found by its own index. Others are looked for
 * among the conversations of the user who has fewer, as far as a limited count can tell.
 */
const SHARED = `(pair.one = pair.other or exists (
    select from conversations
    where pair_low = least(pair.one collate "C", pair.other collate "C")
      and pair_high = greatest(pair.one collate "C", pair.other collate "C")
  ) or exists (
    select from participants own
    where own.user_id = side.fewer and own.left_at is null and exists (
      select from participants theirs
      where theirs.conversation_id = own.conversation_id and theirs.user_id = side.more
        and theirs.left_at is null
      offset 0)
  ))`;

/** The other users in a user's conversations with the newest activity, the newest first. */
const PARTNERS = `with entries as (
    (select conversation_id, active_minute from list_entries where user_id = $1 and not archived
     order by active_minute desc fetch first $2 rows with ties)
    union all
    (select conversation_id, active_minute from list_entries where user_id = $1 and archived
     order by active_minute desc fetch first $2 rows with ties)
  ), newest as (
    select conversation_id from entries
    order by active_minute desc fetch first $2 rows with ties
  )
  select (select count(*)::integer from newest) as "lookedAt", array(
    select theirs.user_id from newest join conversations c on c.id = newest.conversation_id
    join participants theirs
      on theirs.conversation_id = c.id and theirs.left_at is null and theirs.user_id <> $1
    group by theirs.user_id order by max(c.updated_at) desc limit $3) as "userIds"`;

/** A present participant together with the user's account. */
export type PresentParticipant = Participant & { account: User };

/**
 * The relation of two users: they share no conversation; or they share one, with a block between
 * them or without. A user is acquainted with themselves.
 */
export type Relation = 'strangers' | 'blocked' | 'acquainted';

/** A user as another one stands to them. */
export interface Acquaintance {
  relation: Relation;
  /** null when there is no such user. */
  account: User | null;
}

interface AcquaintanceRow {
  shared: boolean;
  blocked: boolean;
  'account.id': string | null;
}

/** Reads conversations: lists, rows by id, their participants, and the users who share one. */
export class ConversationReader {
  /**
   * Reads conversations, in the order of `ids`; null where there is none. Does not check access.
   * Reads that wait for each other's statement share the next one.
   */
  readonly byIds = batched((ids: readonly string[]) => this.read(ids));

  /**
   * Reads the present participants of each conversation, in the order of `ids` and, in each
   * conversation, of joining. Does not check access. Reads share statements as in `byIds`.
   */
  readonly participantsOf = batched((ids: readonly string[]) => this.readParticipants(ids));

  /**
   * Returns one boolean for each pair, in the order of `pairs`: true when both users are present in
   * the same conversation, or are the same user. Reads share statements as in `byIds`.
   */
  readonly areSharing = batched((pairs: readonly UserPair[]) => this.readSharing(pairs));

  /**
   * Returns for each pair, in the order of `pairs`, the relation of the two and the account of the
   * second. Reads share statements as in `byIds`.
   */
  readonly acquaintancesOf = batchedByUrgency((pairs: readonly UserPair[]) =>
    this.readAcquaintances(pairs),
  );

  constructor(private readonly database: Queryable) {}

  /**
   * Returns one page of the conversations in which the caller is present, either the archived ones
   * or the others, the newest activity first.
   *
   * @throws {ForbiddenError} for a service token
   * @throws {BadUserInputError} when an argument of the page breaks a rule
   */
  async list(caller: Caller, archived: boolean, page: PageArguments): Promise<Page<Conversation>> {
    const { userId } = requireUser(caller);
    const request = pageRequest(CONVERSATIONS, page);
    const [updatedAt, id] = request.after ?? BEFORE_NEWEST;
    const rows = await this.database.query<Conversation>(LIST, [
      userId,
      archived,
      updatedAt,
      id,
      request.limit + 1,
    ]);
    const conversations = rows.map((row) => toEntity(Conversation, row));
    const keyOf = (row: Conversation) => [row.updatedAt.toISOString(), row.id];
    return toPage(CONVERSATIONS, request, conversations, keyOf, request.after !== null);
  }

  /**
   * Returns the ids of at most `limit` users who share a conversation with this user. The users of
   * the conversation with the newest activity come first. A user whom only conversations before the
   * newest {@link MAX_LOOK_BACK} have in common is left out.
   */
  async recentPartners(userId: string, limit: number): Promise<string[]> {
    for (let lookBack = limit; ; lookBack = Math.min(lookBack * 4, MAX_LOOK_BACK)) {
      const [found] = await this.database.query<{ userIds: string[]; lookedAt: number }>(PARTNERS, [
        userId,
        lookBack,
        limit,
      ]);
      const { userIds, lookedAt } = found!;
      const isComplete = userIds.length === limit || lookedAt < lookBack;
      if (isComplete || lookBack >= MAX_LOOK_BACK) return userIds;
    }
  }

  private async readSharing(pairs: readonly UserPair[]): Promise<boolean[]> {
    const rows = await this.database.query<{ shared: boolean }>(
      `select ${SHARED} as shared from ${PAIRS} order by pair.place`,
      pairColumns(pairs),
    );
    return rows.map((row) => row.shared);
  }

  private async readAcquaintances(pairs: readonly UserPair[]): Promise<Acquaintance[]> {
    const rows = await this.database.query<AcquaintanceRow>(
      `select ${SHARED} as shared, is_blocked(pair.one, pair.other) as blocked,
         ${columnsOf(User, 'u', ACCOUNT)}
       from ${PAIRS} left join users u on u.id = pair.other order by pair.place`,
      pairColumns(pairs),
    );
    return rows.map((row) => {
      const account = row['account.id'] === null ? null : pickEntity(User, row, ACCOUNT);
      return { relation: relationOf(row), account };
    });
  }

  private async read(ids: readonly string[]): Promise<(Conversation | null)[]> {
    const rows = await this.database.query<Conversation>(
      `select ${columnsOf(Conversation, 'c')} from conversations c where id = any($1)`,
      [ids],
    );
    return inOrder(
      ids,
      rows.map((row) => toEntity(Conversation, row)),
      (conversation) => conversation.id,
    );
  }

  private async readParticipants(
    conversationIds: readonly string[],
  ): Promise<PresentParticipant[][]> {
    const rows = await this.database.query<object>(
      `select ${columnsOf(Participant, 'p')}, ${columnsOf(User, 'u', ACCOUNT)}
       from participants p join users u on u.id = p.user_id
       where p.conversation_id = any($1) and p.left_at is null order by p.joined_at, p.user_id`,
      [conversationIds],
    );
    return groupBy(
      rows.map((row) =>
        Object.assign(pickEntity(Participant, row), { account: pickEntity(User, row, ACCOUNT) }),
      ),
      (participant) => participant.conversationId,
      conversationIds,
    );
  }
}

function relationOf({ shared, blocked }: { shared: boolean; blocked: boolean }): Relation {
  if (!shared) return 'strangers';
  return blocked ? 'blocked' : 'acquainted';
}

function pairColumns(pairs: readonly UserPair[]): [ones: string[], others: string[]] {
  return [pairs.map(({ one }) => storable(one)), pairs.map(({ other }) => storable(other))];
}
