/**
 * A seat at one conversation, for subscriptions that name it.
 *
 * Access is checked twice. The first check decides whether there is a conversation to listen to,
 * and from which sequence the caller sees it. Then the seat is taken, which resolves once the bus
 * has acknowledged. The second check comes after that: a removal that was committed before it is
 * seen by it, and a later one is an event of the log, which the seat gets and ends with. A caller
 * who left and joined again in between is refused, since the seat would begin at the wrong place.
 *
 * A seat that is viewing counts in presence before it is taken, so that its end, however early,
 * takes the count back.
 */
import type { Seat, SeatOptions } from '../../delivery/seat';
import { ForbiddenError, ResyncRequiredError, UnavailableError } from '../../errors';
import { type Removal, topics } from '../../events';
import { checkSequence } from '../../input/sequence';
import { userIdOf } from '../../people/caller';
import type { Context } from '../context';
import { atPosition } from './position';
import { closeOnFailure, hintSeat, overflowOfHints } from './seat.options';

export interface ConversationSeatRequest {
  accepts: SeatOptions['accepts'];
  /** The position to replay from; null begins with the next event. */
  after?: number | null;
  /**
   * True to count the caller as viewing the conversation for as long as the seat is taken. It has
   * no effect on behalf of a user, since the user sees nothing of it.
   */
  isViewing?: boolean;
  /** True for a hint stream. */
  isHint?: boolean;
  /** Called when the seat is free again. */
  onClosed?: () => void;
}

/**
 * Takes a seat that ends when the caller's access to the conversation does.
 *
 * @throws {ForbiddenError} the conversation is not the caller's
 * @throws {ResyncRequiredError} `after` is beyond the log's head
 */
export function conversationSeat(
  context: Context,
  conversationId: string,
  request: ConversationSeatRequest,
): Promise<Seat> {
  return atPosition(context, request.after ?? null, () =>
    takeSeat(context, conversationId, request),
  );
}

async function takeSeat(
  context: Context,
  conversationId: string,
  request: ConversationSeatRequest,
): Promise<Seat> {
  const { caller } = context;
  const { conversations, delivery, presence } = context.services;
  const { conversation, participant } = await conversations.access.read(
    caller,
    conversationId,
    'start',
  );
  const after = request.after ?? null;
  if (after !== null && after > conversation.lastSequence)
    throw new ResyncRequiredError(conversation.lastSequence);
  checkSequence('after', after);
  const joinedSequence = participant?.joinedSequence ?? 0;
  // Never before the caller joined. Without `after` never before now: the topic may lag behind.
  const position = Math.max(after ?? conversation.lastSequence, joinedSequence);
  const callerId = userIdOf(caller);
  const viewerId = viewerIdOf(context, request);
  if (viewerId !== null) presence.service.viewOpened(conversationId, viewerId);
  const seat = await delivery.hub.subscribeLog(
    delivery.log.source(conversationId),
    { position, replay: after !== null },
    new ConversationSeatOptions(context, conversationId, callerId, request),
  );
  return closeOnFailure(seat, async () => {
    const again = await conversations.access.read(caller, conversationId, 'start');
    if ((again.participant?.joinedSequence ?? 0) !== joinedSequence) throw new ForbiddenError();
    context.boundConversation = { conversationId, joinedSequence };
    return seat;
  });
}

/**
 * A seat of a hint stream at one conversation; without an id, at everything that comes to the
 * caller.
 */
export async function scopedHintSeat(
  context: Context,
  conversationId: string | null | undefined,
  userId: () => string,
  accepts: SeatOptions['accepts'],
): Promise<Seat> {
  if (conversationId != null)
    return conversationSeat(context, conversationId, { accepts, isHint: true });
  return context.services.delivery.hub.subscribe(
    [topics.user(userId())],
    hintSeat(context, accepts),
  );
}

/** Returns the user who counts as viewing while the seat is taken; null for none. */
function viewerIdOf(context: Context, { isViewing }: ConversationSeatRequest): string | null {
  return isViewing && !context.isOnBehalf ? userIdOf(context.caller) : null;
}

/** An object and no closures: each subscription keeps one (docs/performance.md). */
class ConversationSeatOptions implements SeatOptions {
  readonly accepts: SeatOptions['accepts'];

  constructor(
    private readonly context: Context,
    private readonly conversationId: string,
    private readonly callerId: string | null,
    private readonly request: ConversationSeatRequest,
  ) {
    this.accepts = request.accepts;
  }

  get queueLimit(): number | undefined {
    return this.context.connection?.queueLimit;
  }

  endsAfter({ participantId }: Removal): Error | null {
    return this.callerId !== null && participantId === this.callerId ? new ForbiddenError() : null;
  }

  onOverflow(): 'end' | 'drop oldest' {
    if (this.request.isHint) return overflowOfHints(this.context);
    this.context.connection?.overflow();
    return 'end';
  }

  onClosed(error: Error | null, done: number): void {
    const { context, conversationId, request } = this;
    request.onClosed?.();
    const viewerId = viewerIdOf(context, request);
    if (viewerId === null) return;
    // On a socket that is open, the client completed it or access ended. Otherwise the connection
    // ended without a complete; so it does when the log could not be read, or went back.
    const isSocketOpen = context.connection?.isOpen ?? true;
    const isInterrupted = error instanceof UnavailableError || error instanceof ResyncRequiredError;
    const isCompleted = isSocketOpen && !isInterrupted;
    context.services.presence.service.viewClosed(
      conversationId,
      viewerId,
      isCompleted ? done : null,
    );
  }
}
