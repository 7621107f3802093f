import type { Bus } from '../bus/bus';
import { columnsOf, toEntity } from '../database/rows';
import type { Queryable, Transaction, Transactions } from '../database/transaction';
import { BadUserInputError, NotFoundError } from '../errors';
import { topics } from '../events';
import { isStorable, storable } from '../input/text';
import { Batches } from '../runtime/batches';
import { type Caller, requireUser, type UserCaller } from './caller';
import { User, type UserPair } from './user.entity';

const MAX_BATCH = 500;

/** Blocks between users. One user makes a block, and it hides both from each other. */
export class BlockService {
  /** Asked for each live event of a person: subscribers that ask together share a statement. */
  private readonly batches = new Batches<UserPair, boolean>({
    work: (pairs) => this.areBetween(pairs),
    maxSize: MAX_BATCH,
    isSafeToRetry: () => false,
  });

  constructor(
    private readonly database: Queryable,
    private readonly transactions: Transactions,
    private readonly bus: Bus,
  ) {}

  /**
   * The caller blocks somebody; blocking them again changes nothing. Once it is answered, nothing
   * that was not written before is written between the two.
   *
   * @throws {BadUserInputError} themselves
   * @throws {NotFoundError} an unknown user
   */
  async block(caller: Caller, userId: string): Promise<User> {
    return this.change(caller, userId, async (transaction, { userId: own }) => {
      // Work under way between the two finishes first, and later work sees the block: conversations
      // that are being started, and somebody's adding to a group, hold the two people; the rest
      // holds the conversations of the pair.
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
  }

  /** The caller takes it back; where there is no block nothing changes. */
  async unblock(caller: Caller, userId: string): Promise<User> {
    return this.change(caller, userId, (transaction, { userId: own }) =>
      transaction.query(
        'delete from blocks where blocker_id = $1 and blocked_id = $2 returning blocker_id',
        [own, userId],
      ),
    );
  }

  /** The users whom the caller blocks, the newest block first. */
  async blockedBy(caller: Caller): Promise<User[]> {
    const { userId } = requireUser(caller);
    const rows = await this.database.query<User>(
      `select ${columnsOf(User, 'u')} from blocks b join users u on u.id = b.blocked_id
       where b.blocker_id = $1 order by b.created_at desc, u.id`,
      [userId],
    );
    return rows.map((row) => toEntity(User, row));
  }

  /** Tells for each pair, in their order, whether `one` blocks `other`. */
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

  /** True when either of the two blocks the other. */
  isBetween(one: string, other: string): Promise<boolean> {
    return this.batches.submit({ one, other });
  }

  /** The same of many, in their order. */
  async areBetween(pairs: readonly UserPair[]): Promise<boolean[]> {
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
    work: (transaction: Transaction, caller: UserCaller) => Promise<unknown[]>,
  ): Promise<User> {
    const own = requireUser(caller);
    if (own.userId === userId) throw new BadUserInputError('input.userId', 'must be somebody else');
    return this.transactions.run(async (transaction) => {
      const [row] = isStorable(userId)
        ? await transaction.query<User>(
            `select ${columnsOf(User, 'u')} from users u where id = $1`,
            [userId],
          )
        : [];
      if (!row) throw new NotFoundError('There is no such user.');
      const changed = await work(transaction, own);
      const event = { name: 'block.changed', blockerId: own.userId, blockedId: userId } as const;
      if (changed.length > 0)
        transaction.afterCommit(() =>
          this.bus.publish([own.userId, userId].map((id) => ({ topic: topics.user(id), event }))),
        );
      return toEntity(User, row);
    });
  }
}
