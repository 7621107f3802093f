/**
 * The catalogue of what travels on the bus: every event, its payload as plain JSON (it crosses
 * Redis, so times are ISO 8601 strings), and the topics that it goes to.
 *
 * A topic is `noun:id`. A *durable* event has a `sequence` and stands in a log: the bus only says
 * early what the log will say anyway. A *live* event has none and is lost when the bus loses it.
 */

/** What can become true in a conversation. */
export const CONVERSATION_EVENT_KINDS = [
  'MESSAGE_ADDED',
  'MESSAGE_EDITED',
  'MESSAGE_DELETED',
  'OFFER_UPDATED',
  'PARTICIPANT_ADDED',
  'PARTICIPANT_REMOVED',
] as const;

export type ConversationEventKind = (typeof CONVERSATION_EVENT_KINDS)[number];

/** One row of a conversation's log: kind and references, never content. `at` is ISO 8601. */
export interface LogEvent {
  name: 'log.appended';
  conversationId: string;
  /** 1, 2, 3 … without a gap in each conversation. */
  sequence: number;
  kind: ConversationEventKind;
  actorId: string | null;
  messageId: string | null;
  offerId: string | null;
  offerAction: string | null;
  participantId: string | null;
  at: string;
}

/** Somebody began or stopped typing; `expiresAt` (ISO 8601) is null when they stopped. */
export interface TypingChanged {
  name: 'typing.changed';
  conversationId: string;
  userId: string;
  isTyping: boolean;
  expiresAt: string | null;
}

/** A user went on- or offline; `lastSeenAt` is ISO 8601. */
export interface PresenceChanged {
  name: 'presence.changed';
  userId: string;
  online: boolean;
  lastSeenAt: string | null;
}

/** A user may not use the service any more: their connections end, on every node. */
export interface UserDeactivated {
  name: 'user.deactivated';
  userId: string;
}

export type BusEvent = LogEvent | TypingChanged | PresenceChanged | UserDeactivated;

export const topics = {
  /** Everything that happens in one conversation: its log (sequenced) and what is only live. */
  conversation: (id: string) => `conversation:${id}`,
  /** What one user's subscriptions over all their conversations receive; live. */
  user: (id: string) => `user:${id}`,
  /** One user's going on- and offline; live. */
  presence: (id: string) => `presence:${id}`,
  /** What every node has to know about users' sessions; live. */
  sessions: 'sessions:all',
} as const;
