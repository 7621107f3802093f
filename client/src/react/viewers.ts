import type { ParleyClient } from '../client/client.js';
import { type UserPartsFragment, ViewersDocument } from '../generated/graphql.js';
import { useShared } from './context.js';
import { LiveSource } from './live.source.js';
import { type Live, LOADING } from './state.js';

export interface ViewersState extends Live {
  /** The others who have the conversation open now. */
  readonly viewers: readonly UserPartsFragment[];
}

const NONE: ViewersState = { ...LOADING, viewers: [] };

class Viewers extends LiveSource<ViewersState> {
  constructor(client: ParleyClient, conversationId: string) {
    super(client, NONE);
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
  protected override connected(): void {
    this.set({ viewers: [] });
  }
}

/** The others who have a conversation open. */
export function useViewers(conversationId: string): ViewersState {
  return useShared(
    `viewers ${conversationId}`,
    ({ client }) => new Viewers(client, conversationId),
    NONE,
  );
}
