import { useMemo } from 'react';
import { follow } from '../follow/follow.js';
import type { FollowOptions, Room, RoomState } from '../follow/room.js';
import {
  DeleteMessageDocument,
  EditMessageDocument,
  MarkReadDocument,
  type MessagePartsFragment,
} from '../generated/graphql.js';
import type { Draft, Sending } from '../outbox/sending.js';
import { useShared, useStore } from './provider.js';
import type { Source } from './source.js';
import type { Store } from './store.js';

export const LOADING_ROOM: RoomState = {
  status: 'loading',
  messages: [],
  offers: [],
  participants: [],
  pending: [],
  hasEarlier: false,
  lastSequence: 0,
  error: null,
};

/** A room that is viewed as far as one of the hooks that show it wishes. */
class SharedRoom implements Source<RoomState> {
  constructor(readonly room: Room) {}

  get state(): RoomState {
    return this.room.state;
  }

  subscribe(listener: () => void): () => void {
    return this.room.subscribe(listener);
  }

  wished(wishes: readonly unknown[]): void {
    const viewing = [true, 'visible' as const].find((one) => wishes.includes(one)) ?? false;
    this.room.setViewing(viewing);
  }

  close(): void {
    this.room.close();
  }
}

/** The state of a conversation that all hooks below the provider share. */
export function useRoom(id: string, viewing: FollowOptions['viewing']): RoomState {
  const start = ({ client, pageSize }: Store) =>
    new SharedRoom(follow(client, id, { pageSize, viewing: false }));
  return useShared(`room ${id}`, start, LOADING_ROOM, viewing);
}

export interface ConversationActions {
  /** Loads the page before the first message. Calls at the same time are one. */
  loadEarlier(): Promise<void>;
  /** Puts a message into the outbox. It returns at once, and `pending` shows the message. */
  send(message: string | Omit<Draft, 'conversationId'>): Sending;
  editMessage(messageId: string, content: string): Promise<MessagePartsFragment>;
  deleteMessage(messageId: string): Promise<MessagePartsFragment>;
  /** Marks it as read up to a sequence, and otherwise all that is shown. */
  markRead(sequence?: number): Promise<void>;
  /** Tells the others that the user types: see `useTyping`. */
  setTyping(isTyping: boolean): void;
}

function actionsOf(store: Store, conversationId: string): ConversationActions {
  const { client } = store;
  const present = () => store.sources.of<SharedRoom>(`room ${conversationId}`)?.room;
  const typist = store.typist(conversationId);
  return {
    loadEarlier: async () => present()?.loadEarlier(),
    send(message) {
      typist.sent();
      const draft = typeof message === 'string' ? { content: message } : message;
      return store.outbox.send({ ...draft, conversationId });
    },
    async editMessage(messageId, content) {
      const input = { messageId, content };
      return (await client.request(EditMessageDocument, { input })).editMessage.message;
    },
    async deleteMessage(messageId) {
      const input = { messageId };
      return (await client.request(DeleteMessageDocument, { input })).deleteMessage.message;
    },
    async markRead(sequence = present()?.state.lastSequence ?? 0) {
      const own = present()?.state.participants.find(
        ({ user }) => user.id === client.session?.userId,
      );
      if (sequence <= (own?.lastReadSequence ?? 0)) return;
      await client.request(MarkReadDocument, { input: { conversationId, sequence } });
    },
    setTyping: typist.set,
  };
}

export type ConversationHook = RoomState & ConversationActions;

/**
 * Follows a conversation: its state, as `follow` has it, and what can be done in it. The functions
 * stay the same as long as the conversation does.
 */
export function useConversation(
  id: string,
  { viewing = 'visible' }: Pick<FollowOptions, 'viewing'> = {},
): ConversationHook {
  const store = useStore();
  const state = useRoom(id, viewing);
  const actions = useMemo(() => actionsOf(store, id), [store, id]);
  return useMemo(() => ({ ...state, ...actions }), [state, actions]);
}
