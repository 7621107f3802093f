/* eslint-disable */
import { documentOf } from '../documents/document.js';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
export type MakeOptional<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]?: Maybe<T[SubKey]> };
export type MakeMaybe<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]: Maybe<T[SubKey]> };
export type MakeEmpty<T extends { [key: string]: unknown }, K extends keyof T> = { [_ in K]?: never };
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A moment in UTC, ISO 8601 with milliseconds, e.g. `2026-11-22T20:15:30.123Z`. */
  DateTime: { input: string; output: string; }
  /** The `JSON` scalar type represents JSON values as specified by [ECMA-404](http://www.ecma-international.org/publications/files/ECMA-ST/ECMA-404.pdf). */
  JSON: { input: unknown; output: unknown; }
  /** The `SafeInt` scalar type represents non-fractional signed whole numeric values that are considered safe as defined by the ECMAScript specification. */
  SafeInt: { input: number; output: number; }
  /** An absolute `http` or `https` URL of at most 2,048 characters. */
  URL: { input: string; output: string; }
};

export type AddParticipantInput = {
  conversationId: Scalars['ID']['input'];
  userId: Scalars['ID']['input'];
};

export type ArchiveConversationInput = {
  archived: Scalars['Boolean']['input'];
  conversationId: Scalars['ID']['input'];
};

export type AttachmentInput = {
  contentType?: InputMaybe<Scalars['String']['input']>;
  name?: InputMaybe<Scalars['String']['input']>;
  sizeBytes?: InputMaybe<Scalars['SafeInt']['input']>;
  url: Scalars['URL']['input'];
};

export type BlockUserInput = {
  userId: Scalars['ID']['input'];
};

/** What became true. */
export type ConversationEventKind =
  | 'MESSAGE_ADDED'
  | 'MESSAGE_DELETED'
  | 'MESSAGE_EDITED'
  | 'OFFER_UPDATED'
  | 'PARTICIPANT_ADDED'
  | 'PARTICIPANT_REMOVED';

export type CounterOfferInput = {
  /** 48 h from now by default; between 1 minute and 30 days. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** The new terms, 1 to 20. */
  items: Array<OfferItemInput>;
  note?: InputMaybe<Scalars['String']['input']>;
  offerId: Scalars['ID']['input'];
  /** The version that you saw. */
  version: Scalars['Int']['input'];
};

export type CreateOfferInput = {
  /** 1 to 64 characters, unique among yours: makes a retry safe. */
  clientOfferId?: InputMaybe<Scalars['String']['input']>;
  conversationId: Scalars['ID']['input'];
  /** 48 h from now by default; between 1 minute and 30 days. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** 1 to 20. */
  items: Array<OfferItemInput>;
  note?: InputMaybe<Scalars['String']['input']>;
  /** Needed only with more than two participants. */
  recipientId?: InputMaybe<Scalars['ID']['input']>;
};

export type DeactivateUserInput = {
  userId: Scalars['ID']['input'];
};

export type DeleteMessageInput = {
  messageId: Scalars['ID']['input'];
};

export type EditMessageInput = {
  content: Scalars['String']['input'];
  messageId: Scalars['ID']['input'];
};

export type EmitEventInput = {
  /** This, or userId. */
  conversationId?: InputMaybe<Scalars['ID']['input']>;
  data?: InputMaybe<Scalars['JSON']['input']>;
  /** A name of your own, 1 to 200 characters. */
  name: Scalars['String']['input'];
  userId?: InputMaybe<Scalars['ID']['input']>;
};

export type InboxChange =
  | 'ADDED'
  | 'REMOVED'
  | 'UPDATED';

export type LeaveConversationInput = {
  conversationId: Scalars['ID']['input'];
};

export type MarkNotificationsReadInput = {
  /** At most 500. */
  ids?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** All up to this place in your inbox. */
  throughSequence?: InputMaybe<Scalars['Int']['input']>;
};

export type MarkReadInput = {
  conversationId: Scalars['ID']['input'];
  /** The last one that the person has seen; greater than the log's end counts as the end. */
  sequence: Scalars['Int']['input'];
};

