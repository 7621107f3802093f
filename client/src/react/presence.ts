import type { ParleyClient } from '../client/client.js';
import { UserPresenceDocument, type UserPresenceSubscription } from '../generated/graphql.js';
import { type Live, LiveSource } from './live.source.js';
import { useShared } from './provider.js';

export type UserPresence = Pick<
  UserPresenceSubscription['userPresence'],
  'id' | 'online' | 'lastSeenAt'
>;

export interface PresenceState extends Live {
  /** The presence of each user, by their ids, as it was told last. */
  readonly presences: ReadonlyMap<string, UserPresence>;
  /** The ids of those who are online. */
  readonly online: ReadonlySet<string>;
}

const LOADING: PresenceState = {
  status: 'loading',
  error: null,
  presences: new Map(),
  online: new Set(),
};

class UsersPresence extends LiveSource<PresenceState> {
  constructor(client: ParleyClient, userIds: string[] | null) {
    super(client, LOADING);
    if (userIds?.length === 0) return;
    this.hear(
      UserPresenceDocument,
      () => ({ userIds }),
      ({ userPresence: { id, online, lastSeenAt } }) => {
        const { presences } = this.state;
        const after = new Map(presences).set(id, { id, online, lastSeenAt });
        const ids = [...after.values()].filter((one) => one.online).map((one) => one.id);
        this.set({ presences: after, online: new Set(ids) });
      },
    );
  }
}

/**
 * Who is online, of the users with these ids, which are at most 200. Without ids: of those whom the
 * user talked with most recently, at most 200. One call for a whole list is one subscription.
 */
export function usePresence(userIds?: readonly string[]): PresenceState {
  const ids = userIds ? [...new Set(userIds)].sort() : null;
  return useShared(
    `presence ${JSON.stringify(ids)}`,
    ({ client }) => new UsersPresence(client, ids),
    LOADING,
  );
}
