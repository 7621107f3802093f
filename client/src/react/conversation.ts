import { useMemo } from 'react';
import type { FollowOptions, Room, RoomState } from '../follow/room.js';
import {
  DeleteMessageDocument,
  EditMessageDocument,
  MarkReadDocument,
  type MessagePartsFragment,
} from '../generated/graphql.js';
import type { Draft, Sending } from '../outbox/sending.js';
import { useStore } from './context.js';
import { roomKey, useRoom } from './shared.room.js';
import type { Store } from './store.js';

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
  const present = () => store.sources.of<Room>(roomKey(conversationId));
  const typist = store.typist(conversationId);
  /** The greatest sequence that was marked, or is being marked. */
  let marked: { sequence: number; answer: Promise<void> } | null = null;
  const mark = async (sequence: number) => {
    const { userId } = client.session ?? {};
    const own = present()?.state.participants.find(({ user }) => user.id === userId);
    if (own && own.lastReadSequence >= sequence) return;
    await client.request(MarkReadDocument, { input: { conversationId, sequence } });
  };
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
    markRead(sequence = present()?.state.lastSequence ?? 0) {
      if (marked && marked.sequence >= sequence) return marked.answer;
      const answer = mark(sequence);
      marked = { sequence, answer };
      answer.catch(() => {
        if (marked?.answer === answer) marked = null;
      });
      return answer;
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
