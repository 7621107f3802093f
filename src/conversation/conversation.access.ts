/**
 * The only door to a conversation. It checks access, and it locks a conversation for writing.
 *
 * Reading: `read` admits a user who is active and a present participant, and a service token.
 *
 * Writing: `lock` admits the same callers, and Parley itself. It locks the conversation's row until
 * the end of the transaction, and reads the participants and the blocks in a later statement. One
 * statement for both would be wrong, because a statement sees what was committed when it began. If
 * it waited for the lock, it would read the participants as they were before the wait. A user who
 * was removed during the wait could still write (decision 2).
 *
 * The locking statement itself asks `may_write`, a function of the database, and locks nothing for
 * a caller who may not write. Otherwise a user who only knows an id would hold up the participants.
 * Work that finds its conversation by the id of a message or an offer asks the same function before
 * its transaction begins.
 *
 * Until the transaction ends, no other transaction adds an event to the log of a locked
 * conversation, writes its messages or offers, or lets a user join or leave it. In a pair, neither
 * user can block the other. A deactivation takes effect at once, but ends the user's offers only
 * after it has got this lock. The lock does not cover reading marks and archived flags. `now` is
 * read after the lock, so the times of events are in the order of their sequences.
 *
 * Locks are taken in this order everywhere: conversations by id, then offer, then participant, then
 * inboxes by user id. Starting a conversation, adding a user and blocking also lock the users, by
 * id: after a group's conversation, before a pair's. Work on several conversations (deactivation)
 * takes one transaction for each. Inboxes are locked by the last statement of a transaction,
 * because other conversations need them, too.
 *
 * For a conversation that is not the caller's, one that does not exist, and a malformed id the
 * caller gets the same error, without details. So no caller can find out which ids exist.
 */
import { byPlace, columnsOf, isUuid, pickEntity, toEntity } from '../database/rows';
import type { Queryable, Transaction, Transactions } from '../database/transaction';
import { ForbiddenError, UnavailableError } from '../errors';
import type { LockedLog } from '../log/conversation.log';
import type { Caller } from '../people/caller';
import { batchedByUrgency, type Urgency } from '../runtime/batches';
import { Lanes } from '../runtime/lanes';
import { Conversation } from './conversation.entity';
import { Participant } from './participant.entity';

/** A conversation that the caller may read, and the caller's participation in it. */
export interface Access {
  conversation: Conversation;
  /** null for a service token. */
  participant: Participant | null;
}

/**
 * A conversation whose row this transaction has locked. The top of this file says what a lock
 * guarantees.
 */
export interface LockedConversation extends LockedLog {
  conversation: Conversation;
  /** The participants who are present, in the order of joining. */
  participants: readonly Participant[];
  /** User ids of the present participants who are not deactivated, in the order of joining. */
  active: readonly string[];
  /** The caller's own participation; null for a service token and for Parley itself. */
  participant: Participant | null;
}

/** A caller, or Parley itself (`system`) for work that no caller requested. */
export type Actor = Caller | { readonly kind: 'system' };

/** One access check of a batch: may this user read this conversation? */
interface AccessQuery {
  conversationId: string;
  userId: string;
}

const OF_CONVERSATION = 'conversation.';

const ACCESS = `select asked.place, ${columnsOf(Participant, 'p')},
    ${columnsOf(Conversation, 'c', OF_CONVERSATION)}
  from unnest($1::uuid[], $2::text[]) with ordinality as asked (conversation_id, user_id, place)
  join participants p on p.conversation_id = asked.conversation_id and p.user_id = asked.user_id
    and p.left_at is null
  join users u on u.id = p.user_id and u.deactivated_at is null
  join conversations c on c.id = p.conversation_id`;

const LOCK = `select ${columnsOf(Conversation, 'c')} from conversations c
  where id = $1 and ($2::text is null or may_write(id, $2, $3)) for no key update`;

/**
 * The pair's ids are compared in the collation of the blocks' index. In their own collation, "C",
 * each lock would read all blocks that there are.
 */
const PRESENT = `select ${columnsOf(Participant, 'p')}, u.deactivated_at as "deactivatedAt",
    exists (select from conversations c
      join blocks b on b.blocker_id = c.pair_low collate "default"
        and b.blocked_id = c.pair_high collate "default"
      where c.id = $1)
    or exists (select from conversations c
      join blocks b on b.blocker_id = c.pair_high collate "default"
        and b.blocked_id = c.pair_low collate "default"
      where c.id = $1) as blocked,
    clock_timestamp()::timestamptz(3) as now
  from participants p join users u on u.id = p.user_id
  where p.conversation_id = $1 and p.left_at is null order by p.joined_at, p.user_id`;

export interface LockOptions {
  /**
   * Ids of the users who have the conversation open; they are not notified of what is written.
   * Needed only for a write that notifies the other participants. Default: none.
   */
  viewingUserIds?: readonly string[];
  /** False for a write that is refused when one of a pair has blocked the other. */
  acrossBlock: boolean;
}

/** `blocked` is the same in each row: it is of the pair that the conversation belongs to. */
type PresentRow = Participant & { deactivatedAt: Date | null; blocked: boolean; now: Date };

