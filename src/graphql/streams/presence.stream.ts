import { type HintStream, StateHints } from '../../delivery/hint.stream';
import { BadUserInputError } from '../../errors';
import { requireUser } from '../../people/caller';
import { checkUserId } from '../../people/user.directory';
import type { Context } from '../context';
import type { Presence } from '../presence.type';
import { EVERYONE, MAX_WATCHED, WatchedUsers } from './presence.watch';
import { closeOnFailure, hintFailure } from './seat.options';

/**
 * The present state of each user, then changes. Of a user whose presence the caller may not know,
 * the present state says offline, and no change follows until the caller may know it.
 *
 * @param userIds null: the users whom the caller talked with most recently, and those with whom
 *   they share a conversation from now on
 * @throws {BadUserInputError} more than 200, or one that is no user's id
 */
export async function presenceStream(
  context: Context,
  userIds: readonly string[] | null,
): Promise<HintStream<Presence>> {
  if (userIds === null) requireUser(context.caller);
  else checkWatched(userIds);
  const watched = new WatchedUsers(context, userIds);
  const { seat } = watched.topics;
  const present = await closeOnFailure(seat, () => watched.begin());
  const stream = new StateHints(seat, hintFailure(context), watched, present);
  watched.whenRestored(() => stream.note(EVERYONE, 'relation'));
  return stream;
}

function checkWatched(userIds: readonly string[]): void {
  if (userIds.length > MAX_WATCHED)
    throw new BadUserInputError('userIds', `must be at most ${MAX_WATCHED}`);
  for (const [index, id] of userIds.entries()) checkUserId(`userIds.${index}`, id);
}
