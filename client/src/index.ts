/** The parts that frontends import from `@parley/client`. */
export {
  createParleyClient,
  type Listener,
  type ParleyClient,
  type ParleyClientOptions,
  type Session,
} from './client/client.js';
export type { RequestOptions } from './client/operation.js';
export { ParleyError } from './client/parley.error.js';
export { follow } from './follow/follow.js';
export type {
  FollowOptions,
  Participant,
  Room,
  RoomState,
  RoomStatus,
} from './follow/room.js';
export { createOutbox, type Outbox, type OutboxOptions } from './outbox/outbox.js';
export type { Draft, Sending } from './outbox/sending.js';
export {
  indexedDbStorage,
  memoryStorage,
  type OutboxStorage,
  type Stored,
} from './outbox/storage.js';
export {
  type FindLogEnd,
  type Log,
  type LogEnd,
  type ResumableClient,
  type ResumableOptions,
  type Resync,
  resumable,
  retryForever,
} from './resumable/resumable.js';
