import type { ParleyClient } from '../client/client.js';
import { UserPresenceDocument, type UserPresenceSubscription } from '../generated/graphql.js';
import { useShared } from './context.js';
import { LiveSource } from './live.source.js';
import { type Live, LOADING } from './state.js';

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

const NONE: PresenceState = { ...LOADING, presences: new Map(), online: new Set() };

class UsersPresence extends LiveSource<PresenceState> {
  constructor(client: ParleyClient, userIds: string[] | null) {
    super(client, NONE);
    this.hear(
      UserPresenceDocument,
      () => ({ userIds }),
      ({ userPresence: { id, online, lastSeenAt } }) => {
        const presences = new Map(this.state.presences).set(id, { id, online, lastSeenAt });
        const ids = [...presences.values()].filter((one) => one.online).map((one) => one.id);
        this.set({ presences, online: new Set(ids) });
      },
    );
  }
}

/**
 * The presence of the users with these ids, at most 200. Without ids it is that of the 200 users
 * whom the user talked with most recently. One call for a whole list is one subscription.
 */
export function usePresence(userIds?: readonly string[]): PresenceState {
  const ids = userIds ? [...new Set(userIds)].sort() : null;
  return useShared(
    `presence ${JSON.stringify(ids)}`,
    ({ client }) => new UsersPresence(client, ids),
    NONE,
  );
}
