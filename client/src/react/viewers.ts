import type { ParleyClient } from '../client/client.js';
import { type UserPartsFragment, ViewersDocument } from '../generated/graphql.js';
import { type Live, LiveSource } from './live.source.js';
import { useShared } from './provider.js';

export interface ViewersState extends Live {
  /** The others who have the conversation open now. */
  readonly viewers: readonly UserPartsFragment[];
}

const LOADING: ViewersState = { status: 'loading', error: null, viewers: [] };

class Viewers extends LiveSource<ViewersState> {
  constructor(client: ParleyClient, conversationId: string) {
    super(client, LOADING);
    this.hear(
      ViewersDocument,
      () => ({ conversationId }),
      ({ viewers: { user, state } }) => {
        const others = this.state.viewers.filter(({ id }) => id !== user.id);
        this.set({ viewers: state === 'JOINED' ? [...others, user] : others });
      },
    );
  }

  /** A new connection tells those who are there, and not those who left meanwhile. */
  protected override async fetch(): Promise<void> {
    if (this.client.session) this.set({ viewers: [] });
  }
}

/** The others who have a conversation open. */
export function useViewers(conversationId: string): ViewersState {
  return useShared(
    `viewers ${conversationId}`,
    ({ client }) => new Viewers(client, conversationId),
    LOADING,
  );
}
