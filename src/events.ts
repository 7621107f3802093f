import { storable } from './input/text';
import { flatString } from './runtime/v8';

/**
 * The catalogue of all events that travel on the bus, and of the topics to which they go.
 *
 * The fields of an event are plain JSON, since it crosses Redis. Times are ISO 8601 strings. A
 * topic is `noun:id`.
 *
 * A *durable* event has a `sequence` and stands in a log. The bus only brings it early: a reader
 * that misses it finds it in the log. A *hint* has no sequence and stands in no log. When the bus
 * loses a hint, it is lost.
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
 * The key of rows that the writer of a fact has read already. They accompany the event within this
 * process only: JSON leaves out a field whose key is a symbol. During the first delivery they are
 * as new as the event, so a subscriber uses them, and need not load them. Once all listeners have
 * been called, `rows` becomes null. A subscriber that renders the event later loads the rows as
 * they are then.
 */
export const KNOWN_ROWS = Symbol('at hand');

export interface KnownRows {
  rows: { message: object; sender: object | null } | null;
}

/** An event of a conversation's log: its kind and references, but no content. */
export interface LogEvent {
  readonly [KNOWN_ROWS]?: KnownRows | undefined;
  name: 'log.appended';
  conversationId: string;
  /** Each conversation counts 1, 2, 3 … without a gap. */
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

/** A notification was added, has grown or was read. The head of the inbox is `sequence` now. */
export interface InboxEvent {
  name: 'inbox.appended';
  userId: string;
  /**
   * Greater than all earlier sequences of the inbox. When one write changes several notifications,
   * only the event of the last one is published.
   */
  sequence: number;
  notificationId: string;
}

/** An event that stands in a log. The bus only brings it early. */
export type DurableEvent = LogEvent | InboxEvent;

/** A conversation was started. Its log has no event yet. */
export interface ConversationStarted {
  name: 'conversation.started';
  conversationId: string;
}

/**
 * A participant archived or muted a conversation, took that back, or read in it. Published only to
 * the participant, for their other devices.
 */
export interface ParticipationChanged {
  name: 'participation.changed';
  conversationId: string;
  userId: string;
}

/** A participant has read up to `lastReadSequence`. */
export interface MessagesRead {
  name: 'messages.read';
  conversationId: string;
  userId: string;
  lastReadSequence: number;
  readAt: string;
}

/** A user became a viewer of a conversation, or is none any more. */
export interface ViewersChanged {
  name: 'viewers.changed';
  conversationId: string;
  userId: string;
  state: 'JOINED' | 'LEFT';
  at: string;
}

/** A user blocked another user, or removed the block. Published to both. */
export interface BlockChanged {
  name: 'block.changed';
  blockerId: string;
  blockedId: string;
}

/** An event of the host platform, for one conversation or one user. */
export interface CustomEmitted {
  name: 'custom.emitted';
  /** The platform's name for the event. */
  event: string;
  /** null for an event to one user. */
  conversationId: string | null;
  data: unknown;
  at: string;
}

/**
 * A user began or stopped typing; `expiresAt` is null when they stopped. It is a time by the clock
 * of the node that published it, so the others only use whether it is null.
 */
export interface TypingChanged {
  name: 'typing.changed';
  conversationId: string;
  userId: string;
  isTyping: boolean;
  expiresAt: string | null;
}

/** A user went online or offline. */
export interface PresenceChanged {
  name: 'presence.changed';
  userId: string;
  online: boolean;
  lastSeenAt: string | null;
}

/**
 * A review has read that the user is online, or is not. It goes to the subscribers of one node, for
 * those who were told otherwise.
 */
export interface PresenceReviewed {
  name: 'presence.reviewed';
  userId: string;
  online: boolean;
}

/**
 * A review has read who is shown to have the conversation open. It goes to the subscribers of one
 * node, for those who were told otherwise.
 */
export interface ViewersReviewed {
  name: 'viewers.reviewed';
  conversationId: string;
  userIds: readonly string[];
  /** False while users who are missing in `userIds` may be there all the same. */
  tellsEnds: boolean;
}

/** A user's last device disconnected, so they have none on any node. */
export interface UserDisconnected {
  name: 'user.disconnected';
  userId: string;
}

/** A user was deactivated. Every node ends their connections. */
export interface UserDeactivated {
  name: 'user.deactivated';
  userId: string;
}

/** Tokens of a user were revoked. Every node ends the connections that began with one of them. */
export interface TokensRevoked {
  name: 'tokens.revoked';
  userId: string;
  /** Tokens that were issued earlier are revoked, in seconds since 1970. */
  validFromS: number;
}

/** A node asks which of some sockets live. Each node that has some of them answers for those. */
export interface SocketsQuestioned {
  name: 'sockets.questioned';
  questionId: string;
  connectionIds: readonly string[];
}

/** A node's answer to {@link SocketsQuestioned}. It leaves out what it is not certain of. */
export interface SocketsAnswered {
  name: 'sockets.answered';
  questionId: string;
  /** Sockets that have answered a ping sent after the question, or are very young. */
  alive: readonly string[];
  /** Sockets that were silent. They have been ended, and count no more. */
  ended: readonly string[];
}

/**
 * `npm run trace` asks all nodes to copy the frames of one user's connections to it. It asks again
 * before the lease is over.
 */
export interface FramesAsked {
  name: 'frames.asked';
  traceId: string;
  userId: string;
  /** The secret of the trace's hashes, 32 bytes in hexadecimal. */
  key: string;
  leaseMs: number;
  includesPings: boolean;
  /** The command's user and host, for the log. */
  by: string;
}

/** A command wants no more frames. */
export interface FramesDeclined {
  name: 'frames.declined';
  traceId: string;
}

/** A node does not copy frames. */
export interface FramesRefused {
  name: 'frames.refused';
  traceId: string;
  node: string;
  reason: string;
}

/** Copies of frames, for one command. Also without frames, as the answer to each ask. */
export interface FramesCopied {
  name: 'frames.copied';
  traceId: string;
  node: string;
  /** Names the span from one beginning of the trace at the node on. Its frames are numbered. */
  partId: string;
  /** The user's connections at the node. */
  connections: number;
  /** All frames up to this number have been told, or were left out. */
  through: number;
  /** Each is JSON. */
  frames: readonly string[];
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
  | PresenceReviewed
  | ViewersReviewed
  | UserDisconnected
  | UserDeactivated
  | TokensRevoked
  | SocketsQuestioned
  | SocketsAnswered
  | FramesAsked
  | FramesDeclined
  | FramesRefused
  | FramesCopied;

export function isDurable(event: BusEvent): event is DurableEvent {
  return event.name === 'log.appended' || event.name === 'inbox.appended';
}

/** A participant left a conversation, or was removed from it. It is the last event they see. */
export type Removal = LogEvent & { kind: 'PARTICIPANT_REMOVED' };

export function isRemoval(event: BusEvent): event is Removal {
  return event.name === 'log.appended' && event.kind === 'PARTICIPANT_REMOVED';
}

export const topics = {
  /** The events of one conversation's log, and hints about the conversation. */
  conversation: (id: string) => flatString('conversation:', id),
  /**
   * Events for one user's subscriptions over all their conversations. There is no log behind the
   * topic, so durable events are delivered as hints, too.
   */
  user: (id: string) => flatString('user:', id),
  /** The events of one user's inbox. */
  inbox: (id: string) => flatString('inbox:', id),
  /**
   * Hints that one user went online or offline, or that their last device disconnected. Callers
   * name the users whom they watch. Redis would write half of a surrogate pair as U+FFFD, and take
   * the topic for that of the user whose id has this character.
   */
  presence: (id: string) => flatString('presence:', storable(id)),
  /** Hints for every node about users' sessions. */
  sessions: 'sessions:all',
  /** Questions of any node about sockets of any node, and the answers. */
  sockets: 'sockets:all',
  /** Commands that want to follow a user's frames. */
  frameTraces: 'frame-traces:all',
  /** The answers to one such command. */
  frameTrace: (id: string) => flatString('frame-trace:', id),
} as const;
