import { pairKey, parsePairKey } from '../runtime/pair-key';
import { flatString } from '../runtime/v8';

/** The set of the users who are online. */
export const ONLINE = 'online';
const SOCKETS = 'sockets:';
export const VIEWING = 'viewing:';
export const VIEWERS = 'viewers:';
export const CLOSED = 'closed:';

/** Returns the set with the ids of a user's sockets. */
export function socketsOf(userId: string): string {
  return flatString(SOCKETS, userId);
}

/** Returns the set of the users who have a conversation open now. They need no notification. */
export function viewingIn(conversationId: string): string {
  return flatString(VIEWING, conversationId);
}

/** Returns the set of the users who are shown to have a conversation open, with the grace. */
export function viewersOf(conversationId: string): string {
  return flatString(VIEWERS, conversationId);
}

/** Returns the set of a conversation's closings. */
export function closingsOf(conversationId: string): string {
  return flatString(CLOSED, conversationId);
}

/** The closing of a conversation by a user to whom everything up to `reached` was delivered. */
export interface Closing {
  userId: string;
  reached: number;
}

/** Returns a closing as a member of its set. */
export function closingKey({ userId, reached }: Closing): string {
  return pairKey(String(reached), userId);
}

export function parseClosing(member: string): Closing {
  const [reached, userId] = parsePairKey(member);
  return { userId, reached: Number(reached) };
}
