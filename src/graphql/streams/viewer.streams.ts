import type { Seat } from '../../delivery/seat';
import { type BlockChanged, topics, type ViewersChanged } from '../../events';
import { userIdOf } from '../../people/caller';
import type { Context } from '../context';
import { conversationSeat, hiddenFrom, liveOnly } from './conversation.streams';
import { guarded, MappedStream, prefaced, seatOptions } from './stream';

/** Who has the conversation open now, then changes; never the viewer's own, and nobody across a block. */
export async function viewersStream(
  context: Context,
  conversationId: string,
): Promise<AsyncIterableIterator<ViewersChanged>> {
  const callerId = userIdOf(context.caller);
  const seat = await viewersSeat(context, conversationId, callerId);
  await prefaced(seat, async () => {
    const [viewers] = await context.services.presence.service.viewers([conversationId]);
    return viewers!.map((userId) => changed(conversationId, userId, 'JOINED'));
  });
  const hidden = hiddenFrom(context);
  const isViewer = (userId: string) =>
    context.services.presence.service.isViewer(conversationId, userId);
  const joined = new Set<string>();

  /** What a block, or its end, makes different. */
  async function afterBlock({
    blockerId,
    blockedId,
  }: BlockChanged): Promise<ViewersChanged | null> {
    const userId = blockerId === callerId ? blockedId : blockerId;
    if (await hidden(userId))
      return joined.delete(userId) ? changed(conversationId, userId, 'LEFT') : null;
    if (joined.has(userId) || !(await isViewer(userId))) return null;
    joined.add(userId);
    return changed(conversationId, userId, 'JOINED');
  }

  return new MappedStream(seat, async (event: ViewersChanged | BlockChanged) => {
    if (event.name === 'block.changed') return afterBlock(event);
    // Who came while the present state was read is in it, and is told of once more.
    if (joined.has(event.userId) === (event.state === 'JOINED')) return null;
    if (await hidden(event.userId)) return null;
    // Different nodes tell of the last device and of the first, and either word may come late: what holds decides.
    const there = await isViewer(event.userId);
    if (event.state === 'LEFT') {
      if (there) return null;
      joined.delete(event.userId);
    } else {
      joined.add(event.userId);
      if (there === false) seat.offerLive(changed(conversationId, event.userId, 'LEFT'));
    }
    return event;
  });
}

/** A seat at the conversation to which the viewer's blocks come too. */
async function viewersSeat(
  context: Context,
  conversationId: string,
  callerId: string | null,
): Promise<Seat> {
  let isFree = false;
  let blocks: Seat | null = null;
  const seat = await conversationSeat(context, conversationId, {
    ...liveOnly('viewers.changed', 'block.changed'),
    onVacated() {
      isFree = true;
      void blocks?.return();
    },
  });
  if (callerId === null) return seat;
  return guarded(seat, async () => {
    const { accepts } = liveOnly('block.changed');
    blocks = await context.services.delivery.hub.subscribe(
      [topics.user(callerId)],
      seatOptions(context, { accepts }),
    );
    if (isFree) await blocks.return();
    void pass(blocks, seat);
  });
}

/** Until the one it comes from ends. */
async function pass(from: Seat, to: Seat): Promise<void> {
  for (let step = await from.next(); !step.done; step = await from.next()) to.offerLive(step.value);
}

function changed(
  conversationId: string,
  userId: string,
  state: ViewersChanged['state'],
): ViewersChanged {
  return { name: 'viewers.changed', conversationId, userId, state, at: new Date().toISOString() };
}
