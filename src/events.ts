import { flatString } from './runtime/v8';

/**
 * The catalogue of what travels on the bus: every event, its payload as plain JSON (it crosses
 * Redis, so times are ISO 8601 strings), and the topics that it goes to.
 *
 * A topic is `noun:id`. A *durable* event has a `sequence` and stands in a log: the bus only says
 * early what the log will say anyway. A *live* event has none and is lost when the bus loses it.
 */

/** The kinds of events in a conversation's log. */
export const CONVERSATION_EVENT_KINDS = [
  'MESSAGE_ADDED',
  'MESSAGE_EDITED',
  'MESSAGE_DELETED',
  'OFFER_UPDATED',
  'PARTICIPANT_ADDED',
  'PARTICIPANT_REMOVED',
] as const;

export type ConversationEventKind = (typeof CONVERSATION_EVENT_KINDS)[number];

/**
 * Rows that the writer of a fact had at hand: they go along with the event within the process, and
 * nowhere else. They are as new as the event, so that those to whom it is handed at once need not
 * load them. Null from then on: who takes it later sees how things are then.
 */
export const KNOWN_ROWS = Symbol('at hand');

export interface KnownRows {
  rows: { message: object; sender: object | null } | null;
}

/** One row of a conversation's log: kind and references, never content. `at` is ISO 8601. */
export interface LogEvent {
  readonly [KNOWN_ROWS]?: KnownRows | undefined;
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

/** The kinds of notifications. */
export const NOTIFICATION_KINDS = [
  'NEW_MESSAGE',
  'NEW_OFFER',
  'OFFER_COUNTERED',
  'OFFER_REVISED',
  'OFFER_ACCEPTED',
  'OFFER_DECLINED',
  'OFFER_WITHDRAWN',
  'OFFER_EXPIRED',
  'OFFER_COMPLETION_CONFIRMED',
  'OFFER_COMPLETED',
  'OFFER_CANCELLED',
  'CUSTOM',
] as const;

export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/** A notification is new, has grown or was read: the inbox is at `sequence` now. */
export interface InboxEvent {
  name: 'inbox.appended';
  userId: string;
  /** Greater than all before in this inbox. A change of many at once is told of by its last one. */
  sequence: number;
  notificationId: string;
}

/** An event that stands in a log. The bus only brings it early. */
export type DurableEvent = LogEvent | InboxEvent;

/** A conversation began; it has no event in its log yet. */
export interface ConversationStarted {
  name: 'conversation.started';
  conversationId: string;
}

/** A participant archived a conversation, or read in it. */
export interface ParticipationChanged {
  name: 'participation.changed';
  conversationId: string;
  userId: string;
}

/** Somebody has read on; `readAt` is ISO 8601. */
export interface MessagesRead {
  name: 'messages.read';
  conversationId: string;
  userId: string;
  lastReadSequence: number;
  readAt: string;
}

/** Somebody opened a conversation, or closed it on their last device; `at` is ISO 8601. */
export interface ViewersChanged {
  name: 'viewers.changed';
  conversationId: string;
  userId: string;
  state: 'JOINED' | 'LEFT';
  at: string;
}

/** One blocked the other, or does not any more. */
export interface BlockChanged {
  name: 'block.changed';
  blockerId: string;
  blockedId: string;
}

/** An event of the host platform, with a name of its own; `at` is ISO 8601. */
export interface CustomEmitted {
  name: 'custom.emitted';
  /** The platform's name of the event. */
  event: string;
  /** null for an event to one user. */
  conversationId: string | null;
  data: unknown;
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

/** A user's last device disconnected, from whichever node. */
export interface UserDisconnected {
  name: 'user.disconnected';
  userId: string;
}

/** A user may not use the service any more: their connections end, on every node. */
export interface UserDeactivated {
  name: 'user.deactivated';
  userId: string;
}

export type BusEvent =
  | LogEvent
  | InboxEvent
  | ConversationStarted
  | ParticipationChanged
  | MessagesRead
  | ViewersChanged
  | BlockChanged
  | CustomEmitted
  | TypingChanged
  | PresenceChanged
  | UserDisconnected
  | UserDeactivated;

export function isDurable(event: BusEvent): event is DurableEvent {
  return event.name === 'log.appended' || event.name === 'inbox.appended';
}

/**
 * Somebody left a conversation, or was removed from it: it is the last event that they get to see.
 */
export type Removal = LogEvent & { kind: 'PARTICIPANT_REMOVED' };

export function isRemoval(event: BusEvent): event is Removal {
  return event.name === 'log.appended' && event.kind === 'PARTICIPANT_REMOVED';
}

export const topics = {
  /** Everything that happens in one conversation: its log (sequenced) and what is only live. */
  conversation: (id: string) => flatString('conversation:', id),
  /** Hints for one user's subscriptions over all their conversations. */
  user: (id: string) => flatString('user:', id),
  /** One user's notifications (sequenced). */
  inbox: (id: string) => flatString('inbox:', id),
  /** One user's going on- and offline, and the end of their last device; live. */
  presence: (id: string) => flatString('presence:', id),
  /** Hints about users' sessions, for every node. */
  sessions: 'sessions:all',
} as const;
