import type { ParleyError } from '../client/parley.error.js';
import type { AttachmentInput, MessagePartsFragment } from '../generated/graphql.js';

/** The message that is to be sent. */
export interface Draft {
  readonly conversationId: string;
  readonly content: string;
  readonly attachments?: readonly AttachmentInput[];
  readonly replyToId?: string;
}

/**
 * A message in an outbox. The object stays the same from `send` on, and its fields change.
 *
 * - `pending`: it waits, or is being sent.
 * - `sent`: the server has it, and `message` is it.
 * - `failed`: the server refused it for good, and `error` says why. It waits for `retry` or `drop`.
 */
export interface Sending extends Draft {
  /** The id by which the server recognises a repeat, and `follow` the message. */
  readonly clientMessageId: string;
  /** ISO 8601, by this device's clock. */
  readonly createdAt: string;
  readonly state: 'pending' | 'sent' | 'failed';
  /** The reason of the failure; null unless it has failed. */
  readonly error: ParleyError | null;
  /** The message as the server has it; null until it is sent. */
  readonly message: MessagePartsFragment | null;
}
