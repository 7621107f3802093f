import { requireUser, userIdOf } from '../auth/viewer';
import type { Participant } from '../conversation/participant.entity';
import type { Seat, SeatOptions } from '../delivery/seat';
import { BadUserInputError, ForbiddenError, ResyncRequiredError } from '../errors';
import { type BusEvent, type ConversationEventKind, type PresenceChanged, type TypingChanged, topics } from '../events';
import { TYPING_TTL_MS } from '../presence/typing.service';
import type { Context } from './context';

/** People whom one presence subscription may watch. */
const MAX_WATCHED = 200;

/** Where a stream of log events begins, as its subscriber says. */
interface LogPosition {
  conversationId?: string | null;
  after?: number | null;
}

/**
 * Events of some kinds: of one conversation, in order and once, from now on or from `after`; or without
 * a conversation, live ones of all the viewer's.
 *
 * @param viewing the viewer has the conversation open while the stream lasts
 * @throws {ForbiddenError} the conversation is not the viewer's
 * @throws {ResyncRequiredError} `after` is beyond the log's end
 */
export async function logStream(
  context: Context,
  { conversationId, after }: LogPosition,
  kinds: readonly ConversationEventKind[],
  viewing = false,
): Promise<Seat> {
  const accepts = (event: BusEvent) => event.name === 'log.appended' && kinds.includes(event.kind);
  if (conversationId != null)
    return conversationSeat(context, conversationId, { accepts, after: after ?? null, viewing });
  if (after != null) throw new BadUserInputError('after', 'needs a conversationId');
  const { userId } = requireUser(context.viewer);
  return context.services.hub.subscribe([topics.user(userId)], seatOptions(context, { accepts }));
}

/** Who types in the conversation now, then changes; never the viewer's own. */
export async function typingStream(context: Context, conversationId: string): Promise<Seat> {
  const userId = userIdOf(context.viewer);
  const accepts = (event: BusEvent) => event.name === 'typing.changed' && event.userId !== userId;
  const seat = await conversationSeat(context, conversationId, { accepts, after: null, viewing: false });
  return prefaced(seat, async () => {
    const expiresAt = new Date(Date.now() + TYPING_TTL_MS).toISOString();
    const typists = await context.services.typing.typists(conversationId);
    return typists
      .map(
        (typist): TypingChanged => ({
          name: 'typing.changed',
          conversationId,
          userId: typist,
          isTyping: true,
          expiresAt,
        }),
      )
      .filter(accepts);
  });
}

/**
 * Each one's present state first, then changes.
 *
 * @param userIds null: those whom the viewer talked with most recently
 * @throws {BadUserInputError} more than 200
 */
export async function presenceStream(context: Context, userIds: readonly string[] | null): Promise<Seat> {
  if (userIds && userIds.length > MAX_WATCHED) throw new BadUserInputError('userIds', `must be at most ${MAX_WATCHED}`);
  const { conversations, hub } = context.services;
  const watched = userIds
    ? [...new Set(userIds)]
    : await conversations.recentPartners(requireUser(context.viewer).userId, MAX_WATCHED);
  const accepts = (event: BusEvent) => event.name === 'presence.changed';
  const seat = await hub.subscribe(watched.map(topics.presence), seatOptions(context, { accepts }));
  // What is shown of each is looked up, with the viewer's right to know it, when the event is sent.
  const present = watched.map(
    (id): PresenceChanged => ({ name: 'presence.changed', userId: id, online: false, lastSeenAt: null }),
  );
  return prefaced(seat, async () => present);
}

/** A seat at one conversation that ends when the viewer's access to it does. */
async function conversationSeat(
  context: Context,
  conversationId: string,
  stream: { accepts: SeatOptions['accepts']; after: number | null; viewing: boolean },
): Promise<Seat> {
  const { viewer, services } = context;
  const { conversation, participant } = await services.access.read(viewer, conversationId);
  if (stream.after !== null && stream.after > conversation.lastSequence)
    throw new ResyncRequiredError(conversation.lastSequence);
  if (stream.after !== null && stream.after < 0) throw new BadUserInputError('after', 'must not be negative');
  // Never from before they joined, nor, without a position, from before now: the topic may lag behind both.
  const position = Math.max(stream.after ?? conversation.lastSequence, participant?.joinedSequence ?? 0);
  const viewerId = stream.viewing ? (participant?.userId ?? null) : null;
  // Before the seat, whose end takes it back however early it comes.
  if (viewerId !== null) services.presence.opened(conversationId, viewerId);
  const seat = await services.hub.subscribeLog(
    conversationId,
    { position, replay: stream.after !== null },
    seatOptions(context, {
      accepts: stream.accepts,
      endsAfter: (event) => (removes(event, participant) ? new ForbiddenError() : null),
      onVacated: () => {
        if (viewerId !== null) services.presence.closed(conversationId, viewerId);
      },
    }),
  );
  // Once more now that the seat is taken: a removal before it was is seen here, one after it by the seat.
  return guarded(seat, async () => {
    const again = await services.access.read(viewer, conversationId);
    if (again.participant?.joinedSequence !== participant?.joinedSequence) throw new ForbiddenError();
  });
}

function removes(event: BusEvent, participant: Participant | null): boolean {
  return (
    participant !== null &&
    event.name === 'log.appended' &&
    event.kind === 'PARTICIPANT_REMOVED' &&
    event.participantId === participant.userId
  );
}

function seatOptions(context: Context, options: SeatOptions): SeatOptions {
  const { connection } = context;
  return { ...options, queueLimit: connection?.queueLimit, onOverflow: () => connection?.overflow() };
}

/** Gives the seat back when the work fails. */
async function guarded(seat: Seat, work: () => Promise<void>): Promise<Seat> {
  try {
    await work();
    return seat;
  } catch (error) {
    await seat.return();
    throw error;
  }
}

/** Puts the present state before the changes; it is read once the changes are listened to. */
function prefaced(seat: Seat, present: () => Promise<readonly BusEvent[]>): Promise<Seat> {
  return guarded(seat, async () => seat.preface(await present()));
}
