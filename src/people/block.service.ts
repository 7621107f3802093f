import type { Bus } from '../bus/bus';
import { columnsOf, toEntity } from '../database/rows';
import type { Queryable, Transaction, Transactions } from '../database/transaction';
import { BadUserInputError, UnknownUserError } from '../errors';
import { topics } from '../events';
import { isStorable, storable } from '../input/text';
import type { RateLimit } from '../rate-limit/rate.limit';
import { batched } from '../runtime/batches';
import { type Caller, requireUser } from './caller';
import { User, type UserPair } from './user.entity';

/** Makes or removes a block, and returns a row if there was anything to change. */
type ChangeOfBlock = (
  transaction: Transaction,
  own: string,
  isBlocking: boolean,
) => Promise<unknown[]>;

/**
 * Blocks between users. A block is made by one user, who alone can remove it, and it hides the two
 * from each other.
 */
export class BlockService {
  /**
   * Returns for each pair, in their order, true when either of the two blocks the other. Each
   * subscriber asks for each hint about another user, so checks that wait for each other's
   * statement share the next one.
   */
  readonly areBetween = batched((pairs: readonly UserPair[]) => this.readBetween(pairs));

  constructor(
    private readonly database: Queryable,
    private readonly transactions: Transactions,
    private readonly bus: Bus,
    /** The limit of what a user writes, beside messages, offers and new conversations. */
    private readonly writes: RateLimit,
  ) {}

  /**
   * Blocks a user for the caller. Changes nothing when the caller blocks the user already. After
   * this has resolved, neither of the two can send or edit a message, or make or accept an offer,
   * in their pair's conversation. They cannot be brought together in a further conversation either.
   *
   * @returns the blocked user
   * @throws {BadUserInputError} when the user is the caller
   * @throws {NotFoundError} when the user is unknown
   * @throws {ForbiddenError} for a service token
   * @throws {RateLimitedError} when the caller exceeds the limit of writes
   */
  async block(caller: Caller, userId: string): Promise<User> {
    const { user } = await this.change(caller, userId, async (transaction, own, isBlocking) => {
      // The transaction that wrote the block has waited for the locks.
      if (isBlocking) return [];
      // These locks wait for work between the two that is under way, and work that begins later
      // waits for them, and then sees the block. Starting a conversation and adding a user to a
      // group lock the users; all other writes lock the pair's conversation.
      await transaction.query(
        'select from users where id in ($1, $2) order by id for no key update',
        [own, userId],
      );
      await transaction.query(
        `select from conversations where (pair_low, pair_high) in (($1, $2), ($2, $1))
           order by id for no key update`,
        [own, userId],
      );
      return transaction.query(
        `insert into blocks (blocker_id, blocked_id) values ($1, $2)
         on conflict do nothing returning blocker_id`,
        [own, userId],
      );
    });
    return user;
  }

  /**
   * Removes the caller's block of a user. Changes nothing when there is none.
   *
   * @returns the user; `changed` is false when the caller did not block them
   * @throws as {@link block}
   */
  async unblock(caller: Caller, userId: string): Promise<{ user: User; changed: boolean }> {
    return this.change(caller, userId, (transaction, own) =>
      transaction.query(
        'delete from blocks where blocker_id = $1 and blocked_id = $2 returning blocker_id',
        [own, userId],
      ),
    );
  }

  /**
   * Returns the users whom the caller blocks, the newest block first.
   *
   * @throws {ForbiddenError} for a service token
   */
  async blockedBy(caller: Caller): Promise<User[]> {
    const { userId } = requireUser(caller);
    const rows = await this.database.query<User>(
      `select ${columnsOf(User, 'u')} from blocks b join users u on u.id = b.blocked_id
       where b.blocker_id = $1 order by b.created_at desc, u.id`,
      [userId],
    );
    return rows.map((row) => toEntity(User, row));
  }

  /** Returns for each pair, in their order, true when `one` blocks `other`. */
  async areBlocking(pairs: readonly UserPair[]): Promise<boolean[]> {
    const rows = await this.database.query<{ blocks: boolean }>(
      `select exists (select from blocks where blocker_id = pair.one
         and blocked_id = pair.other) as blocks
       from unnest($1::text[], $2::text[]) with ordinality as pair (one, other, place)
         order by pair.place`,
      [pairs.map(({ one }) => storable(one)), pairs.map(({ other }) => storable(other))],
    );
    return rows.map((row) => row.blocks);
  }

  /** Returns true when either of the two users blocks the other; see {@link areBetween}. */
  async isBetween(one: string, other: string): Promise<boolean> {
    const [isBlocked] = await this.areBetween([{ one, other }]);
    return isBlocked!;
  }

  private async readBetween(pairs: readonly UserPair[]): Promise<boolean[]> {
    const rows = await this.database.query<{ blocked: boolean }>(
      `select is_blocked(pair.one, pair.other) as blocked
       from unnest($1::text[], $2::text[]) with ordinality as pair (one, other, place)
         order by pair.place`,
      [pairs.map(({ one }) => storable(one)), pairs.map(({ other }) => storable(other))],
    );
    return rows.map((row) => row.blocked);
  }

  private async change(
    caller: Caller,
    userId: string,
    work: ChangeOfBlock,
  ): Promise<{ user: User; changed: boolean }> {
    const { userId: own } = requireUser(caller);
    if (own === userId) throw new BadUserInputError('input.userId', 'must be somebody else');
    return this.writes.run(own, () => this.changeCounted(own, userId, work));
  }

  private changeCounted(
    own: string,
    userId: string,
    work: ChangeOfBlock,
  ): Promise<{ user: User; changed: boolean }> {
    return this.transactions.run(async (transaction) => {
      const [row] = isStorable(userId)
        ? await transaction.query<User & { isBlocking: boolean }>(
            `select ${columnsOf(User, 'u')}, exists (select from blocks
               where blocker_id = $2 and blocked_id = u.id) as "isBlocking"
             from users u where id = $1`,
            [userId, own],
          )
        : [];
      if (!row) throw new UnknownUserError();
      const { isBlocking, ...user } = row;
      const changed = await work(transaction, own, isBlocking);
      const event = { name: 'block.changed', blockerId: own, blockedId: userId } as const;
      if (changed.length > 0)
        transaction.afterCommit(() =>
          this.bus.publish([own, userId].map((id) => ({ topic: topics.user(id), event }))),
        );
      return { user: toEntity(User, user), changed: changed.length > 0 };
    });
  }
}
