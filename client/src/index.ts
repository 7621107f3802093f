/** The parts that frontends import from `@parley/client`. */
export {
  createParleyClient,
  type Listener,
  type ParleyClient,
  type ParleyClientOptions,
  type Session,
} from './client/client.js';
export { ParleyError } from './client/parley.error.js';
export {
  type ResumableClient,
  type ResumableOptions,
  type Resync,
  resumable,
  retryForever,
} from './resumable/resumable.js';