export type MuteConversationInput = {
  conversationId: Scalars['ID']['input'];
  /** Null: un-mute. */
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

/** What somebody is notified of. */
export type NotificationKind =
  | 'CUSTOM'
  | 'NEW_MESSAGE'
  | 'NEW_OFFER'
  | 'OFFER_ACCEPTED'
  | 'OFFER_CANCELLED'
  | 'OFFER_COMPLETED'
  | 'OFFER_COMPLETION_CONFIRMED'
  | 'OFFER_COUNTERED'
  | 'OFFER_DECLINED'
  | 'OFFER_EXPIRED'
  | 'OFFER_REVISED'
  | 'OFFER_WITHDRAWN';

export type NotifyUserInput = {
  /** At most 2,000 characters. */
  body?: InputMaybe<Scalars['String']['input']>;
  data?: InputMaybe<Scalars['JSON']['input']>;
  /** 1 to 200 characters: the same key for the same user is the same notification. */
  deduplicationKey?: InputMaybe<Scalars['String']['input']>;
  /** 1 to 200 characters. */
  title: Scalars['String']['input'];
  userId: Scalars['ID']['input'];
};

/** What moves a negotiation on. */
export type OfferAction =
  | 'ACCEPT'
  | 'CANCEL'
  | 'COMPLETE'
  | 'CONFIRM_COMPLETION'
  | 'COUNTER'
  | 'CREATE'
  | 'DECLINE'
  | 'EXPIRE'
  | 'REVISE'
  | 'WITHDRAW';

export type OfferActionInput = {
  note?: InputMaybe<Scalars['String']['input']>;
  offerId: Scalars['ID']['input'];
  /** The version that you saw. */
  version: Scalars['Int']['input'];
};

export type OfferItemInput = {
  /** CREDITS: how many; MONEY: minor units (cents). */
  amount?: InputMaybe<Scalars['SafeInt']['input']>;
  /** MONEY: the ISO 4217 code. */
  currency?: InputMaybe<Scalars['String']['input']>;
  /** Required for SERVICE and GOODS. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** One of the two parties. */
  giverId: Scalars['ID']['input'];
  kind: OfferItemKind;
  /** 1 by default. */
  quantity?: InputMaybe<Scalars['Int']['input']>;
  /** The host platform's id of the thing. */
  reference?: InputMaybe<Scalars['String']['input']>;
};

export type OfferItemKind =
  | 'CREDITS'
  | 'GOODS'
  | 'MONEY'
  | 'SERVICE';

/** PENDING until the negotiation ends. */
export type OfferStatus =
  | 'ACCEPTED'
  | 'CANCELLED'
  | 'COMPLETED'
  | 'DECLINED'
  | 'EXPIRED'
  | 'PENDING'
  | 'WITHDRAWN';

export type PostSystemMessageInput = {
  /** Makes a retry safe. Unique in the conversation. */
  clientMessageId?: InputMaybe<Scalars['String']['input']>;
  /** 1 to 10,000 characters. */
  content: Scalars['String']['input'];
  conversationId: Scalars['ID']['input'];
};

export type RemoveParticipantInput = {
  conversationId: Scalars['ID']['input'];
  userId: Scalars['ID']['input'];
};

export type RenewSessionInput = {
  /** A token of the user who you are, without `Bearer`. */
  token: Scalars['String']['input'];
};

export type ReviseOfferInput = {
  /** 48 h from now by default; between 1 minute and 30 days. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** The new terms, 1 to 20. */
  items: Array<OfferItemInput>;
  note?: InputMaybe<Scalars['String']['input']>;
  offerId: Scalars['ID']['input'];
  /** The version that you saw. */
  version: Scalars['Int']['input'];
};

export type RevokeTokensInput = {
  userId: Scalars['ID']['input'];
};

export type SendMessageInput = {
  /** At most 10. */
  attachments?: InputMaybe<Array<AttachmentInput>>;
  /** 1 to 64 characters, unique among yours: makes a retry safe. */
  clientMessageId?: InputMaybe<Scalars['String']['input']>;
  /** 1 to 10,000 characters, or `""` with attachments. Kept as given. */
  content: Scalars['String']['input'];
  conversationId: Scalars['ID']['input'];
  replyToId?: InputMaybe<Scalars['ID']['input']>;
};

export type SetTypingInput = {
  conversationId: Scalars['ID']['input'];
  isTyping: Scalars['Boolean']['input'];
};

export type StartConversationInput = {
  /** For groups: makes a retry safe. Unique among yours. */
  clientConversationId?: InputMaybe<Scalars['String']['input']>;
  listingId?: InputMaybe<Scalars['String']['input']>;
  /** The others; you are added. */
  participantIds: Array<Scalars['ID']['input']>;
  subject?: InputMaybe<Scalars['String']['input']>;
};

export type UpsertUserInput = {
  avatarUrl?: InputMaybe<Scalars['URL']['input']>;
  displayName?: InputMaybe<Scalars['String']['input']>;
  id: Scalars['ID']['input'];
  username: Scalars['String']['input'];
};

export type ViewerState =
  | 'JOINED'
  | 'LEFT';

export type ConversationPartsFragment = { __typename?: 'Conversation', id: string, subject?: string | null, listingId?: string | null, lastSequence: number, unreadCount: number, archived: boolean, createdAt: string, updatedAt: string, participants: Array<{ __typename?: 'Participant', id: string, joinedSequence: number, lastReadSequence: number, user: (
      { __typename?: 'User' }
      & UserPartsFragment
    ) }> };

export type ConversationQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type ConversationQuery = { __typename?: 'Query', conversation?: (
    { __typename?: 'Conversation', lastMessage?: (
      { __typename?: 'Message' }
      & MessagePartsFragment
    ) | null }
    & ConversationPartsFragment
  ) | null };

export type ConversationsQueryVariables = Exact<{
  archived?: Scalars['Boolean']['input'];
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type ConversationsQuery = { __typename?: 'Query', conversations: { __typename?: 'ConversationConnection', nodes: Array<(
      { __typename?: 'Conversation', lastMessage?: (
        { __typename?: 'Message' }
        & MessagePartsFragment
      ) | null, viewers: Array<(
        { __typename?: 'User' }
        & UserPartsFragment
      )> }
      & ConversationPartsFragment
    )>, pageInfo: { __typename?: 'PageInfo', hasNextPage: boolean, hasPreviousPage: boolean, startCursor?: string | null, endCursor?: string | null } } };

export type StartConversationMutationVariables = Exact<{
  input: StartConversationInput;
}>;


export type StartConversationMutation = { __typename?: 'Mutation', startConversation: { __typename?: 'StartConversationPayload', created: boolean, conversation: (
      { __typename?: 'Conversation' }
      & ConversationPartsFragment
    ) } };

export type MarkReadMutationVariables = Exact<{
  input: MarkReadInput;
}>;


export type MarkReadMutation = { __typename?: 'Mutation', markRead: { __typename?: 'MarkReadPayload', conversation: { __typename?: 'Conversation', id: string, unreadCount: number }, receipt: { __typename?: 'ReadReceipt', conversationId: string, lastReadSequence: number, readAt: string, user: (
        { __typename?: 'User' }
        & UserPartsFragment
      ), participant: { __typename?: 'Participant', id: string, lastReadSequence: number } }, inbox: (
      { __typename?: 'Inbox' }
      & InboxPartsFragment
    ) } };

export type SetTypingMutationVariables = Exact<{
  input: SetTypingInput;
}>;


export type SetTypingMutation = { __typename?: 'Mutation', setTyping: { __typename?: 'SetTypingPayload', ok: boolean } };

export type ArchiveConversationMutationVariables = Exact<{
  input: ArchiveConversationInput;
}>;


export type ArchiveConversationMutation = { __typename?: 'Mutation', archiveConversation: { __typename?: 'ArchiveConversationPayload', conversation: { __typename?: 'Conversation', id: string, archived: boolean } } };

export type MuteConversationMutationVariables = Exact<{
  input: MuteConversationInput;
}>;


export type MuteConversationMutation = { __typename?: 'Mutation', muteConversation: { __typename?: 'MuteConversationPayload', conversation: { __typename?: 'Conversation', id: string, mutedUntil?: string | null } } };

export type AddParticipantMutationVariables = Exact<{
  input: AddParticipantInput;
}>;


export type AddParticipantMutation = { __typename?: 'Mutation', addParticipant: { __typename?: 'AddParticipantPayload', conversation: (
      { __typename?: 'Conversation' }
      & ConversationPartsFragment
    ) } };

export type LeaveConversationMutationVariables = Exact<{
  input: LeaveConversationInput;
}>;


export type LeaveConversationMutation = { __typename?: 'Mutation', leaveConversation: { __typename?: 'LeaveConversationPayload', conversationId: string } };

export type TypingSubscriptionVariables = Exact<{
  conversationId: Scalars['ID']['input'];
}>;


export type TypingSubscription = { __typename?: 'Subscription', typing: { __typename?: 'TypingEvent', conversationId: string, isTyping: boolean, expiresAt?: string | null, user: (
      { __typename?: 'User' }
      & UserPartsFragment
    ) } };

export type ViewersSubscriptionVariables = Exact<{
  conversationId: Scalars['ID']['input'];
}>;


export type ViewersSubscription = { __typename?: 'Subscription', viewers: { __typename?: 'ViewerEvent', conversationId: string, state: ViewerState, at: string, user: (
      { __typename?: 'User' }
      & UserPartsFragment
    ) } };

export type MessagesReadSubscriptionVariables = Exact<{
  conversationId?: InputMaybe<Scalars['ID']['input']>;
}>;


export type MessagesReadSubscription = { __typename?: 'Subscription', messagesRead: { __typename?: 'ReadReceipt', conversationId: string, lastReadSequence: number, readAt: string, user: (
      { __typename?: 'User' }
      & UserPartsFragment
    ), participant: { __typename?: 'Participant', id: string, lastReadSequence: number, lastReadAt?: string | null }, conversation: { __typename?: 'Conversation', id: string, unreadCount: number } } };

export type ConversationUpdatedSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type ConversationUpdatedSubscription = { __typename?: 'Subscription', conversationUpdated: { __typename?: 'ConversationUpdate', change: InboxChange, conversationId: string, conversation?: (
      { __typename?: 'Conversation', unreadCount: number, archived: boolean, lastMessage?: (
        { __typename?: 'Message' }
        & MessagePartsFragment
      ) | null }
      & ConversationPartsFragment
    ) | null, inbox: (
      { __typename?: 'Inbox' }
      & InboxPartsFragment
    ) } };

export type ConversationEventsSubscriptionVariables = Exact<{
  conversationId: Scalars['ID']['input'];
  after?: InputMaybe<Scalars['Int']['input']>;
  viewing?: Scalars['Boolean']['input'];
}>;


export type ConversationEventsSubscription = { __typename?: 'Subscription', conversationEvents: { __typename?: 'ConversationEvent', conversationId: string, sequence: number, kind: ConversationEventKind, offerAction?: OfferAction | null, at: string, actor?: (
      { __typename?: 'User' }
      & UserPartsFragment
    ) | null, message?: (
      { __typename?: 'Message' }
      & MessagePartsFragment
    ) | null, offer?: (
      { __typename?: 'Offer' }
      & OfferPartsFragment
    ) | null, participant?: (
      { __typename?: 'User' }
      & UserPartsFragment
    ) | null } };

export type CustomEventSubscriptionVariables = Exact<{
  conversationId?: InputMaybe<Scalars['ID']['input']>;
}>;


export type CustomEventSubscription = { __typename?: 'Subscription', customEvent: { __typename?: 'CustomEvent', name: string, data?: unknown | null, conversationId?: string | null, at: string } };

export type MessagePartsFragment = { __typename?: 'Message', id: string, conversationId: string, sequence: number, version: number, content: string, clientMessageId?: string | null, createdAt: string, editedAt?: string | null, deletedAt?: string | null, sender?: (
    { __typename?: 'User' }
    & UserPartsFragment
  ) | null, attachments: Array<{ __typename?: 'Attachment', url: string, name?: string | null, contentType?: string | null, sizeBytes?: number | null }>, replyTo?: { __typename?: 'Message', id: string } | null };

export type MessagesQueryVariables = Exact<{
  id: Scalars['ID']['input'];
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
}>;


export type MessagesQuery = { __typename?: 'Query', conversation?: { __typename?: 'Conversation', id: string, lastSequence: number, messages: { __typename?: 'MessageConnection', edges: Array<{ __typename?: 'MessageEdge', cursor: string, node: (
          { __typename?: 'Message' }
          & MessagePartsFragment
        ) }>, nodes: Array<(
        { __typename?: 'Message' }
        & MessagePartsFragment
      )>, pageInfo: { __typename?: 'PageInfo', hasNextPage: boolean, hasPreviousPage: boolean, startCursor?: string | null, endCursor?: string | null } } } | null };

export type ConversationSnapshotQueryVariables = Exact<{
  id: Scalars['ID']['input'];
  last: Scalars['Int']['input'];
}>;


export type ConversationSnapshotQuery = { __typename?: 'Query', conversation?: (
    { __typename?: 'Conversation', messages: { __typename?: 'MessageConnection', nodes: Array<(
        { __typename?: 'Message' }
        & MessagePartsFragment
      )>, pageInfo: { __typename?: 'PageInfo', hasPreviousPage: boolean, startCursor?: string | null } }, offers: { __typename?: 'OfferConnection', nodes: Array<(
        { __typename?: 'Offer' }
        & OfferPartsFragment
      )>, pageInfo: { __typename?: 'PageInfo', hasNextPage: boolean } } }
    & ConversationPartsFragment
  ) | null };

export type MessagesBeforeQueryVariables = Exact<{
  id: Scalars['ID']['input'];
  last: Scalars['Int']['input'];
  before?: InputMaybe<Scalars['String']['input']>;
}>;


export type MessagesBeforeQuery = { __typename?: 'Query', conversation?: { __typename?: 'Conversation', id: string, messages: { __typename?: 'MessageConnection', nodes: Array<(
        { __typename?: 'Message' }
        & MessagePartsFragment
      )>, pageInfo: { __typename?: 'PageInfo', hasPreviousPage: boolean, startCursor?: string | null } } } | null };

export type SendMessageMutationVariables = Exact<{
  input: SendMessageInput;
}>;


export type SendMessageMutation = { __typename?: 'Mutation', sendMessage: { __typename?: 'SendMessagePayload', message: (
      { __typename?: 'Message' }
      & MessagePartsFragment
    ) } };

export type EditMessageMutationVariables = Exact<{
  input: EditMessageInput;
}>;


export type EditMessageMutation = { __typename?: 'Mutation', editMessage: { __typename?: 'EditMessagePayload', message: (
      { __typename?: 'Message' }
      & MessagePartsFragment
    ) } };

export type DeleteMessageMutationVariables = Exact<{
  input: DeleteMessageInput;
}>;


export type DeleteMessageMutation = { __typename?: 'Mutation', deleteMessage: { __typename?: 'DeleteMessagePayload', message: (
      { __typename?: 'Message' }
      & MessagePartsFragment
    ) } };

export type MessageAddedSubscriptionVariables = Exact<{
  conversationId?: InputMaybe<Scalars['ID']['input']>;
  after?: InputMaybe<Scalars['Int']['input']>;
  viewing?: Scalars['Boolean']['input'];
}>;


export type MessageAddedSubscription = { __typename?: 'Subscription', messageAdded: (
    { __typename?: 'Message' }
    & MessagePartsFragment
  ) };

export type MessageUpdatedSubscriptionVariables = Exact<{
  conversationId?: InputMaybe<Scalars['ID']['input']>;
  after?: InputMaybe<Scalars['Int']['input']>;
}>;


export type MessageUpdatedSubscription = { __typename?: 'Subscription', messageUpdated: { __typename?: 'MessageUpdate', sequence: number, kind: ConversationEventKind, message: (
      { __typename?: 'Message' }
      & MessagePartsFragment
    ) } };

export type InboxPartsFragment = { __typename?: 'Inbox', id: string, unreadNotificationCount: number, unreadConversationCount: number, lastNotificationSequence: number };

export type NotificationPartsFragment = { __typename?: 'Notification', id: string, sequence: number, kind: NotificationKind, count: number, title?: string | null, body?: string | null, data?: unknown | null, createdAt: string, readAt?: string | null, actor?: (
    { __typename?: 'User' }
    & UserPartsFragment
  ) | null, conversation?: { __typename?: 'Conversation', id: string } | null, message?: { __typename?: 'Message', id: string, sequence: number, version: number, content: string } | null, offer?: { __typename?: 'Offer', id: string, status: OfferStatus, version: number } | null };

export type InboxQueryVariables = Exact<{ [key: string]: never; }>;


export type InboxQuery = { __typename?: 'Query', inbox: (
    { __typename?: 'Inbox' }
    & InboxPartsFragment
  ) };

export type NotificationsQueryVariables = Exact<{
  unreadOnly?: Scalars['Boolean']['input'];
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type NotificationsQuery = { __typename?: 'Query', notifications: { __typename?: 'NotificationConnection', unreadCount: number, lastSequence: number, edges: Array<{ __typename?: 'NotificationEdge', cursor: string }>, nodes: Array<(
      { __typename?: 'Notification' }
      & NotificationPartsFragment
    )>, pageInfo: { __typename?: 'PageInfo', hasNextPage: boolean, endCursor?: string | null } } };

export type MarkNotificationsReadMutationVariables = Exact<{
  input: MarkNotificationsReadInput;
}>;


export type MarkNotificationsReadMutation = { __typename?: 'Mutation', markNotificationsRead: { __typename?: 'MarkNotificationsReadPayload', unreadCount: number, notifications: Array<(
      { __typename?: 'Notification' }
      & NotificationPartsFragment
    )>, inbox: (
      { __typename?: 'Inbox' }
      & InboxPartsFragment
    ) } };

export type NotificationAddedSubscriptionVariables = Exact<{
  after?: InputMaybe<Scalars['Int']['input']>;
}>;


export type NotificationAddedSubscription = { __typename?: 'Subscription', notificationAdded: (
    { __typename?: 'Notification', inbox: (
      { __typename?: 'Inbox' }
      & InboxPartsFragment
    ) }
    & NotificationPartsFragment
  ) };

export type InboxUpdatedSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type InboxUpdatedSubscription = { __typename?: 'Subscription', inboxUpdated: (
    { __typename?: 'Inbox' }
    & InboxPartsFragment
  ) };

export type OfferPartsFragment = { __typename?: 'Offer', id: string, conversationId: string, status: OfferStatus, version: number, note?: string | null, expiresAt: string, createdAt: string, updatedAt: string, availableActions: Array<OfferAction>, initiator: (
    { __typename?: 'User' }
    & UserPartsFragment
  ), proposer: (
    { __typename?: 'User' }
    & UserPartsFragment
  ), recipient: (
    { __typename?: 'User' }
    & UserPartsFragment
  ), items: Array<{ __typename?: 'OfferItem', kind: OfferItemKind, description?: string | null, reference?: string | null, quantity: number, amount?: number | null, currency?: string | null, giver: (
      { __typename?: 'User' }
      & UserPartsFragment
    ) }>, completionConfirmedBy: Array<(
    { __typename?: 'User' }
    & UserPartsFragment
  )> };

export type ConversationOffersQueryVariables = Exact<{
  id: Scalars['ID']['input'];
  status?: InputMaybe<Array<OfferStatus> | OfferStatus>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type ConversationOffersQuery = { __typename?: 'Query', conversation?: { __typename?: 'Conversation', id: string, offers: { __typename?: 'OfferConnection', nodes: Array<(
        { __typename?: 'Offer' }
        & OfferPartsFragment
      )>, pageInfo: { __typename?: 'PageInfo', hasNextPage: boolean, hasPreviousPage: boolean, startCursor?: string | null, endCursor?: string | null } } } | null };

export type OfferQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type OfferQuery = { __typename?: 'Query', offer?: (
    { __typename?: 'Offer', conversation?: { __typename?: 'Conversation', id: string } | null, history: Array<{ __typename?: 'OfferTransition', version: number, action: OfferAction, status: OfferStatus, note?: string | null, expiresAt: string, at: string, actor?: (
        { __typename?: 'User' }
        & UserPartsFragment
      ) | null, items: Array<{ __typename?: 'OfferItem', kind: OfferItemKind, amount?: number | null, currency?: string | null }> }> }
    & OfferPartsFragment
  ) | null };

export type OffersQueryVariables = Exact<{
  status?: InputMaybe<Array<OfferStatus> | OfferStatus>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
}>;


export type OffersQuery = { __typename?: 'Query', offers: { __typename?: 'OfferConnection', nodes: Array<(
      { __typename?: 'Offer' }
      & OfferPartsFragment
    )>, pageInfo: { __typename?: 'PageInfo', hasNextPage: boolean, hasPreviousPage: boolean, startCursor?: string | null, endCursor?: string | null } } };

export type CreateOfferMutationVariables = Exact<{
  input: CreateOfferInput;
}>;


export type CreateOfferMutation = { __typename?: 'Mutation', createOffer: { __typename?: 'OfferPayload', offer: (
      { __typename?: 'Offer' }
      & OfferPartsFragment
    ) } };

export type CounterOfferMutationVariables = Exact<{
  input: CounterOfferInput;
}>;


export type CounterOfferMutation = { __typename?: 'Mutation', counterOffer: { __typename?: 'OfferPayload', offer: (
      { __typename?: 'Offer' }
      & OfferPartsFragment
    ) } };

export type ReviseOfferMutationVariables = Exact<{
  input: ReviseOfferInput;
}>;


export type ReviseOfferMutation = { __typename?: 'Mutation', reviseOffer: { __typename?: 'OfferPayload', offer: (
      { __typename?: 'Offer' }
      & OfferPartsFragment
    ) } };

export type AcceptOfferMutationVariables = Exact<{
  input: OfferActionInput;
}>;


export type AcceptOfferMutation = { __typename?: 'Mutation', acceptOffer: { __typename?: 'OfferPayload', offer: (
      { __typename?: 'Offer' }
      & OfferPartsFragment
    ) } };

export type DeclineOfferMutationVariables = Exact<{
  input: OfferActionInput;
}>;


export type DeclineOfferMutation = { __typename?: 'Mutation', declineOffer: { __typename?: 'OfferPayload', offer: (
      { __typename?: 'Offer' }
      & OfferPartsFragment
    ) } };

export type WithdrawOfferMutationVariables = Exact<{
  input: OfferActionInput;
}>;


export type WithdrawOfferMutation = { __typename?: 'Mutation', withdrawOffer: { __typename?: 'OfferPayload', offer: (
      { __typename?: 'Offer' }
      & OfferPartsFragment
    ) } };

export type ConfirmCompletionMutationVariables = Exact<{
  input: OfferActionInput;
}>;


export type ConfirmCompletionMutation = { __typename?: 'Mutation', confirmCompletion: { __typename?: 'OfferPayload', offer: (
      { __typename?: 'Offer' }
      & OfferPartsFragment
    ) } };

export type CancelOfferMutationVariables = Exact<{
  input: OfferActionInput;
}>;


export type CancelOfferMutation = { __typename?: 'Mutation', cancelOffer: { __typename?: 'OfferPayload', offer: (
      { __typename?: 'Offer' }
      & OfferPartsFragment
    ) } };

export type OfferUpdatedSubscriptionVariables = Exact<{
  conversationId?: InputMaybe<Scalars['ID']['input']>;
  after?: InputMaybe<Scalars['Int']['input']>;
}>;


export type OfferUpdatedSubscription = { __typename?: 'Subscription', offerUpdated: { __typename?: 'OfferUpdate', sequence: number, action: OfferAction, actor?: (
      { __typename?: 'User' }
      & UserPartsFragment
    ) | null, offer: (
      { __typename?: 'Offer' }
      & OfferPartsFragment
    ), conversation: { __typename?: 'Conversation', id: string } } };

export type UserPartsFragment = { __typename?: 'User', id: string, username: string, displayName?: string | null, avatarUrl?: string | null };

export type MeQueryVariables = Exact<{ [key: string]: never; }>;


export type MeQuery = { __typename?: 'Query', me: (
    { __typename?: 'User' }
    & UserPartsFragment
  ) };

export type UserQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type UserQuery = { __typename?: 'Query', user?: (
    { __typename?: 'User', presence: { __typename?: 'Presence', id: string, online: boolean, lastSeenAt?: string | null } }
    & UserPartsFragment
  ) | null };

export type UserPresenceSubscriptionVariables = Exact<{
  userIds?: InputMaybe<Array<Scalars['ID']['input']> | Scalars['ID']['input']>;
}>;


export type UserPresenceSubscription = { __typename?: 'Subscription', userPresence: { __typename?: 'Presence', id: string, online: boolean, lastSeenAt?: string | null, user: { __typename?: 'User', id: string } } };

export type RenewSessionMutationVariables = Exact<{
  input: RenewSessionInput;
}>;


export type RenewSessionMutation = { __typename?: 'Mutation', renewSession: { __typename?: 'RenewSessionPayload', expiresAt?: string | null } };

export type BlockedUsersQueryVariables = Exact<{ [key: string]: never; }>;


export type BlockedUsersQuery = { __typename?: 'Query', blockedUsers: Array<(
    { __typename?: 'User', blockedByViewer: boolean }
    & UserPartsFragment
  )> };

export type BlockUserMutationVariables = Exact<{
  input: BlockUserInput;
}>;


export type BlockUserMutation = { __typename?: 'Mutation', blockUser: { __typename?: 'BlockUserPayload', blocked: boolean, user: (
      { __typename?: 'User', blockedByViewer: boolean }
      & UserPartsFragment
    ) } };

export type UnblockUserMutationVariables = Exact<{
  input: BlockUserInput;
}>;


export type UnblockUserMutation = { __typename?: 'Mutation', unblockUser: { __typename?: 'BlockUserPayload', blocked: boolean, user: (
      { __typename?: 'User', blockedByViewer: boolean }
      & UserPartsFragment
    ) } };

export type UpsertUserMutationVariables = Exact<{
  input: UpsertUserInput;
}>;


export type UpsertUserMutation = { __typename?: 'Mutation', upsertUser: { __typename?: 'UpsertUserPayload', created: boolean, user: (
      { __typename?: 'User' }
      & UserPartsFragment
    ) } };

export type UpsertUsersMutationVariables = Exact<{
  input: Array<UpsertUserInput> | UpsertUserInput;
}>;


export type UpsertUsersMutation = { __typename?: 'Mutation', upsertUsers: { __typename?: 'UpsertUsersPayload', users: Array<(
      { __typename?: 'User' }
      & UserPartsFragment
    )> } };

export type DeactivateUserMutationVariables = Exact<{
  input: DeactivateUserInput;
}>;


export type DeactivateUserMutation = { __typename?: 'Mutation', deactivateUser: { __typename?: 'DeactivateUserPayload', user: (
      { __typename?: 'User' }
      & UserPartsFragment
    ) } };

export type RevokeTokensMutationVariables = Exact<{
  input: RevokeTokensInput;
}>;


export type RevokeTokensMutation = { __typename?: 'Mutation', revokeTokens: { __typename?: 'RevokeTokensPayload', user: (
      { __typename?: 'User' }
      & UserPartsFragment
    ) } };

export type RemoveParticipantMutationVariables = Exact<{
  input: RemoveParticipantInput;
}>;


export type RemoveParticipantMutation = { __typename?: 'Mutation', removeParticipant: { __typename?: 'RemoveParticipantPayload', conversation: { __typename?: 'Conversation', id: string, lastSequence: number, participants: Array<{ __typename?: 'Participant', id: string }> } } };

export type ActiveUsersQueryVariables = Exact<{ [key: string]: never; }>;


export type ActiveUsersQuery = { __typename?: 'Query', activeUsers: Array<(
    { __typename?: 'User' }
    & UserPartsFragment
  )> };

export type PostSystemMessageMutationVariables = Exact<{
  input: PostSystemMessageInput;
}>;


export type PostSystemMessageMutation = { __typename?: 'Mutation', postSystemMessage: { __typename?: 'PostSystemMessagePayload', message: (
      { __typename?: 'Message' }
      & MessagePartsFragment
    ) } };

export type NotifyUserMutationVariables = Exact<{
  input: NotifyUserInput;
}>;


export type NotifyUserMutation = { __typename?: 'Mutation', notifyUser: { __typename?: 'NotifyUserPayload', notification: (
      { __typename?: 'Notification' }
      & NotificationPartsFragment
    ) } };

export type EmitEventMutationVariables = Exact<{
  input: EmitEventInput;
}>;


export type EmitEventMutation = { __typename?: 'Mutation', emitEvent: { __typename?: 'EmitEventPayload', ok: boolean } };

export const UserPartsFragmentDoc = /*#__PURE__*/ documentOf<UserPartsFragment, unknown>("fragment UserParts on User{id username displayName avatarUrl}", []);
export const ConversationPartsFragmentDoc = /*#__PURE__*/ documentOf<ConversationPartsFragment, unknown>("fragment ConversationParts on Conversation{id subject listingId lastSequence unreadCount archived createdAt updatedAt participants{id joinedSequence lastReadSequence user{...UserParts}}}", [UserPartsFragmentDoc]);
export const MessagePartsFragmentDoc = /*#__PURE__*/ documentOf<MessagePartsFragment, unknown>("fragment MessageParts on Message{id conversationId sequence version content clientMessageId createdAt editedAt deletedAt sender{...UserParts}attachments{url name contentType sizeBytes}replyTo{id}}", [UserPartsFragmentDoc]);
export const InboxPartsFragmentDoc = /*#__PURE__*/ documentOf<InboxPartsFragment, unknown>("fragment InboxParts on Inbox{id unreadNotificationCount unreadConversationCount lastNotificationSequence}", []);
export const NotificationPartsFragmentDoc = /*#__PURE__*/ documentOf<NotificationPartsFragment, unknown>("fragment NotificationParts on Notification{id sequence kind count title body data createdAt readAt actor{...UserParts}conversation{id}message{id sequence version content}offer{id status version}}", [UserPartsFragmentDoc]);
export const OfferPartsFragmentDoc = /*#__PURE__*/ documentOf<OfferPartsFragment, unknown>("fragment OfferParts on Offer{id conversationId status version note expiresAt createdAt updatedAt availableActions initiator{...UserParts}proposer{...UserParts}recipient{...UserParts}items{giver{...UserParts}kind description reference quantity amount currency}completionConfirmedBy{...UserParts}}", [UserPartsFragmentDoc]);
export const ConversationDocument = /*#__PURE__*/ documentOf<ConversationQuery, ConversationQueryVariables>("query Conversation($id:ID!){conversation(id:$id){...ConversationParts lastMessage{...MessageParts}}}", [ConversationPartsFragmentDoc, MessagePartsFragmentDoc], "4b9249bc3dcf2623f25774e180a51faf844546a46df1684c03b6350edad62dc2");
export const ConversationsDocument = /*#__PURE__*/ documentOf<ConversationsQuery, ConversationsQueryVariables>("query Conversations($archived:Boolean!=false$first:Int$after:String){conversations(archived:$archived first:$first after:$after){nodes{...ConversationParts lastMessage{...MessageParts}viewers{...UserParts}}pageInfo{hasNextPage hasPreviousPage startCursor endCursor}}}", [ConversationPartsFragmentDoc, MessagePartsFragmentDoc, UserPartsFragmentDoc], "f56a4a60b952b76efc0a24e479026ffc0a5e9ea10d11fbe91766214d2f96e5aa");
export const StartConversationDocument = /*#__PURE__*/ documentOf<StartConversationMutation, StartConversationMutationVariables>("mutation StartConversation($input:StartConversationInput!){startConversation(input:$input){created conversation{...ConversationParts}}}", [ConversationPartsFragmentDoc], "b5912956ff8d2072375208b802249884de544db79c1cfc449660d0de83b7ac52");
export const MarkReadDocument = /*#__PURE__*/ documentOf<MarkReadMutation, MarkReadMutationVariables>("mutation MarkRead($input:MarkReadInput!){markRead(input:$input){conversation{id unreadCount}receipt{conversationId lastReadSequence readAt user{...UserParts}participant{id lastReadSequence}}inbox{...InboxParts}}}", [UserPartsFragmentDoc, InboxPartsFragmentDoc], "54ce17f23059579a22d2c987945dc2c200d8bc521cbd56244669dd5b6ad28513");
export const SetTypingDocument = /*#__PURE__*/ documentOf<SetTypingMutation, SetTypingMutationVariables>("mutation SetTyping($input:SetTypingInput!){setTyping(input:$input){ok}}", [], "ec3ed7b5df24dde92eb3005e19a7dab8430a4a4d9db89396173641692ac142bb");
export const ArchiveConversationDocument = /*#__PURE__*/ documentOf<ArchiveConversationMutation, ArchiveConversationMutationVariables>("mutation ArchiveConversation($input:ArchiveConversationInput!){archiveConversation(input:$input){conversation{id archived}}}", [], "c27b214cdacf0e8a5d7682e89aae607f98603a5cc9229f86abb1de01da5a3824");
export const MuteConversationDocument = /*#__PURE__*/ documentOf<MuteConversationMutation, MuteConversationMutationVariables>("mutation MuteConversation($input:MuteConversationInput!){muteConversation(input:$input){conversation{id mutedUntil}}}", [], "d8c66cceb35d39d81d8b18104d3d893d50e4d361194dbe852b9ef77d3c354101");
export const AddParticipantDocument = /*#__PURE__*/ documentOf<AddParticipantMutation, AddParticipantMutationVariables>("mutation AddParticipant($input:AddParticipantInput!){addParticipant(input:$input){conversation{...ConversationParts}}}", [ConversationPartsFragmentDoc], "bca2cc2b45bf576768c14b238ac1f5a3ed237e792d7438811effac70974031bb");
export const LeaveConversationDocument = /*#__PURE__*/ documentOf<LeaveConversationMutation, LeaveConversationMutationVariables>("mutation LeaveConversation($input:LeaveConversationInput!){leaveConversation(input:$input){conversationId}}", [], "4bb0b109776c66b6f485d3f7644b5e89087174a6a3011c145da9c3aa841c660d");
export const TypingDocument = /*#__PURE__*/ documentOf<TypingSubscription, TypingSubscriptionVariables>("subscription Typing($conversationId:ID!){typing(conversationId:$conversationId){conversationId user{...UserParts}isTyping expiresAt}}", [UserPartsFragmentDoc], "3a1064e5580979adad301d066bc817071468e44d604deb20b18f1f426ea1ca6b");
export const ViewersDocument = /*#__PURE__*/ documentOf<ViewersSubscription, ViewersSubscriptionVariables>("subscription Viewers($conversationId:ID!){viewers(conversationId:$conversationId){conversationId state at user{...UserParts}}}", [UserPartsFragmentDoc], "44a68205c4eeafb4694efdfa1ed852d68a1936cbf2649f9c984a9c7e8a8b7253");
export const MessagesReadDocument = /*#__PURE__*/ documentOf<MessagesReadSubscription, MessagesReadSubscriptionVariables>("subscription MessagesRead($conversationId:ID){messagesRead(conversationId:$conversationId){conversationId lastReadSequence readAt user{...UserParts}participant{id lastReadSequence lastReadAt}conversation{id unreadCount}}}", [UserPartsFragmentDoc], "408e03e29cc49f6f15bc3ba2d7d71015d4be71e6a343df5ec65b66a2a049a4cb");
export const ConversationUpdatedDocument = /*#__PURE__*/ documentOf<ConversationUpdatedSubscription, ConversationUpdatedSubscriptionVariables>("subscription ConversationUpdated{conversationUpdated{change conversationId conversation{...ConversationParts unreadCount archived lastMessage{...MessageParts}}inbox{...InboxParts}}}", [ConversationPartsFragmentDoc, MessagePartsFragmentDoc, InboxPartsFragmentDoc], "1f52cb25f26b9653d8049874778a52baca48cc7361bdc899b6d3183153f86c73");
export const ConversationEventsDocument = /*#__PURE__*/ documentOf<ConversationEventsSubscription, ConversationEventsSubscriptionVariables>("subscription ConversationEvents($conversationId:ID!$after:Int$viewing:Boolean!=true){conversationEvents(conversationId:$conversationId after:$after viewing:$viewing){conversationId sequence kind offerAction at actor{...UserParts}message{...MessageParts}offer{...OfferParts}participant{...UserParts}}}", [UserPartsFragmentDoc, MessagePartsFragmentDoc, OfferPartsFragmentDoc], "2a0c3ffd23f8c2dc78fb053f2612fcb9d2e6f39b0ba7a123d9501bf58a9e3967");
export const CustomEventDocument = /*#__PURE__*/ documentOf<CustomEventSubscription, CustomEventSubscriptionVariables>("subscription CustomEvent($conversationId:ID){customEvent(conversationId:$conversationId){name data conversationId at}}", [], "cce720398cbeb8dc3204e808cd5cd9e33a0a20d13adc6485f9568d785f609709");
export const MessagesDocument = /*#__PURE__*/ documentOf<MessagesQuery, MessagesQueryVariables>("query Messages($id:ID!$first:Int$after:String$last:Int$before:String){conversation(id:$id){id lastSequence messages(first:$first after:$after last:$last before:$before){edges{cursor node{...MessageParts}}nodes{...MessageParts}pageInfo{hasNextPage hasPreviousPage startCursor endCursor}}}}", [MessagePartsFragmentDoc], "4b089d66ba6d8c4b8dc43eb752971ca078a1113c2680571c751fa58e425443ee");
export const ConversationSnapshotDocument = /*#__PURE__*/ documentOf<ConversationSnapshotQuery, ConversationSnapshotQueryVariables>("query ConversationSnapshot($id:ID!$last:Int!){conversation(id:$id){...ConversationParts messages(last:$last){nodes{...MessageParts}pageInfo{hasPreviousPage startCursor}}offers(first:20){nodes{...OfferParts}pageInfo{hasNextPage}}}}", [ConversationPartsFragmentDoc, MessagePartsFragmentDoc, OfferPartsFragmentDoc], "787d055d1b4e50de481b03fba605d1dfad40245c741d5b536edd1ce6bf10d884");
export const MessagesBeforeDocument = /*#__PURE__*/ documentOf<MessagesBeforeQuery, MessagesBeforeQueryVariables>("query MessagesBefore($id:ID!$last:Int!$before:String){conversation(id:$id){id messages(last:$last before:$before){nodes{...MessageParts}pageInfo{hasPreviousPage startCursor}}}}", [MessagePartsFragmentDoc], "f05e5854cdd0197bf845fa08afb60302250e6ffb4aa4a8c1358d5e6ec7038a98");
export const SendMessageDocument = /*#__PURE__*/ documentOf<SendMessageMutation, SendMessageMutationVariables>("mutation SendMessage($input:SendMessageInput!){sendMessage(input:$input){message{...MessageParts}}}", [MessagePartsFragmentDoc], "15b5a87cea4218d1dadc71ec6dee2cae479ab6b4322a59d33a1418e794ba9e2e");
export const EditMessageDocument = /*#__PURE__*/ documentOf<EditMessageMutation, EditMessageMutationVariables>("mutation EditMessage($input:EditMessageInput!){editMessage(input:$input){message{...MessageParts}}}", [MessagePartsFragmentDoc], "88c29895d4e8b7c2a07e75224766f50dc5b77e0226d85c2f53e4da5c041de5f7");
export const DeleteMessageDocument = /*#__PURE__*/ documentOf<DeleteMessageMutation, DeleteMessageMutationVariables>("mutation DeleteMessage($input:DeleteMessageInput!){deleteMessage(input:$input){message{...MessageParts}}}", [MessagePartsFragmentDoc], "4a03377c3523ff25bbcbfec1cd6a808233294f138d8c69597aeef40fffbb4d77");
export const MessageAddedDocument = /*#__PURE__*/ documentOf<MessageAddedSubscription, MessageAddedSubscriptionVariables>("subscription MessageAdded($conversationId:ID$after:Int$viewing:Boolean!=true){messageAdded(conversationId:$conversationId after:$after viewing:$viewing){...MessageParts}}", [MessagePartsFragmentDoc], "2ba5c818e5888fd74ed2548a92b29bdaa49facd638d006ccd6189a2a23b6f102");
export const MessageUpdatedDocument = /*#__PURE__*/ documentOf<MessageUpdatedSubscription, MessageUpdatedSubscriptionVariables>("subscription MessageUpdated($conversationId:ID$after:Int){messageUpdated(conversationId:$conversationId after:$after){sequence kind message{...MessageParts}}}", [MessagePartsFragmentDoc], "9dda766bfd40bbd9b0c7918032b6d2777f7ec76c4baf46e8f11a2e331f27daee");
export const InboxDocument = /*#__PURE__*/ documentOf<InboxQuery, InboxQueryVariables>("query Inbox{inbox{...InboxParts}}", [InboxPartsFragmentDoc], "ffa470355292919822ba5e924a102c91fbcfb0276dee645d9ccf97fbf053ecae");
export const NotificationsDocument = /*#__PURE__*/ documentOf<NotificationsQuery, NotificationsQueryVariables>("query Notifications($unreadOnly:Boolean!=false$first:Int$after:String){notifications(unreadOnly:$unreadOnly first:$first after:$after){unreadCount lastSequence edges{cursor}nodes{...NotificationParts}pageInfo{hasNextPage endCursor}}}", [NotificationPartsFragmentDoc], "501cf996485667c3f35ab0e1874746f449b3fa7400dd11aa05506ed54b9465d0");
export const MarkNotificationsReadDocument = /*#__PURE__*/ documentOf<MarkNotificationsReadMutation, MarkNotificationsReadMutationVariables>("mutation MarkNotificationsRead($input:MarkNotificationsReadInput!){markNotificationsRead(input:$input){unreadCount notifications{...NotificationParts}inbox{...InboxParts}}}", [NotificationPartsFragmentDoc, InboxPartsFragmentDoc], "9cb502b945e8bc42dae013295d08ab03e4d5d7ea92180d4b0ce3821792a38c68");
export const NotificationAddedDocument = /*#__PURE__*/ documentOf<NotificationAddedSubscription, NotificationAddedSubscriptionVariables>("subscription NotificationAdded($after:Int){notificationAdded(after:$after){...NotificationParts inbox{...InboxParts}}}", [NotificationPartsFragmentDoc, InboxPartsFragmentDoc], "60b8558f7148fd2c79c50aecb7faea741f82a466b612ed9d3c27aa63b9f4ff5d");
export const InboxUpdatedDocument = /*#__PURE__*/ documentOf<InboxUpdatedSubscription, InboxUpdatedSubscriptionVariables>("subscription InboxUpdated{inboxUpdated{...InboxParts}}", [InboxPartsFragmentDoc], "15cf13cbb43c248c142f39a43ed0316afe8e2393ae236d8410c8a7c350f64f45");
export const ConversationOffersDocument = /*#__PURE__*/ documentOf<ConversationOffersQuery, ConversationOffersQueryVariables>("query ConversationOffers($id:ID!$status:[OfferStatus!]$first:Int$after:String){conversation(id:$id){id offers(status:$status first:$first after:$after){nodes{...OfferParts}pageInfo{hasNextPage hasPreviousPage startCursor endCursor}}}}", [OfferPartsFragmentDoc], "285fde2f2ebe75165e409f695aa98dab83229848f2f3f01644e6de2560db6d6f");
export const OfferDocument = /*#__PURE__*/ documentOf<OfferQuery, OfferQueryVariables>("query Offer($id:ID!){offer(id:$id){...OfferParts conversation{id}history{version action status note expiresAt at actor{...UserParts}items{kind amount currency}}}}", [OfferPartsFragmentDoc, UserPartsFragmentDoc], "0cd3ce7de8a41e9b1184b5dcdfab4f54df40d22b4a485369a59de997c3436990");
export const OffersDocument = /*#__PURE__*/ documentOf<OffersQuery, OffersQueryVariables>("query Offers($status:[OfferStatus!]$first:Int$after:String){offers(status:$status first:$first after:$after){nodes{...OfferParts}pageInfo{hasNextPage hasPreviousPage startCursor endCursor}}}", [OfferPartsFragmentDoc], "3eac745aa092acb79634bd9d0d78d050af991fda075348b8f30d9ef3cc4bddd1");
export const CreateOfferDocument = /*#__PURE__*/ documentOf<CreateOfferMutation, CreateOfferMutationVariables>("mutation CreateOffer($input:CreateOfferInput!){createOffer(input:$input){offer{...OfferParts}}}", [OfferPartsFragmentDoc], "b74fe9ea5185310e251c9848dbe96aa8c808f5aef17551ceed87ce3ac979446f");
export const CounterOfferDocument = /*#__PURE__*/ documentOf<CounterOfferMutation, CounterOfferMutationVariables>("mutation CounterOffer($input:CounterOfferInput!){counterOffer(input:$input){offer{...OfferParts}}}", [OfferPartsFragmentDoc], "d50367376682364cd5f7e9e9559603a3b6e180d00892dfad31ab307d426b2396");
export const ReviseOfferDocument = /*#__PURE__*/ documentOf<ReviseOfferMutation, ReviseOfferMutationVariables>("mutation ReviseOffer($input:ReviseOfferInput!){reviseOffer(input:$input){offer{...OfferParts}}}", [OfferPartsFragmentDoc], "b31543198821ade9c9daf662e9ee7bdd499fb5e7531bcd83281c63b00eea254f");
export const AcceptOfferDocument = /*#__PURE__*/ documentOf<AcceptOfferMutation, AcceptOfferMutationVariables>("mutation AcceptOffer($input:OfferActionInput!){acceptOffer(input:$input){offer{...OfferParts}}}", [OfferPartsFragmentDoc], "1e0fc0170eb7dfeece64c79ac057931ac4dc256795a4cfadfba83da03680c19b");
export const DeclineOfferDocument = /*#__PURE__*/ documentOf<DeclineOfferMutation, DeclineOfferMutationVariables>("mutation DeclineOffer($input:OfferActionInput!){declineOffer(input:$input){offer{...OfferParts}}}", [OfferPartsFragmentDoc], "9ca811c503bc543d1c079ebebf055a141e6da3025f3875432802e62cbd525bd2");
export const WithdrawOfferDocument = /*#__PURE__*/ documentOf<WithdrawOfferMutation, WithdrawOfferMutationVariables>("mutation WithdrawOffer($input:OfferActionInput!){withdrawOffer(input:$input){offer{...OfferParts}}}", [OfferPartsFragmentDoc], "3258ad02593ecf4215f86517679e0734cb353d6d0ab83762ad3f6a1b414db4e5");
export const ConfirmCompletionDocument = /*#__PURE__*/ documentOf<ConfirmCompletionMutation, ConfirmCompletionMutationVariables>("mutation ConfirmCompletion($input:OfferActionInput!){confirmCompletion(input:$input){offer{...OfferParts}}}", [OfferPartsFragmentDoc], "49bcd9a69aab4141746ca1fa9d2775de287abb61571b970828b4e9833a7c0888");
export const CancelOfferDocument = /*#__PURE__*/ documentOf<CancelOfferMutation, CancelOfferMutationVariables>("mutation CancelOffer($input:OfferActionInput!){cancelOffer(input:$input){offer{...OfferParts}}}", [OfferPartsFragmentDoc], "b22bbc4d758ac444596ce5459fbb0d3041b08273ae0ad87390c117c01c72572d");
export const OfferUpdatedDocument = /*#__PURE__*/ documentOf<OfferUpdatedSubscription, OfferUpdatedSubscriptionVariables>("subscription OfferUpdated($conversationId:ID$after:Int){offerUpdated(conversationId:$conversationId after:$after){sequence action actor{...UserParts}offer{...OfferParts}conversation{id}}}", [UserPartsFragmentDoc, OfferPartsFragmentDoc], "74436876af341b61700a4e38214303d86ab9dc76824dd52c0b9f92e5abcfdbe2");
export const MeDocument = /*#__PURE__*/ documentOf<MeQuery, MeQueryVariables>("query Me{me{...UserParts}}", [UserPartsFragmentDoc], "7b8bbd56653dcfaa2b32b7285246196ef68969dc9f95c87865bcc5e17709f900");
export const UserDocument = /*#__PURE__*/ documentOf<UserQuery, UserQueryVariables>("query User($id:ID!){user(id:$id){...UserParts presence{id online lastSeenAt}}}", [UserPartsFragmentDoc], "f9fd5c06f6091805f20257d1bbafd52b46ee8bbded58aa7b029e2be28c8ae118");
export const UserPresenceDocument = /*#__PURE__*/ documentOf<UserPresenceSubscription, UserPresenceSubscriptionVariables>("subscription UserPresence($userIds:[ID!]){userPresence(userIds:$userIds){id online lastSeenAt user{id}}}", [], "0edcabd751b7a4227d56361a6810d839b7f55e11a755b542c3b2712a90c06875");
export const RenewSessionDocument = /*#__PURE__*/ documentOf<RenewSessionMutation, RenewSessionMutationVariables>("mutation RenewSession($input:RenewSessionInput!){renewSession(input:$input){expiresAt}}", [], "08db2589ae1cc3377162abe6cfc9d2b8a3fc5eed98572294931ec2bb8871de6d");
export const BlockedUsersDocument = /*#__PURE__*/ documentOf<BlockedUsersQuery, BlockedUsersQueryVariables>("query BlockedUsers{blockedUsers{...UserParts blockedByViewer}}", [UserPartsFragmentDoc], "7464afcfc9d9026ec265bd676d637aab4581b38b27d7610159b59ec7ee1164fc");
export const BlockUserDocument = /*#__PURE__*/ documentOf<BlockUserMutation, BlockUserMutationVariables>("mutation BlockUser($input:BlockUserInput!){blockUser(input:$input){blocked user{...UserParts blockedByViewer}}}", [UserPartsFragmentDoc], "81e6627957a5b63680da4a97e9a4af62a6704010cfa611ce39f34e87306dabdb");
export const UnblockUserDocument = /*#__PURE__*/ documentOf<UnblockUserMutation, UnblockUserMutationVariables>("mutation UnblockUser($input:BlockUserInput!){unblockUser(input:$input){blocked user{...UserParts blockedByViewer}}}", [UserPartsFragmentDoc], "37e10c46d3e3da97ff588b9a1b753ae84adc416622ce177d37667c09a2b1af2a");
export const UpsertUserDocument = /*#__PURE__*/ documentOf<UpsertUserMutation, UpsertUserMutationVariables>("mutation UpsertUser($input:UpsertUserInput!){upsertUser(input:$input){created user{...UserParts}}}", [UserPartsFragmentDoc], "9619e0eb0e4466d01301d14c0bc314ed2a91ba494cabf835cc53e31873b4c78f");
export const UpsertUsersDocument = /*#__PURE__*/ documentOf<UpsertUsersMutation, UpsertUsersMutationVariables>("mutation UpsertUsers($input:[UpsertUserInput!]!){upsertUsers(input:$input){users{...UserParts}}}", [UserPartsFragmentDoc], "e5325fe1545f055878b551e1938a41eb5a2241d3c1c79a5c70da90d6baef836b");
export const DeactivateUserDocument = /*#__PURE__*/ documentOf<DeactivateUserMutation, DeactivateUserMutationVariables>("mutation DeactivateUser($input:DeactivateUserInput!){deactivateUser(input:$input){user{...UserParts}}}", [UserPartsFragmentDoc], "333d184dbb04dcc5ddbfa93c824e593d50863d0c83539cfd5a65c80d857768b6");
export const RevokeTokensDocument = /*#__PURE__*/ documentOf<RevokeTokensMutation, RevokeTokensMutationVariables>("mutation RevokeTokens($input:RevokeTokensInput!){revokeTokens(input:$input){user{...UserParts}}}", [UserPartsFragmentDoc], "8ed9ce3cac100ba93aacc299109e7edd5de71a4af752683050072dbc16f4f8e5");
export const RemoveParticipantDocument = /*#__PURE__*/ documentOf<RemoveParticipantMutation, RemoveParticipantMutationVariables>("mutation RemoveParticipant($input:RemoveParticipantInput!){removeParticipant(input:$input){conversation{id lastSequence participants{id}}}}", [], "552ff5228ec6c0af731744ca65754e9b76846be6fe9854b3197e624676ee4966");
export const ActiveUsersDocument = /*#__PURE__*/ documentOf<ActiveUsersQuery, ActiveUsersQueryVariables>("query ActiveUsers{activeUsers{...UserParts}}", [UserPartsFragmentDoc], "b938f032aabf14cf914b3f99b5a4a2baf26055c2bc62b2cd70be2aa36430d34a");
export const PostSystemMessageDocument = /*#__PURE__*/ documentOf<PostSystemMessageMutation, PostSystemMessageMutationVariables>("mutation PostSystemMessage($input:PostSystemMessageInput!){postSystemMessage(input:$input){message{...MessageParts}}}", [MessagePartsFragmentDoc], "386954a17ecc2eda0b828a99b5e685913438ab61757ddd78044b012c3b999c26");
export const NotifyUserDocument = /*#__PURE__*/ documentOf<NotifyUserMutation, NotifyUserMutationVariables>("mutation NotifyUser($input:NotifyUserInput!){notifyUser(input:$input){notification{...NotificationParts}}}", [NotificationPartsFragmentDoc], "53cc5595cc837ca424033610a5c12991bb845a9657e347d80bdbcb4f9650344f");
export const EmitEventDocument = /*#__PURE__*/ documentOf<EmitEventMutation, EmitEventMutationVariables>("mutation EmitEvent($input:EmitEventInput!){emitEvent(input:$input){ok}}", [], "1b610f8d7109ac35159d45702a7a170a49d787ad70b08614ba8dc3f2a1f7ffef");