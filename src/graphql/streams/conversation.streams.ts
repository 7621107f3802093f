import { LRUCache } from 'lru-cache';
import type { Participant } from '../../conversation/participant.entity';
import type { Seat, SeatOptions } from '../../delivery/seat';
import {
  BadUserInputError,
  ForbiddenError,
  ResyncRequiredError,
  UnavailableError,
} from '../../errors';
import {
  type BusEvent,
  type ConversationEventKind,
  type LogEvent,
  type MessagesRead,
  type Removal,
  type TypingChanged,
  topics,
} from '../../events';
import { requireUser, userIdOf } from '../../people/caller';
import { TYPING_REPEAT_MS, TYPING_TTL_MS } from '../../presence/typing.service';
import { pairKey } from '../../runtime/pair-key';
import type { Context } from '../context';
import { seenFrom } from '../participation';
import type { LogArgs } from './log.args';
import { guarded, MappedStream, prefaced, seatOptions } from './stream';

/** Nobody has said for so long that typing goes on or is over: the node that should have has died. */
const TYPING_OVERDUE_MS = TYPING_TTL_MS + TYPING_REPEAT_MS + 1_000;

/** Readers of whom a subscription remembers how far it told them to be; of others a mark might go back for a moment. */
const MAX_TOLD = 1_000;

type Stream<T> = AsyncIterableIterator<T>;

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
  { conversationId, after }: LogArgs,
  kinds: readonly ConversationEventKind[],
  isViewing = false,
): Promise<Seat> {
  if (conversationId == null && after != null)
    throw new BadUserInputError('after', 'needs a conversationId');
  return scopedSeat(context, conversationId, {
    accepts: logged(kinds),
    after: after ?? null,
    isViewing,
  });
}

/** By the kinds that it accepts: one function for all their seats, whose turn comes one after the other at each event. */
const LOGGED = new Map<string, SeatOptions['accepts']>();

function logged(kinds: readonly ConversationEventKind[]): SeatOptions['accepts'] {
  const key = kinds.join();
  const accepts =
    LOGGED.get(key) ??
    ((event: BusEvent) => event.name === 'log.appended' && kinds.includes(event.kind));
  LOGGED.set(key, accepts);
  return accepts;
}

/**
 * Edits and deletions of messages that the viewer sees: of what was said before they joined they are told nothing.
 *
 * @throws as {@link logStream}
 */
export async function messageUpdateStream(
  context: Context,
  position: LogArgs,
): Promise<Stream<LogEvent>> {
  const seat = await logStream(context, position, ['MESSAGE_EDITED', 'MESSAGE_DELETED']);
  // Who was there from the beginning sees every one of them.
  if (context.boundConversation?.joinedSequence === 0) return seat as Stream<LogEvent>;
  return new MappedStream(seat, async (event: LogEvent) => {
    const fresh = context.forEvent();
    const seen = await seenFrom(fresh, event.conversationId);
    if (seen === 0) return event;
    const message = await fresh.loaders.message.load(event.messageId!);
    return seen !== null && message.sequence > seen ? event : null;
  });
}

/** Who types in the conversation now, then changes; never the viewer's own, and nothing across a block. */
export async function typingStream(
  context: Context,
  conversationId: string,
): Promise<Stream<TypingChanged>> {
  const { services } = context;
  const seat = await conversationSeat(context, conversationId, liveOnly('typing.changed'));
  await prefaced(seat, async () => {
    const expiresAt = new Date(Date.now() + TYPING_TTL_MS).toISOString();
    const typists = await services.presence.typing.typists(conversationId);
    return typists.map(
      (userId): TypingChanged => ({
        name: 'typing.changed',
        conversationId,
        userId,
        isTyping: true,
        expiresAt,
      }),
    );
  });
  const hidden = hiddenFrom(context);
  /** Those who are told to type, and until when. */
  const typing = new Map<string, { until: number; overdue: NodeJS.Timeout }>();
  return new MappedStream(seat, async (event: TypingChanged) => {
    const { userId, expiresAt } = event;
    const known = typing.get(userId);
    if (await hidden(userId)) return null;
    clearTimeout(known?.overdue);
    if (expiresAt === null) return typing.delete(userId) ? event : null;
    const end: TypingChanged = { ...event, isTyping: false, expiresAt: null };
    const overdue = setTimeout(() => seat.offerLive(end), TYPING_OVERDUE_MS).unref();
    const until = Date.parse(expiresAt);
    // Of two nodes that are told of it neither knows what the other was.
    const repeated = known !== undefined && until - known.until < TYPING_REPEAT_MS;
    typing.set(userId, { until: repeated ? known.until : until, overdue });
    return repeated ? null : event;
  });
}

/** Somebody's reading mark moved on: by reading, or by writing. */
export interface ReadMark {
  conversationId: string;
  userId: string;
  lastReadSequence: number;
  readAt: string;
  participant: Participant;
}

/**
 * How far people have read, as it changes, ever further: in one conversation, or without one in all the viewer's; the
 * viewer's own other devices included, nothing across a block.
 */
