import { byPlace, columnsOf, isUuid, pickEntity, toEntity } from '../database/rows';
import type { Queryable, Transaction } from '../database/transaction';
import { ForbiddenError } from '../errors';
import type { LockedLog } from '../log/conversation.log';
import type { Caller } from '../people/caller';
import { batched } from '../runtime/batches';
import { Conversation } from './conversation.entity';
import { Participant } from './participant.entity';

/** What the viewer is to a conversation that they may read. */
export interface Access {
  conversation: Conversation;
  /** Null for a service token. */
  participant: Participant | null;
}

/** A conversation whose row this transaction holds: nothing in it changes until the commit. */
export interface LockedConversation extends LockedLog {
  conversation: Conversation;
  /** Those present, in the order of joining. */
  participants: readonly Participant[];
  /** User ids of those present who may use the service. */
  active: readonly string[];
  /** It is a pair's, and one of them has blocked the other. */
  blocked: boolean;
  /** The viewer's own participation; null for a service token or the system. */
  participant: Participant | null;
}

/** Who wants to come in; the system is Parley itself, for what no person asked for. */
export type Actor = Caller | { readonly kind: 'system' };

/** Who wants to read what. */
interface AccessQuery {
  conversationId: string;
  userId: string;
}

const OF_CONVERSATION = 'conversation.';

const ACCESS = `select asked.place, ${columnsOf(Participant, 'p')}, ${columnsOf(Conversation, 'c', OF_CONVERSATION)}
  from unnest($1::uuid[], $2::text[]) with ordinality as asked (conversation_id, user_id, place)
  join participants p on p.conversation_id = asked.conversation_id and p.user_id = asked.user_id and p.left_at is null
  join users u on u.id = p.user_id and u.deactivated_at is null
  join conversations c on c.id = p.conversation_id`;

const LOCK = `select ${columnsOf(Conversation, 'c')} from conversations c where id = $1 for no key update`;

const PRESENT = `select ${columnsOf(Participant, 'p')}, u.deactivated_at as "deactivatedAt",
    exists (select from blocks b join participants o on o.conversation_id = p.conversation_id and o.user_id = b.blocked_id
      and o.left_at is null where b.blocker_id = p.user_id) as "blocksOne",
    clock_timestamp()::timestamptz(3) as now
  from participants p join users u on u.id = p.user_id
  where p.conversation_id = $1 and p.left_at is null order by p.joined_at, p.user_id`;

type PresentRow = Participant & { deactivatedAt: Date | null; blocksOne: boolean; now: Date };

/**
 * Who has a conversation open right now: user ids. Unknown means nobody. Asked before a lock is taken; who closes it
 * between is notified late, some seconds after (see the presence service).
 */
export type FindViewing = (conversationId: string) => Promise<readonly string[]>;

/** The same of this node alone, which is known at once. */
export type FindViewingHere = (conversationId: string) => ReadonlySet<string>;

/**
 * The only door to a conversation. "Not yours" and "not there" are the same answer, an error that
 * says nothing, whatever the id.
 */
export class ConversationAccess {
  /** Asked for each subscription twice: when many come back at once, they share the statements. */
  private readonly accesses = batched((asked: readonly AccessQuery[]) => this.readAccesses(asked));

  constructor(private readonly database: Queryable) {}

  /**
   * For reading: present participants and service tokens come in.
   *
   * @throws {ForbiddenError}
   */
  async read(caller: Caller, conversationId: string): Promise<Access> {
    if (!isUuid(conversationId)) throw new ForbiddenError();
    if (caller.kind === 'service')
      return { conversation: await this.find(conversationId), participant: null };
    const [access] = await this.accesses([{ conversationId, userId: caller.userId }]);
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
   * For writing: locks the conversation first and looks at everything else afterwards, in statements of
   * their own. A statement's snapshot is older than the lock it waited for, so one that did both would
   * let somebody write who was removed while it waited.
   *
   * @param viewing user ids of those who have it open, where what is written notifies the others
   * @throws {ForbiddenError}
   */
  async lock(
    transaction: Transaction,
    actor: Actor,
    conversationId: string,
    viewingUserIds: readonly string[] = [],
  ): Promise<LockedConversation> {
    if (!isUuid(conversationId)) throw new ForbiddenError();
    const [row] = await transaction.query<Conversation>(LOCK, [conversationId]);
    if (!row) throw new ForbiddenError();
    const present = await transaction.query<PresentRow>(PRESENT, [conversationId]);
    const own =
      actor.kind === 'user' ? present.find((one) => one.userId === actor.userId) : undefined;
    if (actor.kind === 'user' && (!own || own.deactivatedAt)) throw new ForbiddenError();
    const participants = present.map(({ deactivatedAt, blocksOne, now, ...participant }) =>
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
      blocked: row.kind === 'PAIR' && present.some((one) => one.blocksOne),
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

/**
 * For what writes content or offers.
 *
 * @throws {ForbiddenError} between two people of whom one blocked the other
 */
export function requireUnblocked(locked: LockedConversation): void {
  if (locked.blocked) throw new ForbiddenError();
}

/** The database's clock, which alone decides what is over. */
export async function databaseNow(database: Queryable): Promise<Date> {
  const [row] = await database.query<{ now: Date }>(
    'select clock_timestamp()::timestamptz(3) as now',
  );
  return row!.now;
}
