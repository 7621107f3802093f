import type { Transaction } from '../database/transaction';
import { ForbiddenError, UnknownUserError } from '../errors';
import { isStorable } from '../input/text';

/** The users whom a new conversation, or a new participant, brings together. */
interface Together {
  /** Ids of the users who are new. */
  newcomers: readonly string[];
  /** Ids of the users with whom none of the newcomers may have a block. */
  others: readonly string[];
}

const BLOCK = `select from blocks where (blocker_id = any($1) and blocked_id = any($2))
  or (blocker_id = any($2) and blocked_id = any($1))`;

/**
 * Locks for all the users or for none: the conditions are looked at before, so that a request that
 * is refused holds up nobody.
 */
const LOCK = `select id from users where id = any($3) and deactivated_at is null
    and (select count(*) from users where id = any($3) and deactivated_at is null)
      = cardinality($3::text[])
    and not exists (${BLOCK})
  order by id for share`;

/**
 * Locks the rows of the actor and of the newcomers until the commit, by id, once all of them are
 * active and no block is between a newcomer and one of the others.
 *
 * Blocking locks the rows of its two users, too. So a block that was committed before is seen
 * behind the lock, and a new block waits for this transaction to commit.
 *
 * @throws {ForbiddenError} when the actor has been deactivated, or when there is such a block
 * @throws {NotFoundError} when one of the newcomers is unknown or deactivated
 */
export async function lockPeople(
  transaction: Transaction,
  actorId: string,
  { newcomers, others }: Together,
): Promise<void> {
  if (!newcomers.every(isStorable)) throw new UnknownUserError();
  const userIds = [actorId, ...newcomers];
  const locked = await transaction.query(LOCK, [newcomers, others, userIds]);
  if (locked.length < userIds.length) throw await refusal(transaction, actorId, newcomers);
  const blocks = await transaction.query(`${BLOCK} limit 1`, [newcomers, others]);
  if (blocks.length > 0) throw new ForbiddenError();
}

/** Returns the error of people who could not be locked. An unknown user comes before a block. */
async function refusal(
  transaction: Transaction,
  actorId: string,
  newcomers: readonly string[],
): Promise<Error> {
  const rows = await transaction.query<{ id: string }>(
    'select id from users where id = any($1) and deactivated_at is null',
    [[actorId, ...newcomers]],
  );
  const active = new Set(rows.map(({ id }) => id));
  const isUnknown = active.has(actorId) && newcomers.some((id) => !active.has(id));
  return isUnknown ? new UnknownUserError() : new ForbiddenError();
}
