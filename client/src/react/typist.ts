import type { ParleyClient } from '../client/client.js';
import { SetTypingDocument } from '../generated/graphql.js';

/** The server ends typing after this time, unless it is renewed. */
export const TYPING_MS = 6_000;
/** Renewed within 2 s, typing is not told to others again. */
const RENEW_MS = 3_000;

/** Tells the server that the user types in a conversation, no more often than is needed. */
export class Typist {
  private toldAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly client: ParleyClient,
    private readonly conversationId: string,
  ) {}

  /** Call it with true at each key. It never fails: that somebody types is a hint. */
  readonly set = (isTyping: boolean): void => {
    const now = performance.now();
    const sinceMs = now - this.toldAtMs;
    if (isTyping ? sinceMs < RENEW_MS : sinceMs >= TYPING_MS) return;
    this.toldAtMs = isTyping ? now : Number.NEGATIVE_INFINITY;
    const input = { conversationId: this.conversationId, isTyping };
    this.client.request(SetTypingDocument, { input }).catch(() => {});
  };

  /** A message was sent, which ends typing. */
  sent(): void {
    this.toldAtMs = Number.NEGATIVE_INFINITY;
  }
}
