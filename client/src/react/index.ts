'use client';

/** The hooks for React of `@parley/client/react`. */
export type {
  ConversationActions,
  ConversationHook,
} from './conversation.js';
export { useConversation } from './conversation.js';
export {
  type ConversationSummary,
  type ConversationsActions,
  type ConversationsHook,
  type ConversationsState,
  useConversations,
} from './conversations.js';
export { type InboxActions, type InboxState, useInbox } from './inbox.js';
export {
  type NewOffer,
  type NewTerms,
  type OfferActions,
  type OffersState,
  type SeenOffer,
  useOffers,
} from './offers.js';
export { type OutboxHook, useOutbox } from './outbox.js';
export { type PresenceState, type UserPresence, usePresence } from './presence.js';
export { ParleyProvider, type ParleyProviderProps, useParley } from './provider.js';
export type { Live, Paged, Paging } from './state.js';
export { type TypingHook, type TypingState, useTyping } from './typing.js';
export { useViewers, type ViewersState } from './viewers.js';
