import { EventHints, type HintStream } from '../../delivery/hint.stream';
import type { Seat, SeatOptions } from '../../delivery/seat';
import { type BlockChanged, topics, type ViewersChanged, type ViewersReviewed } from '../../events';
import { userIdOf } from '../../people/caller';
import type { Context } from '../context';
import { isHiddenFrom } from './blocking';
import { conversationSeat } from './conversation.seat';
import { closeOnFailure, hintFailure, hintSeat, named } from './seat.options';

/**
 * The users who have the conversation open now, then changes. The caller is left out, and so are
 * users with a block between them and the caller: a block lets them leave, its end lets them join.
 *
 * @throws {ForbiddenError} the conversation is not the caller's
 */
export async function viewersStream(
  context: Context,
  conversationId: string,
): Promise<HintStream<ViewersChanged>> {
  const presence = context.services.presence.service;
  const callerId = userIdOf(context.caller);
  const accepts = named('viewers.changed', 'viewers.reviewed');
  const seat = await seatWithBlocks(context, conversationId, accepts);
  // Read after the seat is taken, so that no change falls between.
  const [viewers] = await closeOnFailure(seat, () => presence.viewers([conversationId]));
  const present = viewers!.map((userId) => changed(conversationId, userId, 'JOINED'));

  const isHidden = isHiddenFrom(context);
  const isViewer = (userId: string) => presence.isViewer(conversationId, userId);
  const joined = new Set<string>();

  async function tellAfterBlock({
    blockerId,
    blockedId,
  }: BlockChanged): Promise<ViewersChanged | null> {
    const userId = blockerId === callerId ? blockedId : blockerId;
    if (await isHidden(userId))
      return joined.delete(userId) ? changed(conversationId, userId, 'LEFT') : null;
    if (joined.has(userId) || !(await isViewer(userId))) return null;
    joined.add(userId);
    return changed(conversationId, userId, 'JOINED');
  }

  /** Tells again, one by one, what differs from what was told. Each is looked up once more. */
  async function tellReviewed({ userIds, tellsEnds }: ViewersReviewed): Promise<null> {
    const there = new Set(userIds);
    for (const userId of tellsEnds ? joined : [])
      if (!there.has(userId)) seat.pushHint(changed(conversationId, userId, 'LEFT'));
    for (const userId of there)
      if (!joined.has(userId) && (await isViewer(userId)))
        seat.pushHint(changed(conversationId, userId, 'JOINED'));
    return null;
  }

  async function tell(
    event: ViewersChanged | BlockChanged | ViewersReviewed,
  ): Promise<ViewersChanged | null> {
    if (event.name === 'block.changed') return tellAfterBlock(event);
    if (event.name === 'viewers.reviewed') return tellReviewed(event);
    // A user who joined while the present viewers were read is among them, and comes once more.
    if (joined.has(event.userId) === (event.state === 'JOINED')) return null;
    // A user who was told to have joined is told to have left, even if the event of a block since
    // then was lost.
    if (event.state === 'JOINED' && (await isHidden(event.userId))) return null;
    // One node publishes LEFT of the last device, another JOINED of the first, and either may come
    // late. The presence store knows which of them holds.
    const isThere = await isViewer(event.userId);
    if (event.state === 'LEFT') {
      if (isThere) return null;
      joined.delete(event.userId);
      return event;
    }
    joined.add(event.userId);
    if (isThere === false) seat.pushHint(changed(conversationId, event.userId, 'LEFT'));
    return event;
  }

  return new EventHints(seat, hintFailure(context), tell, present);
}

/**
 * A seat for hints at the conversation that also gets the caller's blocks, which come on their own
 * topic.
 */
export async function seatWithBlocks(
  context: Context,
  conversationId: string,
  accepts: SeatOptions['accepts'],
): Promise<Seat> {
  const callerId = userIdOf(context.caller);
  let isFree = false;
  let blocks: Seat | null = null;
  const seat = await conversationSeat(context, conversationId, {
    accepts: (event) => event.name === 'block.changed' || accepts(event),
    isHint: true,
    onClosed() {
      isFree = true;
      blocks?.close();
    },
  });
  if (callerId === null) return seat;
  return closeOnFailure(seat, async () => {
    const { hub } = context.services.delivery;
    const options = hintSeat(context, named('block.changed'));
    blocks = await hub.subscribe([topics.user(callerId)], options);
    if (isFree) blocks.close();
    else forward(blocks, seat);
    return seat;
  });
}

function forward(from: Seat, to: Seat): void {
  from.readBy({ isReady: true, underWay: [], push: (event) => to.pushHint(event), ended() {} });
}

function changed(
  conversationId: string,
  userId: string,
  state: ViewersChanged['state'],
): ViewersChanged {
  return { name: 'viewers.changed', conversationId, userId, state, at: new Date().toISOString() };
}
