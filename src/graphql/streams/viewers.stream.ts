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
  const presence = context.services.presence.reader;
  const accepts = named('viewers.changed', 'viewers.reviewed');
  const seat = await seatWithBlocks(context, conversationId, accepts);
  // Read after the seat is taken, so that no change falls between.
  const [viewers] = await closeOnFailure(seat, () => presence.viewers([conversationId]));
  const told = new ToldViewers(context, conversationId, seat);
  const present = viewers!.map((userId) => told.changed(userId, 'JOINED'));
  return new EventHints(seat, hintFailure(context), (event) => told.tell(event), present);
}

type ViewersEvent = ViewersChanged | BlockChanged | ViewersReviewed;

/** The viewers of one conversation of whom one subscription was told. */
class ToldViewers {
  private readonly joined = new Set<string>();
  private readonly isHidden: (userId: string) => Promise<boolean>;

  constructor(
    private readonly context: Context,
    private readonly conversationId: string,
    private readonly seat: Seat,
  ) {
    this.isHidden = isHiddenFrom(context);
  }

  /** Returns the change to tell; null for none. */
  async tell(event: ViewersEvent): Promise<ViewersChanged | null> {
    if (event.name === 'block.changed') return this.tellAfterBlock(event);
    if (event.name === 'viewers.reviewed') return this.tellReviewed(event);
    // A user who joined while the present viewers were read is among them, and comes once more.
    if (this.joined.has(event.userId) === (event.state === 'JOINED')) return null;
    // A user who was told to have joined is told to have left, even if the event of a block since
    // then was lost.
    if (event.state === 'JOINED' && (await this.isHidden(event.userId))) return null;
    // One node publishes LEFT of the last device, another JOINED of the first, and either may come
    // late. The presence store knows which of them holds.
    const isThere = await this.isViewer(event.userId);
    if (event.state === 'LEFT') {
      if (isThere) return null;
      this.joined.delete(event.userId);
      return event;
    }
    this.joined.add(event.userId);
    if (isThere === false) this.seat.pushHint(this.changed(event.userId, 'LEFT'));
    return event;
  }

  changed(userId: string, state: ViewersChanged['state']): ViewersChanged {
    const { conversationId } = this;
    return { name: 'viewers.changed', conversationId, userId, state, at: new Date().toISOString() };
  }

  private async tellAfterBlock(event: BlockChanged): Promise<ViewersChanged | null> {
    const { blockerId, blockedId } = event;
    const userId = blockerId === userIdOf(this.context.caller) ? blockedId : blockerId;
    if (await this.isHidden(userId))
      return this.joined.delete(userId) ? this.changed(userId, 'LEFT') : null;
    if (this.joined.has(userId) || !(await this.isViewer(userId))) return null;
    this.joined.add(userId);
    return this.changed(userId, 'JOINED');
  }

  /** Tells again, one by one, what differs from what was told. Each is looked up once more. */
  private async tellReviewed({ userIds, tellsEnds }: ViewersReviewed): Promise<null> {
    const there = new Set(userIds);
    for (const userId of tellsEnds ? this.joined : [])
      if (!there.has(userId)) this.seat.pushHint(this.changed(userId, 'LEFT'));
    for (const userId of there)
      if (!this.joined.has(userId) && (await this.isViewer(userId)))
        this.seat.pushHint(this.changed(userId, 'JOINED'));
    return null;
  }

  private isViewer(userId: string): Promise<boolean | null> {
    return this.context.services.presence.reader.isViewer(this.conversationId, userId);
  }
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
