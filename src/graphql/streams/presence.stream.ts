import { type HintStream, StateHints } from '../../delivery/hint.stream';
import { BadUserInputError } from '../../errors';
import { type BusEvent, topics } from '../../events';
import { requireUser, userIdOf } from '../../people/caller';
import type { Context } from '../context';
import type { Presence } from '../presence.type';
import { closeOnFailure, hintFailure, hintSeat } from './seat.options';

/** Users whom one presence subscription may watch. */
const MAX_WATCHED = 200;

type Change = 'presence' | 'block';

/**
 * The present state of each user, then changes. Of a user whose presence the caller may not know,
 * the present state says offline, and no change follows.
 *
 * @param userIds null: the users whom the caller talked with most recently
 * @throws {BadUserInputError} more than 200
 */
export async function presenceStream(
  context: Context,
  userIds: readonly string[] | null,
): Promise<HintStream<Presence>> {
  if (userIds && userIds.length > MAX_WATCHED)
    throw new BadUserInputError('userIds', `must be at most ${MAX_WATCHED}`);
  const { conversations, delivery } = context.services;
  const callerId = userIdOf(context.caller);
  const watched = new Set(userIds ?? (await recentPartners()));

  async function recentPartners(): Promise<string[]> {
    const { userId } = requireUser(context.caller);
    return conversations.reader.recentPartners(userId, MAX_WATCHED);
  }

  function changeOf(event: BusEvent): readonly [userId: string, Change] | null {
    const change = changeIn(event, callerId);
    return change && watched.has(change[0]) ? change : null;
  }

  const listened = [...watched].map(topics.presence);
  if (callerId !== null) listened.push(topics.user(callerId));
  const accepts = (event: BusEvent) => changeOf(event) !== null;
  const seat = await delivery.hub.subscribe(listened, hintSeat(context, accepts));
  const told = new Map<string, string>();

  async function read(ids: readonly string[]): Promise<Presence[]> {
    const { presence } = context.forEvent().loaders;
    const found = await presence.loadMany(ids.map((id) => ({ callerId, id })));
    const failure = found.find((one) => one instanceof Error);
    if (failure) throw failure;
    return found as Presence[];
  }

  /** Notes a state as told; false when it is told already. */
  function isNews({ id, visible, online, lastSeenAt }: Presence): boolean {
    const state = [visible, online, lastSeenAt !== null].join();
    if (told.get(id) === state) return false;
    told.set(id, state);
    return true;
  }

  async function lookUp(changes: ReadonlyMap<string, Change>): Promise<Presence[]> {
    const found = await read([...changes.keys()]);
    // A block or its end shows in the presence of whoever shares a conversation with the caller.
    return found
      .filter(({ id, visible, shared }) => (changes.get(id) === 'block' ? shared : visible))
      .filter(isNews);
  }

  // Read after the seat is taken, so that no change falls between.
  const present = await closeOnFailure(seat, () => read([...watched]));
  const merge = (earlier: Change, later: Change) => (earlier === 'block' ? earlier : later);
  return new StateHints(
    seat,
    hintFailure(context),
    { changeOf, merge, lookUp },
    present.filter(isNews),
  );
}

/** The user whose presence may look different to the caller after this event. */
function changeIn(
  event: BusEvent,
  callerId: string | null,
): readonly [userId: string, Change] | null {
  if (event.name === 'presence.changed') return [event.userId, 'presence'];
  if (event.name !== 'block.changed') return null;
  return [event.blockerId === callerId ? event.blockedId : event.blockerId, 'block'];
}
