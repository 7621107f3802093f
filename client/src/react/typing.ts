import { useMemo } from 'react';
import type { ParleyClient } from '../client/client.js';
import { TypingDocument, type UserPartsFragment } from '../generated/graphql.js';
import { useShared, useStore } from './context.js';
import { LiveSource } from './live.source.js';
import { type Live, LOADING } from './state.js';
import { TYPING_MS } from './typist.js';

export interface TypingState extends Live {
  /** The others who type now. */
  readonly typing: readonly UserPartsFragment[];
}

const NONE: TypingState = { ...LOADING, typing: [] };

class Typing extends LiveSource<TypingState> {
  private readonly ends = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(client: ParleyClient, conversationId: string) {
    super(client, NONE);
    this.hear(
      TypingDocument,
      () => ({ conversationId }),
      ({ typing: { user, isTyping, expiresAt } }) => {
        clearTimeout(this.ends.get(user.id));
        if (!isTyping) {
          this.remove(user.id);
          return;
        }
        const end = setTimeout(() => this.remove(user.id), leftMs(expiresAt));
        this.ends.set(user.id, end);
        if (this.state.typing.every(({ id }) => id !== user.id))
          this.set({ typing: [...this.state.typing, user] });
      },
    );
  }

  override close(): void {
    for (const end of this.ends.values()) clearTimeout(end);
    super.close();
  }

  private remove(userId: string): void {
    if (!this.ends.delete(userId)) return;
    this.set({ typing: this.state.typing.filter(({ id }) => id !== userId) });
  }
}

/** The clocks of the server and the device may differ. */
function leftMs(expiresAt: string | null | undefined): number {
  const ms = Date.parse(expiresAt ?? '') - Date.now();
  return ms > 0 && ms < TYPING_MS ? ms : TYPING_MS;
}

export interface TypingHook extends TypingState {
  /**
   * Tells the others that the user types. Call it with true at each key: the server is told at
   * most every 3 s. Typing ends by itself after 6 s, when a message is sent, or with false.
   */
  setTyping(isTyping: boolean): void;
}

/** The others who type in a conversation. */
export function useTyping(conversationId: string): TypingHook {
  const store = useStore();
  const state = useShared(
    `typing ${conversationId}`,
    ({ client }) => new Typing(client, conversationId),
    NONE,
  );
  const setTyping = store.typist(conversationId).set;
  return useMemo(() => ({ ...state, setTyping }), [state, setTyping]);
}
