import { FollowedStream } from '../../delivery/followed.stream';
import { EventHints, type HintStream } from '../../delivery/hint.stream';
import type { SeatOptions } from '../../delivery/seat';
import { BadUserInputError } from '../../errors';
import { type BusEvent, type ConversationEventKind, type LogEvent, topics } from '../../events';
import { requireUser } from '../../people/caller';
import type { Context } from '../context';
import { isParty, seenFrom, seesOffer } from '../participation';
import { conversationSeat } from './conversation.seat';
import type { LogArgs } from './log.args';
import { hintFailure, hintSeat } from './seat.options';

/** Followed with a conversation id; without one a hint stream of all the caller's conversations. */
type LogStream = FollowedStream<LogEvent, LogEvent, Context> | HintStream<LogEvent>;

type MapEvent = (event: LogEvent, own?: Context) => Promise<LogEvent | null>;

/**
 * Log events of some kinds: of one conversation, in order and once, from now on or from `after`; or
 * without a conversation id, live ones of all the caller's conversations.
 *
 * @param isViewing true when the caller has the conversation open while the stream lasts
 * @throws {ForbiddenError} the conversation is not the caller's
 * @throws {ResyncRequiredError} `after` is beyond the log's head
 * @throws {BadUserInputError} `after` without a conversation id, or negative
 */
export async function logStream(
  context: Context,
  { conversationId, after }: LogArgs,
  kinds: readonly ConversationEventKind[],
  isViewing = false,
): Promise<LogStream> {
  const accepts = acceptsKinds(kinds);
  if (conversationId == null) return userLogStream(context, after, accepts, null);
  const seat = await conversationSeat(context, conversationId, { accepts, after, isViewing });
  return new FollowedStream(seat);
}

/**
 * Edits and deletions of the messages that the caller sees. Changes of messages from before they
 * joined are left out.
 *
 * @throws as {@link logStream}
 */
export async function messageUpdateStream(
  context: Context,
  { conversationId, after }: LogArgs,
): Promise<LogStream> {
  const accepts = acceptsKinds(['MESSAGE_EDITED', 'MESSAGE_DELETED']);
  return visibleStream(
    context,
    { conversationId, after },
    accepts,
    leaveOut(context, isUnseenMessage),
  );
}

/**
 * Steps of the offers that the caller sees. Those of offers from before they joined are left out,
 * unless the caller is a party.
 *
 * @throws as {@link logStream}
 */
export async function offerUpdateStream(context: Context, args: LogArgs): Promise<LogStream> {
  const accepts = acceptsKinds(['OFFER_UPDATED']);
  return visibleStream(context, args, accepts, leaveOut(context, isUnseenOffer));
}

async function visibleStream(
  context: Context,
  { conversationId, after }: LogArgs,
  accepts: SeatOptions['accepts'],
  visibleOnly: MapEvent,
): Promise<LogStream> {
  if (conversationId == null) return userLogStream(context, after, accepts, visibleOnly);
  const seat = await conversationSeat(context, conversationId, { accepts, after });
  // A participant from the beginning sees everything.
  const seesAll = context.boundConversation?.joinedSequence === 0;
  return new FollowedStream(seat, seesAll ? null : visibleOnly);
}

async function userLogStream(
  context: Context,
  after: number | null | undefined,
  accepts: SeatOptions['accepts'],
  map: MapEvent | null,
): Promise<HintStream<LogEvent>> {
  if (after != null) throw new BadUserInputError('after', 'needs a conversationId');
  const { userId } = requireUser(context.caller);
  const { hub } = context.services.delivery;
  const seat = await hub.subscribe([topics.user(userId)], hintSeat(context, accepts));
  return new EventHints(seat, hintFailure(context), map);
}

function leaveOut(
  context: Context,
  isUnseen: (fresh: Context, event: LogEvent) => Promise<boolean>,
): MapEvent {
  return async (event, own = context.forEvent()) => ((await isUnseen(own, event)) ? null : event);
}

async function isUnseenMessage(fresh: Context, event: LogEvent): Promise<boolean> {
  const seen = await seenFrom(fresh, event.conversationId);
  if (seen === 0) return false;
  const message = await fresh.loaders.message.load(event.messageId!);
  return seen === null || message.sequence <= seen;
}

async function isUnseenOffer(fresh: Context, event: LogEvent): Promise<boolean> {
  if (event.offerAction === 'CREATE') return false;
  if ((await seenFrom(fresh, event.conversationId)) === 0) return false;
  const offer = await fresh.loaders.offer.load(event.offerId!);
  // A party who has just left is still told how the offer ended with that.
  return !isParty(fresh, offer) && !(await seesOffer(fresh, offer));
}

/** One function for all seats of the same kinds: each event of a topic calls it for each seat. */
const acceptsByKinds = new Map<string, SeatOptions['accepts']>();

function acceptsKinds(kinds: readonly ConversationEventKind[]): SeatOptions['accepts'] {
  const key = kinds.join();
  const known = acceptsByKinds.get(key);
  if (known) return known;
  const accepts = (event: BusEvent) => event.name === 'log.appended' && kinds.includes(event.kind);
  acceptsByKinds.set(key, accepts);
  return accepts;
}