export async function readMarkStream(
  context: Context,
  conversationId: string | null,
): Promise<Stream<ReadMark>> {
  const accepts = (event: BusEvent) => event.name === 'messages.read' || isSend(event);
  const seat = await scopedSeat(context, conversationId, {
    accepts,
    after: null,
    isViewing: false,
  });
  const callerId = userIdOf(context.caller);
  const told = new LRUCache<string, number>({ max: MAX_TOLD });
  return new MappedStream(seat, async (event: MessagesRead | LogEvent) => {
    const mark = event.name === 'messages.read' ? event : markOfSend(event);
    const key = pairKey(mark.conversationId, mark.userId);
    // What two nodes tell of one reader comes in any order.
    if (mark.lastReadSequence <= (told.get(key) ?? 0)) return null;
    const {
      people: { blocks },
      conversations: { reader: conversationReader },
    } = context.services;
    if (
      callerId !== null &&
      callerId !== mark.userId &&
      (await blocks.isBetween(callerId, mark.userId))
    )
      return null;
    const [present] = await conversationReader.participantsOf([mark.conversationId]);
    // The viewer may have left since, and hears no more of it.
    if (callerId !== null && !present!.some((one) => one.userId === callerId)) return null;
    const participant = present!.find((one) => one.userId === mark.userId);
    if (!participant) return null;
    told.set(key, mark.lastReadSequence);
    return { ...mark, participant };
  });
}

function isSend(event: BusEvent): boolean {
  return event.name === 'log.appended' && event.kind === 'MESSAGE_ADDED' && event.actorId !== null;
}

/** Sending marks the conversation read for its sender. */
function markOfSend({ conversationId, actorId, sequence, at }: LogEvent) {
  return { conversationId, userId: actorId!, lastReadSequence: sequence, readAt: at };
}

/** What the host platform emits to the conversation; without one, to the viewer and to all their conversations. */
export function customEventStream(context: Context, conversationId: string | null): Promise<Seat> {
  return scopedSeat(context, conversationId, liveOnly('custom.emitted'));
}

interface SeatWishes {
  accepts: SeatOptions['accepts'];
  after: number | null;
  isViewing: boolean;
  /** Called when the seat is free again. */
  onVacated?: () => void;
}

/** Live events of these names. */
export function liveOnly(...names: BusEvent['name'][]): SeatWishes {
  return { accepts: (event) => names.includes(event.name), after: null, isViewing: false };
}

/** Whether the viewer does not get to see what this person does: it is their own, or a block is between them. */
export function hiddenFrom({ caller, services }: Context): (userId: string) => Promise<boolean> {
  const callerId = userIdOf(caller);
  return async (userId) =>
    callerId !== null &&
    (userId === callerId || services.people.blocks.isBetween(callerId, userId));
}

/** A seat at one conversation; without one, at all that comes to the viewer, live. */
async function scopedSeat(
  context: Context,
  conversationId: string | null | undefined,
  wishes: SeatWishes,
): Promise<Seat> {
  if (conversationId != null) return conversationSeat(context, conversationId, wishes);
  const { userId } = requireUser(context.caller);
  return context.services.delivery.hub.subscribe(
    [topics.user(userId)],
    seatOptions(context, { accepts: wishes.accepts }),
  );
}

/** A seat at one conversation that ends when the viewer's access to it does. */
export async function conversationSeat(
  context: Context,
  conversationId: string,
  stream: SeatWishes,
): Promise<Seat> {
  const { caller, services } = context;
  const { conversation, participant } = await services.conversations.access.read(
    caller,
    conversationId,
  );
  if (stream.after !== null && stream.after > conversation.lastSequence)
    throw new ResyncRequiredError(conversation.lastSequence);
  if (stream.after !== null && stream.after < 0)
    throw new BadUserInputError('after', 'must not be negative');
  // Never from before they joined, nor, without a position, from before now: the topic may lag behind both.
  const joinedSequence = participant?.joinedSequence ?? 0;
  const position = Math.max(stream.after ?? conversation.lastSequence, joinedSequence);
  const callerId = userIdOf(caller);
  const isViewing = stream.isViewing && callerId !== null;
  // Before the seat, whose end takes it back however early it comes.
  if (isViewing) services.presence.service.viewOpened(conversationId, callerId);
  const seat = await services.delivery.hub.subscribeLog(
    services.delivery.log.source(conversationId),
    { position, replay: stream.after !== null },
    new Attendance(context, conversationId, callerId, stream),
  );
  // Once more now that the seat is taken: a removal before it was is seen here, one after it by the seat.
  return guarded(seat, async () => {
    const again = await services.conversations.access.read(caller, conversationId);
    if ((again.participant?.joinedSequence ?? 0) !== joinedSequence) throw new ForbiddenError();
    context.boundConversation = { conversationId, joinedSequence };
  });
}

/** What somebody's seat at one conversation is: an object and no closures, since there is one for each subscription. */
class Attendance implements SeatOptions {
  readonly accepts: SeatOptions['accepts'];
  private readonly isViewing: boolean;
  private readonly whenVacated: SeatWishes['onVacated'];

  constructor(
    private readonly context: Context,
    private readonly conversationId: string,
    private readonly callerId: string | null,
    { accepts, isViewing, onVacated }: SeatWishes,
  ) {
    this.accepts = accepts;
    this.isViewing = isViewing;
    this.whenVacated = onVacated;
  }

  get queueLimit(): number | undefined {
    return this.context.connection?.queueLimit;
  }

  endsAfter({ participantId }: Removal): Error | null {
    return this.callerId !== null && participantId === this.callerId ? new ForbiddenError() : null;
  }

  onOverflow(): void {
    this.context.connection?.overflow();
  }

  onVacated(error: Error | null, done: number): void {
    const { context, conversationId, callerId } = this;
    this.whenVacated?.();
    // On a socket that still stands it was completed, or their access ended; otherwise they are gone without a
    // word. What could not be read ends the socket, too.
    const isCompleted =
      (context.connection?.isOpen ?? true) && !(error instanceof UnavailableError);
    if (this.isViewing && callerId !== null)
      context.services.presence.service.viewClosed(
        conversationId,
        callerId,
        isCompleted ? done : null,
      );
  }
}