/**
 * Returns the ids of the users who have a conversation open at this moment. Users on other nodes
 * are missing while Redis is away. It is called before the conversation is locked. A user who
 * closes the conversation in between is notified late, some seconds later (see the presence
 * service).
 */
export type FindViewing = (conversationId: string) => Promise<readonly string[]>;

/** As long as a request waits for a connection, and then for a lock. */
const MAX_WAIT_MS = 4_500;

/** Checks access to conversations, and locks them. */
export class ConversationAccess {
  /**
   * A subscription to a conversation checks access twice. When many clients reconnect at once,
   * their checks share statements.
   */
  private readonly accesses = batchedByUrgency((asked: readonly AccessQuery[]) =>
    this.readAccesses(asked),
  );

  /** The transactions under way and those that wait, by conversation. */
  private readonly lanes = new Lanes({
    width: 1,
    maxWaitMs: MAX_WAIT_MS,
    refusal: () => new UnavailableError(),
  });

  constructor(
    private readonly database: Queryable,
    private readonly transactions: Transactions,
  ) {}

  /**
   * Returns the conversation to a caller who may read it.
   *
   * @param urgency `start` for a subscription that starts: its read gathers others
   * @throws {ForbiddenError} when there is no such conversation, or the caller is a user who is
   *   deactivated or not a present participant
   */
  async read(
    caller: Caller,
    conversationId: string,
    urgency: Urgency = 'request',
  ): Promise<Access> {
    if (!isUuid(conversationId)) throw new ForbiddenError();
    if (caller.kind === 'service')
      return { conversation: await this.find(conversationId), participant: null };
    const [access] = await this.accesses[urgency]([{ conversationId, userId: caller.userId }]);
    if (!access) throw new ForbiddenError();
    return access;
  }

  private async readAccesses(asked: readonly AccessQuery[]): Promise<(Access | null)[]> {
    const rows = await this.database.query<{ place: string }>(ACCESS, [
      asked.map((one) => one.conversationId),
      asked.map((one) => one.userId),
    ]);
    return byPlace(rows, asked.length).map(([row]) => (row ? toAccess(row) : null));
  }

  /**
   * Runs `work` in a transaction that has locked the conversation for writing, and commits it. One
   * such transaction of a conversation is under way on this node, and the others wait in the order
   * in which they came. They would wait for the lock anyway, each with a connection of the pool.
   *
   * @param work may run several times, see {@link Transactions.run}
   * @throws what {@link lock} and `work` throw
   * @throws {UnavailableError} when earlier ones took more than 4.5 s, or the database is away
   */
  write<T>(
    actor: Actor,
    conversationId: string,
    options: LockOptions,
    work: (transaction: Transaction, locked: LockedConversation) => Promise<T>,
  ): Promise<T> {
    return this.lanes.run(conversationId, () =>
      this.transactions.run(async (transaction) =>
        work(transaction, await this.lock(transaction, actor, conversationId, options)),
      ),
    );
  }

  /**
   * Locks the conversation for writing, then reads who is present in it.
   *
   * @throws {ForbiddenError} when there is no such conversation, or the actor is a user who is
   *   deactivated or not a present participant; also when one of a pair has blocked the other,
   *   unless the write is possible `acrossBlock`
   */
  async lock(
    transaction: Transaction,
    actor: Actor,
    conversationId: string,
    { viewingUserIds = [], acrossBlock }: LockOptions,
  ): Promise<LockedConversation> {
    if (!isUuid(conversationId)) throw new ForbiddenError();
    const actorId = actor.kind === 'user' ? actor.userId : null;
    const [row] = await transaction.query<Conversation>(LOCK, [
      conversationId,
      actorId,
      acrossBlock,
    ]);
    if (!row) throw new ForbiddenError();
    const present = await transaction.query<PresentRow>(PRESENT, [conversationId]);
    const own = present.find((one) => one.userId === actorId);
    if (actorId !== null && (!own || own.deactivatedAt)) throw new ForbiddenError();
    if (present[0]?.blocked && !acrossBlock) throw new ForbiddenError();
    const participants = present.map(({ deactivatedAt, blocked, now, ...participant }) =>
      toEntity(Participant, participant),
    );
    return {
      id: row.id,
      conversation: toEntity(Conversation, row),
      lastSequence: row.lastSequence,
      now: present[0]?.now ?? (await databaseNow(transaction)),
      participants,
      participant: participants.find((one) => one.userId === own?.userId) ?? null,
      audience: participants.map((one) => one.userId),
      active: present.filter((one) => !one.deactivatedAt).map((one) => one.userId),
      viewingUserIds,
    };
  }

  private async find(id: string): Promise<Conversation> {
    const [row] = await this.database.query<Conversation>(
      `select ${columnsOf(Conversation, 'c')} from conversations c where id = $1`,
      [id],
    );
    if (!row) throw new ForbiddenError();
    return toEntity(Conversation, row);
  }
}

function toAccess(row: object): Access {
  return {
    conversation: pickEntity(Conversation, row, OF_CONVERSATION),
    participant: pickEntity(Participant, row),
  };
}

/** Returns the time of the database's clock, which alone decides whether a time is over. */
export async function databaseNow(database: Queryable): Promise<Date> {
  const [row] = await database.query<{ now: Date }>(
    'select clock_timestamp()::timestamptz(3) as now',
  );
  return row!.now;
}
