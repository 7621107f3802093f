import { EventHints, type HintStream } from '../../delivery/hint.stream';
import type { BlockChanged, BusEvent, TypingChanged } from '../../events';
import { userIdOf } from '../../people/caller';
import { TYPING_REPEAT_MS, TYPING_TTL_MS } from '../../presence/typing.service';
import type { Context } from '../context';
import { isHiddenFrom } from './blocking';
import { closeOnFailure, hintFailure } from './seat.options';
import { seatWithBlocks } from './viewers.stream';

/**
 * A renewal that comes soon after another is not told, so typing may last for `TYPING_REPEAT_MS`
 * longer than was told. When nothing is heard for this time after the end that was told, the node
 * that should tell of the end has died.
 */
const OVERDUE_MS = TYPING_REPEAT_MS + 1_000;

/** A user of whom the subscriber was told that they type. */
interface ToldTypist {
  untilMs: number;
  overdue: NodeJS.Timeout;
}

/**
 * The users who type in the conversation now, then changes. The caller's own typing is left out,
 * and so is that of users with a block between them and the caller: a block ends it.
 *
 * @throws {ForbiddenError} the conversation is not the caller's
 */
export async function typingStream(
  context: Context,
  conversationId: string,
): Promise<HintStream<TypingChanged>> {
  const { typing } = context.services.presence;
  const callerId = userIdOf(context.caller);
  const seat = await seatWithBlocks(context, conversationId, acceptsTyping);
  // Read after the seat is taken, so that no change falls between.
  const typists = await closeOnFailure(seat, () => typing.typists(conversationId));
  const present = typists.map(({ userId, leftMs }) => begun(conversationId, userId, leftMs));

  const isHidden = isHiddenFrom(context);
  const told = new Map<string, ToldTypist>();

  function endOf(userId: string): TypingChanged | null {
    clearTimeout(told.get(userId)?.overdue);
    const end = { isTyping: false, expiresAt: null };
    return told.delete(userId) ? { name: 'typing.changed', conversationId, userId, ...end } : null;
  }

  async function tell(event: TypingChanged | BlockChanged): Promise<TypingChanged | null> {
    if (event.name === 'block.changed') {
      const other = event.blockerId === callerId ? event.blockedId : event.blockerId;
      return (await isHidden(other)) ? endOf(other) : null;
    }
    const { userId } = event;
    const own = byOwnClock(event);
    // It was told to begin, so its end is told even if the event of a block since then was lost.
    if (own.expiresAt === null) return endOf(userId) && own;
    const untilMs = Date.parse(own.expiresAt);
    const nowMs = Date.now();
    // Looked up late, since the database was away: the typing is over by now.
    if (untilMs < nowMs || (await isHidden(userId))) return null;
    const known = told.get(userId);
    clearTimeout(known?.overdue);
    const end: TypingChanged = { ...own, isTyping: false, expiresAt: null };
    const overdue = setTimeout(() => seat.pushHint(end), untilMs - nowMs + OVERDUE_MS).unref();
    // The nodes do not know of each other's typists, so two of them may tell of the same typing.
    const isRepeat = known !== undefined && Math.abs(untilMs - known.untilMs) < TYPING_REPEAT_MS;
    told.set(userId, { untilMs: isRepeat ? known.untilMs : untilMs, overdue });
    return isRepeat ? null : own;
  }

  return new EventHints(seat, hintFailure(context), tell, present);
}

/** Accepts typing. The time at which it came is noted by {@link byOwnClock}. */
function acceptsTyping(event: BusEvent): boolean {
  if (event.name !== 'typing.changed') return false;
  byOwnClock(event);
  return true;
}

/** Events that say that a user types, with the time that all subscribers of this node are told. */
const ownClock = new WeakMap<TypingChanged, TypingChanged>();

/**
 * Returns the event with a time by this node's clock: typing lasts 6 s from when the event came.
 * So it has to be called when the event comes.
 */
function byOwnClock(event: TypingChanged): TypingChanged {
  if (event.expiresAt === null) return event;
  const known = ownClock.get(event);
  if (known) return known;
  const own = { ...event, expiresAt: new Date(Date.now() + TYPING_TTL_MS).toISOString() };
  ownClock.set(event, own);
  return own;
}

/** Makes the event that says that a user types, and will for `leftMs` more. */
function begun(conversationId: string, userId: string, leftMs: number): TypingChanged {
  const expiresAt = new Date(Date.now() + leftMs).toISOString();
  const event: TypingChanged = {
    name: 'typing.changed',
    conversationId,
    userId,
    isTyping: true,
    expiresAt,
  };
  ownClock.set(event, event);
  return event;
}
