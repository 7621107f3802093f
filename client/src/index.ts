/** The parts that frontends import from `@parley/client`. */
export {
  type ResumableClient,
  type ResumableOptions,
  type Resync,
  resumable,
  retryForever,
} from './resumable/resumable.js';
