import { userIdOf } from '../../people/caller';
import type { Context } from '../context';

/**
 * Tells whether the caller must not see what a user does live: it is the caller themselves, or
 * there is a block between the two.
 */
export function isHiddenFrom({ caller, services }: Context): (userId: string) => Promise<boolean> {
  const callerId = userIdOf(caller);
  const { blocks } = services.people;
  return async (userId) =>
    callerId !== null && (userId === callerId || blocks.isBetween(callerId, userId));
}
