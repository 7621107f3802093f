import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus } from '../bus/bus';
import { columnsOf, toEntity } from '../database/rows';
import type { Transactions } from '../database/transaction';
import { UnknownUserError } from '../errors';
import { topics } from '../events';
import { isStorable } from '../input/text';
import { type Caller, requireService } from './caller';
import { User } from './user.entity';

const SECOND_MS = 1_000;

/** Makes the tokens of users worthless before they expire. */
export class RevocationService {
  constructor(
    private readonly transactions: Transactions,
    private readonly bus: Bus,
  ) {}

  /**
   * Revokes the tokens of a user that were issued before now. Every node refuses them, and ends the
   * connections that began with them.
   *
   * A token tells the second in which it was issued and no more (`iat`). So all tokens of this
   * second are revoked, and this resolves when the second is over: a token that is issued after it
   * has resolved is accepted.
   *
   * @throws {ForbiddenError} when the caller is not a service token
   * @throws {NotFoundError} when the user is unknown
   */
  async revoke(caller: Caller, userId: string): Promise<User> {
    requireService(caller);
    if (!isStorable(userId)) throw new UnknownUserError();
    const [row] = await this.transactions.statement<
      User & { validFromS: number; secondsLeft: number }
    >(
      `update users as u set tokens_valid_from = greatest(
         u.tokens_valid_from, date_trunc('second', clock_timestamp()) + interval '1 second')
       where id = $1
       returning ${columnsOf(User, 'u')},
         extract(epoch from u.tokens_valid_from)::float8 as "validFromS",
         extract(epoch from u.tokens_valid_from - clock_timestamp())::float8 as "secondsLeft"`,
      [userId],
    );
    if (!row) throw new UnknownUserError();
    const { validFromS, secondsLeft, ...user } = row;
    const event = { name: 'tokens.revoked', userId, validFromS } as const;
    this.bus.publish([{ topic: topics.sessions, event }]);
    // After the database's clock was set back, the stored second may be far ahead.
    await sleep(Math.min(secondsLeft * SECOND_MS, SECOND_MS));
    return toEntity(User, user);
  }
}
