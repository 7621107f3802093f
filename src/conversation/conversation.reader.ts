import {
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
import { Batches, batched, isOutage } from '../runtime/batches';
import { Conversation } from './conversation.entity';
import { Participant } from './participant.entity';

const CONVERSATIONS: PagedList = { name: 'conversations', key: ['time', 'uuid'] };

const ACCOUNT = 'account.';

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

/** Pairs of users in one statement. */
const MAX_PAIRS = 2_000;
/**
 * From this number of pairs on in one statement, the next one waits for more. When a node has
 * restarted, all its users subscribe to the presence of others within seconds, and those who do so
 * at about the same time share a statement.
 */
const CROWD = 20;
const CROWD_PAUSE_MS = 10;

const PAIRS = 'unnest($1::text[], $2::text[]) with ordinality as pair (one, other, place)';

const SHARED = `(pair.one = pair.other or exists (
  select from participants own
  join participants theirs
    on theirs.conversation_id = own.conversation_id and theirs.left_at is null
  where own.user_id = pair.one and own.left_at is null and theirs.user_id = pair.other
))`;

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

  private readonly acquaintances = new Batches<UserPair, Acquaintance>({
    work: (pairs) => this.readAcquaintances(pairs),
    maxSize: MAX_PAIRS,
    pauseMs: ({ length }) => (length >= CROWD && length < MAX_PAIRS ? CROWD_PAUSE_MS : 0),
    isSafeToRetry: () => false,
    failsWaiting: isOutage,
  });

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
    const [updatedAt = null, id = null] = request.after ?? [];
    const rows = await this.database.query<Conversation>(
      `select ${columnsOf(Conversation, 'c')}
       from participants p join conversations c on c.id = p.conversation_id
       where p.user_id = $1 and p.left_at is null and p.archived = $2
         and ($3::timestamptz is null or (c.updated_at, c.id) < ($3::timestamptz, $4::uuid))
       order by c.updated_at desc, c.id desc limit $5`,
      [userId, archived, updatedAt, id, request.limit + 1],
    );
    const conversations = rows.map((row) => toEntity(Conversation, row));
    const keyOf = (row: Conversation) => [row.updatedAt.toISOString(), row.id];
    return toPage(CONVERSATIONS, request, conversations, keyOf, request.after !== null);
  }

  /**
   * Returns for each pair, in the order of `pairs`, the relation of the two and the account of the
   * second. Reads share statements as in `byIds`.
   */
  acquaintancesOf(pairs: readonly UserPair[]): Promise<Acquaintance[]> {
    return Promise.all(pairs.map((pair) => this.acquaintances.submit(pair)));
  }

  /**
   * Returns the ids of at most `limit` users who share a conversation with this user. The users of
   * the conversation with the newest activity come first.
   */
  async recentPartners(userId: string, limit: number): Promise<string[]> {
    const rows = await this.database.query<{ userId: string }>(
      `select theirs.user_id as "userId" from participants own
       join conversations c on c.id = own.conversation_id
       join participants theirs
         on theirs.conversation_id = c.id and theirs.left_at is null and theirs.user_id <> $1
       where own.user_id = $1 and own.left_at is null
       group by theirs.user_id order by max(c.updated_at) desc limit $2`,
      [userId, limit],
    );
    return rows.map((row) => row.userId);
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
