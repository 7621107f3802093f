import { type HintStream, type StateChanges, StateHints } from '../../delivery/hint.stream';
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
  const callerId = userIdOf(context.caller);
  const watched = new WatchedUsers(context, callerId, userIds ?? (await recentPartners(context)));
  const listened = watched.ids.map(topics.presence);
  if (callerId !== null) listened.push(topics.user(callerId));
  const accepts = (event: BusEvent) => watched.changeOf(event) !== null;
  const { hub } = context.services.delivery;
  const seat = await hub.subscribe(listened, hintSeat(context, accepts));
  // Read after the seat is taken, so that no change falls between.
  const present = await closeOnFailure(seat, () => watched.present());
  return new StateHints(seat, hintFailure(context), watched, present);
}

function recentPartners(context: Context): Promise<string[]> {
  const { userId } = requireUser(context.caller);
  return context.services.conversations.reader.recentPartners(userId, MAX_WATCHED);
}

/** The users whom one subscription watches, and what it was told of each. */
class WatchedUsers implements StateChanges<Change, Presence> {
  readonly ids: readonly string[];
  private readonly watched: ReadonlySet<string>;
  private readonly told = new Map<string, string>();

  constructor(
    private readonly context: Context,
    private readonly callerId: string | null,
    userIds: readonly string[],
  ) {
    this.watched = new Set(userIds);
    this.ids = [...this.watched];
  }

  async present(): Promise<Presence[]> {
    return (await this.read(this.ids)).filter((presence) => this.isNews(presence));
  }

  changeOf(event: BusEvent): readonly [userId: string, Change] | null {
    const change = changeIn(event, this.callerId);
    return change && this.watched.has(change[0]) ? change : null;
  }

  merge(earlier: Change, later: Change): Change {
    return earlier === 'block' ? earlier : later;
  }

  async lookUp(changes: ReadonlyMap<string, Change>): Promise<Presence[]> {
    const found = await this.read([...changes.keys()]);
    return found.filter((presence) => {
      const { id, visible, shared } = presence;
      // A block, or its end, is news of everyone who shares a conversation with the caller.
      const isTheirs = changes.get(id) === 'block' ? shared : visible;
      return isTheirs && this.isNews(presence);
    });
  }

  private async read(ids: readonly string[]): Promise<Presence[]> {
    const { callerId } = this;
    const { presence } = this.context.forEvent().loaders;
    const found = await presence.loadMany(ids.map((id) => ({ callerId, id })));
    const failure = found.find((one) => one instanceof Error);
    if (failure) throw failure;
    return found as Presence[];
  }

  /** Notes a state as told; false when it was told already. */
  private isNews({ id, visible, online, lastSeenAt }: Presence): boolean {
    const state = [visible, online, lastSeenAt !== null].join();
    if (this.told.get(id) === state) return false;
    this.told.set(id, state);
    return true;
  }
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
