import type { ParleyError } from '../client/parley.error.js';
import type { RoomStatus } from '../follow/room.js';

/** The part that the state of all hooks for something live has. */
export interface Live {
  /**
   * - `loading`: nothing has come yet.
   * - `live`: it is up to date, and what changes comes by itself.
   * - `catching-up`: the connection is away, or what was missed has not come yet.
   * - `ended`: nothing comes any more, with the reason in `error`.
   */
  readonly status: RoomStatus;
  /** Why it has ended; null while it has not, and when the client was disposed. */
  readonly error: ParleyError | null;
}

/** A list of which a part is loaded. */
export interface Paged extends Live {
  /** True when `loadMore` would bring something. */
  readonly hasMore: boolean;
}

export interface Paging {
  /**
   * Loads the next page. Calls at the same time are one.
   *
   * @throws {ParleyError} when it failed; it may be called again
   */
  loadMore(): Promise<void>;
}

export const LOADING = { status: 'loading', error: null } as const satisfies Live;
