import { EventHints, type HintStream } from '../../delivery/hint.stream';
import type { TypingChanged } from '../../events';
import { TYPING_REPEAT_MS, TYPING_TTL_MS } from '../../presence/typing.service';
import type { Context } from '../context';
import { isHiddenFrom } from './blocking';
import { conversationSeat } from './conversation.seat';
import { closeOnFailure, hintFailure, named } from './seat.options';

/** After so long without a word of a typist, the node that should end their typing has died. */
const TYPING_OVERDUE_MS = TYPING_TTL_MS + TYPING_REPEAT_MS + 1_000;

/** A user who is told to type. */
interface ToldTypist {
  untilMs: number;
  overdue: NodeJS.Timeout;
}

/**
 * The users who type in the conversation now, then changes. The caller's own typing is left out,
 * and so is that of users with a block between them and the caller.
 *
 * @throws {ForbiddenError} the conversation is not the caller's
 */
export async function typingStream(
  context: Context,
  conversationId: string,
): Promise<HintStream<TypingChanged>> {
  const { typing } = context.services.presence;
  const seat = await conversationSeat(context, conversationId, {
    accepts: named('typing.changed'),
    isHint: true,
  });
  // Read after the seat is taken, so that no change falls between.
  const typists = await closeOnFailure(seat, () => typing.typists(conversationId));
  const expiresAt = new Date(Date.now() + TYPING_TTL_MS).toISOString();
  const present = typists.map((userId): TypingChanged => {
    return { name: 'typing.changed', conversationId, userId, isTyping: true, expiresAt };
  });

  const isHidden = isHiddenFrom(context);
  const told = new Map<string, ToldTypist>();

  async function tell(event: TypingChanged): Promise<TypingChanged | null> {
    const { userId } = event;
    // Looked up late, since the database was away: the typing is over by now.
    if (event.expiresAt !== null && Date.parse(event.expiresAt) < Date.now()) return null;
    if (await isHidden(userId)) return null;
    const known = told.get(userId);
    clearTimeout(known?.overdue);
    if (event.expiresAt === null) return told.delete(userId) ? event : null;
    const end: TypingChanged = { ...event, isTyping: false, expiresAt: null };
    const overdue = setTimeout(() => seat.pushHint(end), TYPING_OVERDUE_MS).unref();
    const untilMs = Date.parse(event.expiresAt);
    // The nodes do not know of each other's typists, so two of them may tell of the same typing.
    const isRepeat = known !== undefined && untilMs - known.untilMs < TYPING_REPEAT_MS;
    told.set(userId, { untilMs: isRepeat ? known.untilMs : untilMs, overdue });
    return isRepeat ? null : event;
  }

  return new EventHints(seat, hintFailure(context), tell, present);
}
