import type { ParleyError } from '../client/parley.error.js';
import type {
  ConversationPartsFragment,
  MessagePartsFragment,
  OfferPartsFragment,
} from '../generated/graphql.js';
import type { Sending } from '../outbox/sending.js';

export type Participant = ConversationPartsFragment['participants'][number];

/**
 * - `loading`: nothing has come yet.
 * - `live`: everything that the server has is here, and what follows comes by itself.
 * - `catching-up`: the connection is away, or something of what was missed has not come yet.
 * - `ended`: nothing comes any more: access was lost, with the reason in `error`, or it was closed.
 */
export type RoomStatus = 'loading' | 'live' | 'catching-up' | 'ended';

/** A conversation at one moment. It never changes: after a change there is another one. */
export interface RoomState {
  readonly status: RoomStatus;
  /** Ascending by sequence, each once, without a gap. Deleted ones keep their place. */
  readonly messages: readonly MessagePartsFragment[];
  /** Newest first: the newest 20, those that are still open, and each that changed since. */
  readonly offers: readonly OfferPartsFragment[];
  readonly participants: readonly Participant[];
  /** Messages of the client's outboxes that are not among `messages` yet, in their order. */
  readonly pending: readonly Sending[];
  /** True when `loadEarlier` would bring messages. */
  readonly hasEarlier: boolean;
  /** The sequence of the newest event that is part of this state; 0 when there is none. */
  readonly lastSequence: number;
  /**
   * Why it has ended; null while it has not, and after `close`. When the client is disposed it is
   * CLIENT_DISPOSED for a conversation that has not loaded yet, and null for one that has.
   */
  readonly error: ParleyError | null;
}

export interface FollowOptions {
  /** The number of messages that are loaded at first, and by each `loadEarlier`: 1 to 40, 20. */
  pageSize?: number;
  /**
   * True: the user counts as having the conversation open. `'visible'`, the default: while the
   * document is visible, and always where there is no document.
   */
  viewing?: boolean | 'visible';
}

/** A conversation that is followed. */
export interface Room {
  /** The same object until something changes. */
  readonly state: RoomState;
  /**
   * Calls the listener after each change.
   *
   * @returns a function that ends it
   */
  subscribe(listener: () => void): () => void;
  /**
   * Loads the page before the first message. Calls at the same time are one. Resolves at once when
   * there are no earlier messages.
   *
   * @throws {ParleyError} when it failed; it may be called again
   */
  loadEarlier(): Promise<void>;
  /** Changes the option `viewing`. */
  setViewing(viewing: boolean | 'visible'): void;
  /** Ends it. `state` stays readable. */
  close(): void;
}
