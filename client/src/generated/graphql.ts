/* eslint-disable */
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
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

/** Who is to join which group. */
export type AddParticipantInput = {
  /** The conversation. People are added to groups only. */
  conversationId: Scalars['ID']['input'];
  /** The person. */
  userId: Scalars['ID']['input'];
};

/** Which conversation to archive, or to bring back. */
export type ArchiveConversationInput = {
  /** True: out of your list. False: back into it. */
  archived: Scalars['Boolean']['input'];
  /** A conversation of yours. */
  conversationId: Scalars['ID']['input'];
};

/** A file that lies somewhere else, for a message to point at. */
export type AttachmentInput = {
  /** The media type, e.g. `image/png`: at most 200 characters. */
  contentType?: InputMaybe<Scalars['String']['input']>;
  /** The file's name: at most 200 characters. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** The file's size: 0 or more. */
  sizeBytes?: InputMaybe<Scalars['SafeInt']['input']>;
  /** Where the file is. The service may admit some origins only. */
  url: Scalars['URL']['input'];
};

/** Who is meant. */
export type BlockUserInput = {
  /** The person to block, or to block no longer. */
  userId: Scalars['ID']['input'];
};

/** What became true. */
export type ConversationEventKind =
  /** A message was sent. */
  | 'MESSAGE_ADDED'
  /** A message was deleted. */
  | 'MESSAGE_DELETED'
  /** A message was edited. */
  | 'MESSAGE_EDITED'
  /** An offer was made or moved on: `offerAction` says how. */
  | 'OFFER_UPDATED'
  /** A person was added to the group. */
  | 'PARTICIPANT_ADDED'
  /** A person left, was removed or was deactivated. */
  | 'PARTICIPANT_REMOVED';

/** Other terms for an offer that awaits your answer. */
export type CounterOfferInput = {
  /** 48 h from now by default; between 1 minute and 30 days. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** The new terms, 1 to 20. */
  items: Array<OfferItemInput>;
  /** A word about it: at most 2,000 characters. */
  note?: InputMaybe<Scalars['String']['input']>;
  /** The offer. */
  offerId: Scalars['ID']['input'];
  /** The version that you saw. */
  version: Scalars['Int']['input'];
};

/** The terms that you propose, and to whom. */
export type CreateOfferInput = {
  /** 1 to 64 characters, unique among yours: makes a retry safe. */
  clientOfferId?: InputMaybe<Scalars['String']['input']>;
  /** The conversation in which you negotiate. */
  conversationId: Scalars['ID']['input'];
  /** 48 h from now by default; between 1 minute and 30 days. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** 1 to 20. */
  items: Array<OfferItemInput>;
  /** A word about the terms: at most 2,000 characters. */
  note?: InputMaybe<Scalars['String']['input']>;
  /** Needed only with more than two participants. */
  recipientId?: InputMaybe<Scalars['ID']['input']>;
};

/** Who is to be deactivated. */
export type DeactivateUserInput = {
  /** The platform's id of the user. */
  userId: Scalars['ID']['input'];
};

/** Which message to delete. */
export type DeleteMessageInput = {
  /** A message of yours. */
  messageId: Scalars['ID']['input'];
};

/** The new words of a message. */
export type EditMessageInput = {
  /** 1 to 10,000 characters, or `""` where it has attachments. */
  content: Scalars['String']['input'];
  /** A message of yours that is not deleted. */
  messageId: Scalars['ID']['input'];
};

/** What to tell, and to whom. */
export type EmitEventInput = {
  /** This, or userId. */
  conversationId?: InputMaybe<Scalars['ID']['input']>;
  /** Any JSON: it arrives as it is. */
  data?: InputMaybe<Scalars['JSON']['input']>;
  /** A name of your own, 1 to 200 characters. */
  name: Scalars['String']['input'];
  /** This, or conversationId. */
  userId?: InputMaybe<Scalars['ID']['input']>;
};

/** How your list of conversations changed. */
export type InboxChange =
  /** The conversation came into it. */
  | 'ADDED'
  /** You are no participant any more. */
  | 'REMOVED'
  /** The conversation changed, or was archived or brought back. */
  | 'UPDATED';

/** Which conversation to leave. */
export type LeaveConversationInput = {
  /** A conversation of yours. */
  conversationId: Scalars['ID']['input'];
};

/** Which notifications you have read. */
export type MarkNotificationsReadInput = {
  /** At most 500. */
  ids?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** All up to this place in your inbox. */
  throughSequence?: InputMaybe<Scalars['Int']['input']>;
};

/** How far you have read which conversation. */
export type MarkReadInput = {
  /** A conversation of yours. */
  conversationId: Scalars['ID']['input'];
  /** The last one that the person has seen; greater than the log's end counts as the end. */
  sequence: Scalars['Int']['input'];
};

/** Which conversation to mute, and until when. */
export type MuteConversationInput = {
  /** A conversation of yours. */
  conversationId: Scalars['ID']['input'];
  /** Null: un-mute. */
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

/** What somebody is notified of. */
export type NotificationKind =
  /** The platform's own, from `notifyUser`. */
  | 'CUSTOM'
  /** Messages in a conversation: all that are unread are one notification. */
  | 'NEW_MESSAGE'
  /** An offer was made. */
  | 'NEW_OFFER'
  /** An offer was accepted. */
  | 'OFFER_ACCEPTED'
  /** An accepted offer was cancelled. */
  | 'OFFER_CANCELLED'
  /** An offer was completed. */
  | 'OFFER_COMPLETED'
  /** One of the two parties confirmed the completion. */
  | 'OFFER_COMPLETION_CONFIRMED'
  /** The recipient answered with other terms. */
  | 'OFFER_COUNTERED'
  /** An offer was declined. */
  | 'OFFER_DECLINED'
  /** An offer ran out of time. */
  | 'OFFER_EXPIRED'
  /** The proposer changed the terms. */
  | 'OFFER_REVISED'
  /** An offer was withdrawn. */
  | 'OFFER_WITHDRAWN';

/** What a user must not miss. */
export type NotifyUserInput = {
  /** At most 2,000 characters. */
  body?: InputMaybe<Scalars['String']['input']>;
  /** Any JSON, for the platform's own clients. */
  data?: InputMaybe<Scalars['JSON']['input']>;
  /** 1 to 200 characters: the same key for the same user is the same notification. */
  deduplicationKey?: InputMaybe<Scalars['String']['input']>;
  /** 1 to 200 characters. */
  title: Scalars['String']['input'];
  /** The platform's id of the user. */
  userId: Scalars['ID']['input'];
};

/** What moves a negotiation on. */
export type OfferAction =
  /** The recipient agreed. */
  | 'ACCEPT'
  /** A party or the platform gave up what was agreed. */
  | 'CANCEL'
  /** The second party, or the platform, confirmed that it is done. */
  | 'COMPLETE'
  /** The first of the two parties confirmed that it is done. */
  | 'CONFIRM_COMPLETION'
  /** The recipient answered with other terms. */
  | 'COUNTER'
  /** The negotiation was opened. */
  | 'CREATE'
  /** The recipient ended it. */
  | 'DECLINE'
  /** The time to accept was over. */
  | 'EXPIRE'
  /** The proposer changed the terms. */
  | 'REVISE'
  /** The proposer ended it. */
  | 'WITHDRAW';

/** Which offer to move on, as you saw it. */
export type OfferActionInput = {
  /** A word about it: at most 2,000 characters. */
  note?: InputMaybe<Scalars['String']['input']>;
  /** The offer. */
  offerId: Scalars['ID']['input'];
  /** The version that you saw. */
  version: Scalars['Int']['input'];
};

/** One thing that one party gives the other. */
export type OfferItemInput = {
  /** CREDITS: how many; MONEY: minor units (cents). */
  amount?: InputMaybe<Scalars['SafeInt']['input']>;
  /** MONEY: the ISO 4217 code. */
  currency?: InputMaybe<Scalars['String']['input']>;
  /** Required for SERVICE and GOODS. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** One of the two parties. */
  giverId: Scalars['ID']['input'];
  /** What kind of thing it is. */
  kind: OfferItemKind;
  /** 1 by default. */
  quantity?: InputMaybe<Scalars['Int']['input']>;
  /** The host platform's id of the thing. */
  reference?: InputMaybe<Scalars['String']['input']>;
};

/** What kind of thing is given. */
export type OfferItemKind =
  /** The platform's own currency, by `amount`. */
  | 'CREDITS'
  /** A thing, by `description`. */
  | 'GOODS'
  /** Money, by `amount` and `currency`. */
  | 'MONEY'
  /** Something that is done, by `description`. */
  | 'SERVICE';

/** PENDING until the negotiation ends. */
export type OfferStatus =
  /** Agreed, and not completed yet. */
  | 'ACCEPTED'
  /** Agreed, and given up later. */
  | 'CANCELLED'
  /** Agreed, and done. */
  | 'COMPLETED'
  /** The recipient did not want it. */
  | 'DECLINED'
  /** Nobody accepted in time. */
  | 'EXPIRED'
  /** An answer is awaited. */
  | 'PENDING'
  /** The proposer took it back. */
  | 'WITHDRAWN';

/** Words of the platform for a conversation. */
export type PostSystemMessageInput = {
  /** Makes a retry safe. Unique in the conversation. */
  clientMessageId?: InputMaybe<Scalars['String']['input']>;
  /** 1 to 10,000 characters. */
  content: Scalars['String']['input'];
  /** Any conversation. */
  conversationId: Scalars['ID']['input'];
};

/** Who is to be removed from which conversation. */
export type RemoveParticipantInput = {
  /** The conversation. People are added to groups only. */
  conversationId: Scalars['ID']['input'];
  /** The person. */
  userId: Scalars['ID']['input'];
};

/** The token that replaces the connection's. */
export type RenewSessionInput = {
  /** A token of the user who you are, without `Bearer`. */
  token: Scalars['String']['input'];
};

/** New terms for an offer of your own. */
export type ReviseOfferInput = {
  /** 48 h from now by default; between 1 minute and 30 days. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** The new terms, 1 to 20. */
  items: Array<OfferItemInput>;
  /** A word about it: at most 2,000 characters. */
  note?: InputMaybe<Scalars['String']['input']>;
  /** The offer. */
  offerId: Scalars['ID']['input'];
  /** The version that you saw. */
  version: Scalars['Int']['input'];
};

/** Whose tokens are to be refused. */
export type RevokeTokensInput = {
  /** The platform's id of the user. */
  userId: Scalars['ID']['input'];
};

/** A message to send. */
export type SendMessageInput = {
  /** At most 10. */
  attachments?: InputMaybe<Array<AttachmentInput>>;
  /** 1 to 64 characters, unique among yours: makes a retry safe. */
  clientMessageId?: InputMaybe<Scalars['String']['input']>;
  /** 1 to 10,000 characters, or `""` with attachments. Kept as given. */
  content: Scalars['String']['input'];
  /** A conversation of yours. */
  conversationId: Scalars['ID']['input'];
  /** The message that it answers: one of the same conversation that you see. */
  replyToId?: InputMaybe<Scalars['ID']['input']>;
};

/** Whether you type, and where. */
export type SetTypingInput = {
  /** A conversation of yours. */
  conversationId: Scalars['ID']['input'];
  /** True at the first key and again within 6 s; false at the end. */
  isTyping: Scalars['Boolean']['input'];
};

/** With whom to talk, and about what. */
export type StartConversationInput = {
  /** For groups: makes a retry safe. Unique among yours. */
  clientConversationId?: InputMaybe<Scalars['String']['input']>;
  /** The host platform's id of what is talked about: 1 to 200 characters. */
  listingId?: InputMaybe<Scalars['String']['input']>;
  /** The others; you are added. */
  participantIds: Array<Scalars['ID']['input']>;
  /** 1 to 200 characters. */
  subject?: InputMaybe<Scalars['String']['input']>;
};

/** A user as the platform knows them. */
export type UpsertUserInput = {
  /** Their picture; without it they have none. */
  avatarUrl?: InputMaybe<Scalars['URL']['input']>;
  /** The name to show: at most 200 characters; without it they have none. */
  displayName?: InputMaybe<Scalars['String']['input']>;
  /** The platform's id: 1 to 128 characters. */
  id: Scalars['ID']['input'];
  /** The name by which others know them: 1 to 200 characters. */
  username: Scalars['String']['input'];
};

/** Whether somebody has the conversation open. */
export type ViewerState =
  /** They opened it, or had it open already. */
  | 'JOINED'
  /** They closed it on their last device. */
  | 'LEFT';

export type ConversationPartsFragment = { __typename?: 'Conversation', id: string, subject?: string | null, listingId?: string | null, lastSequence: number, unreadCount: number, archived: boolean, mutedUntil?: string | null, createdAt: string, updatedAt: string, participants: Array<{ __typename?: 'Participant', id: string, joinedSequence: number, lastReadSequence: number, user: (
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

export type ConversationEndQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type ConversationEndQuery = { __typename?: 'Query', conversation?: { __typename?: 'Conversation', id: string, lastSequence: number } | null };

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

export type ConversationViewersQueryVariables = Exact<{
  id: Scalars['ID']['input'];
}>;


export type ConversationViewersQuery = { __typename?: 'Query', conversation?: { __typename?: 'Conversation', id: string, viewers: Array<(
      { __typename?: 'User' }
      & UserPartsFragment
    )> } | null };

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
      { __typename?: 'Conversation', lastMessage?: (
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

export const UserPartsFragmentDoc: DocumentNode<UserPartsFragment, unknown> = /*#__PURE__*/ documentOf("fragment UserParts on User{id username displayName avatarUrl}", []);
export const ConversationPartsFragmentDoc: DocumentNode<ConversationPartsFragment, unknown> = /*#__PURE__*/ documentOf("fragment ConversationParts on Conversation{id subject listingId lastSequence unreadCount archived mutedUntil createdAt updatedAt participants{id joinedSequence lastReadSequence user{...UserParts}}}", [UserPartsFragmentDoc]);
export const MessagePartsFragmentDoc: DocumentNode<MessagePartsFragment, unknown> = /*#__PURE__*/ documentOf("fragment MessageParts on Message{id conversationId sequence version content clientMessageId createdAt editedAt deletedAt sender{...UserParts}attachments{url name contentType sizeBytes}replyTo{id}}", [UserPartsFragmentDoc]);
export const InboxPartsFragmentDoc: DocumentNode<InboxPartsFragment, unknown> = /*#__PURE__*/ documentOf("fragment InboxParts on Inbox{id unreadNotificationCount unreadConversationCount lastNotificationSequence}", []);
export const NotificationPartsFragmentDoc: DocumentNode<NotificationPartsFragment, unknown> = /*#__PURE__*/ documentOf("fragment NotificationParts on Notification{id sequence kind count title body data createdAt readAt actor{...UserParts}conversation{id}message{id sequence version content}offer{id status version}}", [UserPartsFragmentDoc]);
export const OfferPartsFragmentDoc: DocumentNode<OfferPartsFragment, unknown> = /*#__PURE__*/ documentOf("fragment OfferParts on Offer{id conversationId status version note expiresAt createdAt updatedAt availableActions initiator{...UserParts}proposer{...UserParts}recipient{...UserParts}items{giver{...UserParts}kind description reference quantity amount currency}completionConfirmedBy{...UserParts}}", [UserPartsFragmentDoc]);
export const ConversationDocument: DocumentNode<ConversationQuery, ConversationQueryVariables> = /*#__PURE__*/ documentOf("query Conversation($id:ID!){conversation(id:$id){...ConversationParts lastMessage{...MessageParts}}}", [ConversationPartsFragmentDoc, MessagePartsFragmentDoc], 'c7c0e02e5a4b3423');
export const ConversationEndDocument: DocumentNode<ConversationEndQuery, ConversationEndQueryVariables> = /*#__PURE__*/ documentOf("query ConversationEnd($id:ID!){conversation(id:$id){id lastSequence}}", [], '8311a302606451cb');
export const ConversationsDocument: DocumentNode<ConversationsQuery, ConversationsQueryVariables> = /*#__PURE__*/ documentOf("query Conversations($archived:Boolean!=false$first:Int$after:String){conversations(archived:$archived first:$first after:$after){nodes{...ConversationParts lastMessage{...MessageParts}viewers{...UserParts}}pageInfo{hasNextPage hasPreviousPage startCursor endCursor}}}", [ConversationPartsFragmentDoc, MessagePartsFragmentDoc, UserPartsFragmentDoc], '15d04004b7a62d54');
export const ConversationViewersDocument: DocumentNode<ConversationViewersQuery, ConversationViewersQueryVariables> = /*#__PURE__*/ documentOf("query ConversationViewers($id:ID!){conversation(id:$id){id viewers{...UserParts}}}", [UserPartsFragmentDoc], '20ab25bb819331ec');
export const StartConversationDocument: DocumentNode<StartConversationMutation, StartConversationMutationVariables> = /*#__PURE__*/ documentOf("mutation StartConversation($input:StartConversationInput!){startConversation(input:$input){created conversation{...ConversationParts}}}", [ConversationPartsFragmentDoc], '5f6bc525ab337954');
export const MarkReadDocument: DocumentNode<MarkReadMutation, MarkReadMutationVariables> = /*#__PURE__*/ documentOf("mutation MarkRead($input:MarkReadInput!){markRead(input:$input){conversation{id unreadCount}receipt{conversationId lastReadSequence readAt user{...UserParts}participant{id lastReadSequence}}inbox{...InboxParts}}}", [UserPartsFragmentDoc, InboxPartsFragmentDoc], 'f7202cc0c9c40142');
export const SetTypingDocument: DocumentNode<SetTypingMutation, SetTypingMutationVariables> = /*#__PURE__*/ documentOf("mutation SetTyping($input:SetTypingInput!){setTyping(input:$input){ok}}", [], 'dc3f95fa48755fdd');
export const ArchiveConversationDocument: DocumentNode<ArchiveConversationMutation, ArchiveConversationMutationVariables> = /*#__PURE__*/ documentOf("mutation ArchiveConversation($input:ArchiveConversationInput!){archiveConversation(input:$input){conversation{id archived}}}", [], 'e6c8b50298ac44b3');
export const MuteConversationDocument: DocumentNode<MuteConversationMutation, MuteConversationMutationVariables> = /*#__PURE__*/ documentOf("mutation MuteConversation($input:MuteConversationInput!){muteConversation(input:$input){conversation{id mutedUntil}}}", [], 'fd3833b932cb1cd4');
export const AddParticipantDocument: DocumentNode<AddParticipantMutation, AddParticipantMutationVariables> = /*#__PURE__*/ documentOf("mutation AddParticipant($input:AddParticipantInput!){addParticipant(input:$input){conversation{...ConversationParts}}}", [ConversationPartsFragmentDoc], '1ebbcff9aee3fa51');
export const LeaveConversationDocument: DocumentNode<LeaveConversationMutation, LeaveConversationMutationVariables> = /*#__PURE__*/ documentOf("mutation LeaveConversation($input:LeaveConversationInput!){leaveConversation(input:$input){conversationId}}", [], '680e8f20d00ebaf5');
export const TypingDocument: DocumentNode<TypingSubscription, TypingSubscriptionVariables> = /*#__PURE__*/ documentOf("subscription Typing($conversationId:ID!){typing(conversationId:$conversationId){conversationId user{...UserParts}isTyping expiresAt}}", [UserPartsFragmentDoc], '9a78a1297b2cef58');
export const ViewersDocument: DocumentNode<ViewersSubscription, ViewersSubscriptionVariables> = /*#__PURE__*/ documentOf("subscription Viewers($conversationId:ID!){viewers(conversationId:$conversationId){conversationId state at user{...UserParts}}}", [UserPartsFragmentDoc], '3c7439cecf4a701d');
export const MessagesReadDocument: DocumentNode<MessagesReadSubscription, MessagesReadSubscriptionVariables> = /*#__PURE__*/ documentOf("subscription MessagesRead($conversationId:ID){messagesRead(conversationId:$conversationId){conversationId lastReadSequence readAt user{...UserParts}participant{id lastReadSequence lastReadAt}conversation{id unreadCount}}}", [UserPartsFragmentDoc], '74465795aca37413');
export const ConversationUpdatedDocument: DocumentNode<ConversationUpdatedSubscription, ConversationUpdatedSubscriptionVariables> = /*#__PURE__*/ documentOf("subscription ConversationUpdated{conversationUpdated{change conversationId conversation{...ConversationParts lastMessage{...MessageParts}}inbox{...InboxParts}}}", [ConversationPartsFragmentDoc, MessagePartsFragmentDoc, InboxPartsFragmentDoc], '408509e612a54691');
export const ConversationEventsDocument: DocumentNode<ConversationEventsSubscription, ConversationEventsSubscriptionVariables> = /*#__PURE__*/ documentOf("subscription ConversationEvents($conversationId:ID!$after:Int$viewing:Boolean!=true){conversationEvents(conversationId:$conversationId after:$after viewing:$viewing){conversationId sequence kind offerAction at actor{...UserParts}message{...MessageParts}offer{...OfferParts}participant{...UserParts}}}", [UserPartsFragmentDoc, MessagePartsFragmentDoc, OfferPartsFragmentDoc], '061373ea82dd100b');
export const CustomEventDocument: DocumentNode<CustomEventSubscription, CustomEventSubscriptionVariables> = /*#__PURE__*/ documentOf("subscription CustomEvent($conversationId:ID){customEvent(conversationId:$conversationId){name data conversationId at}}", [], '192c8018c8ab457b');
export const MessagesDocument: DocumentNode<MessagesQuery, MessagesQueryVariables> = /*#__PURE__*/ documentOf("query Messages($id:ID!$first:Int$after:String$last:Int$before:String){conversation(id:$id){id lastSequence messages(first:$first after:$after last:$last before:$before){edges{cursor node{...MessageParts}}nodes{...MessageParts}pageInfo{hasNextPage hasPreviousPage startCursor endCursor}}}}", [MessagePartsFragmentDoc], '78f20017cfe7685d');
export const ConversationSnapshotDocument: DocumentNode<ConversationSnapshotQuery, ConversationSnapshotQueryVariables> = /*#__PURE__*/ documentOf("query ConversationSnapshot($id:ID!$last:Int!){conversation(id:$id){...ConversationParts messages(last:$last){nodes{...MessageParts}pageInfo{hasPreviousPage startCursor}}offers(first:20){nodes{...OfferParts}pageInfo{hasNextPage}}}}", [ConversationPartsFragmentDoc, MessagePartsFragmentDoc, OfferPartsFragmentDoc], '744f9268b8d5ba54');
export const MessagesBeforeDocument: DocumentNode<MessagesBeforeQuery, MessagesBeforeQueryVariables> = /*#__PURE__*/ documentOf("query MessagesBefore($id:ID!$last:Int!$before:String){conversation(id:$id){id messages(last:$last before:$before){nodes{...MessageParts}pageInfo{hasPreviousPage startCursor}}}}", [MessagePartsFragmentDoc], '8304ef29e6ce9128');
export const SendMessageDocument: DocumentNode<SendMessageMutation, SendMessageMutationVariables> = /*#__PURE__*/ documentOf("mutation SendMessage($input:SendMessageInput!){sendMessage(input:$input){message{...MessageParts}}}", [MessagePartsFragmentDoc], '0b97b78c2383238b');
export const EditMessageDocument: DocumentNode<EditMessageMutation, EditMessageMutationVariables> = /*#__PURE__*/ documentOf("mutation EditMessage($input:EditMessageInput!){editMessage(input:$input){message{...MessageParts}}}", [MessagePartsFragmentDoc], '2e1a4cdd76467df2');
export const DeleteMessageDocument: DocumentNode<DeleteMessageMutation, DeleteMessageMutationVariables> = /*#__PURE__*/ documentOf("mutation DeleteMessage($input:DeleteMessageInput!){deleteMessage(input:$input){message{...MessageParts}}}", [MessagePartsFragmentDoc], '389be2dfaf6ce363');
export const MessageAddedDocument: DocumentNode<MessageAddedSubscription, MessageAddedSubscriptionVariables> = /*#__PURE__*/ documentOf("subscription MessageAdded($conversationId:ID$after:Int$viewing:Boolean!=true){messageAdded(conversationId:$conversationId after:$after viewing:$viewing){...MessageParts}}", [MessagePartsFragmentDoc], 'ac22d72d3ab7db60');
export const MessageUpdatedDocument: DocumentNode<MessageUpdatedSubscription, MessageUpdatedSubscriptionVariables> = /*#__PURE__*/ documentOf("subscription MessageUpdated($conversationId:ID$after:Int){messageUpdated(conversationId:$conversationId after:$after){sequence kind message{...MessageParts}}}", [MessagePartsFragmentDoc], '50586bd419e545ce');
export const InboxDocument: DocumentNode<InboxQuery, InboxQueryVariables> = /*#__PURE__*/ documentOf("query Inbox{inbox{...InboxParts}}", [InboxPartsFragmentDoc], '48bf8c788ca19673');
export const NotificationsDocument: DocumentNode<NotificationsQuery, NotificationsQueryVariables> = /*#__PURE__*/ documentOf("query Notifications($unreadOnly:Boolean!=false$first:Int$after:String){notifications(unreadOnly:$unreadOnly first:$first after:$after){unreadCount lastSequence edges{cursor}nodes{...NotificationParts}pageInfo{hasNextPage endCursor}}}", [NotificationPartsFragmentDoc], 'b6deb77fe196346d');
export const MarkNotificationsReadDocument: DocumentNode<MarkNotificationsReadMutation, MarkNotificationsReadMutationVariables> = /*#__PURE__*/ documentOf("mutation MarkNotificationsRead($input:MarkNotificationsReadInput!){markNotificationsRead(input:$input){unreadCount notifications{...NotificationParts}inbox{...InboxParts}}}", [NotificationPartsFragmentDoc, InboxPartsFragmentDoc], 'aca529cfe975329e');
export const NotificationAddedDocument: DocumentNode<NotificationAddedSubscription, NotificationAddedSubscriptionVariables> = /*#__PURE__*/ documentOf("subscription NotificationAdded($after:Int){notificationAdded(after:$after){...NotificationParts inbox{...InboxParts}}}", [NotificationPartsFragmentDoc, InboxPartsFragmentDoc], '7bf0a88dc7b266ea');
export const InboxUpdatedDocument: DocumentNode<InboxUpdatedSubscription, InboxUpdatedSubscriptionVariables> = /*#__PURE__*/ documentOf("subscription InboxUpdated{inboxUpdated{...InboxParts}}", [InboxPartsFragmentDoc], '43958724eeea0299');
export const ConversationOffersDocument: DocumentNode<ConversationOffersQuery, ConversationOffersQueryVariables> = /*#__PURE__*/ documentOf("query ConversationOffers($id:ID!$status:[OfferStatus!]$first:Int$after:String){conversation(id:$id){id offers(status:$status first:$first after:$after){nodes{...OfferParts}pageInfo{hasNextPage hasPreviousPage startCursor endCursor}}}}", [OfferPartsFragmentDoc], '8c35d62741a4957f');
export const OfferDocument: DocumentNode<OfferQuery, OfferQueryVariables> = /*#__PURE__*/ documentOf("query Offer($id:ID!){offer(id:$id){...OfferParts conversation{id}history{version action status note expiresAt at actor{...UserParts}items{kind amount currency}}}}", [OfferPartsFragmentDoc, UserPartsFragmentDoc], '9513147aa643f54d');
export const OffersDocument: DocumentNode<OffersQuery, OffersQueryVariables> = /*#__PURE__*/ documentOf("query Offers($status:[OfferStatus!]$first:Int$after:String){offers(status:$status first:$first after:$after){nodes{...OfferParts}pageInfo{hasNextPage hasPreviousPage startCursor endCursor}}}", [OfferPartsFragmentDoc], '80d984f08950e0c0');
export const CreateOfferDocument: DocumentNode<CreateOfferMutation, CreateOfferMutationVariables> = /*#__PURE__*/ documentOf("mutation CreateOffer($input:CreateOfferInput!){createOffer(input:$input){offer{...OfferParts}}}", [OfferPartsFragmentDoc], 'b1563a92680aa59b');
export const CounterOfferDocument: DocumentNode<CounterOfferMutation, CounterOfferMutationVariables> = /*#__PURE__*/ documentOf("mutation CounterOffer($input:CounterOfferInput!){counterOffer(input:$input){offer{...OfferParts}}}", [OfferPartsFragmentDoc], 'b3e6d6393e056c84');
export const ReviseOfferDocument: DocumentNode<ReviseOfferMutation, ReviseOfferMutationVariables> = /*#__PURE__*/ documentOf("mutation ReviseOffer($input:ReviseOfferInput!){reviseOffer(input:$input){offer{...OfferParts}}}", [OfferPartsFragmentDoc], '55783989fb2dde51');
export const AcceptOfferDocument: DocumentNode<AcceptOfferMutation, AcceptOfferMutationVariables> = /*#__PURE__*/ documentOf("mutation AcceptOffer($input:OfferActionInput!){acceptOffer(input:$input){offer{...OfferParts}}}", [OfferPartsFragmentDoc], '6558fc81bf3f9844');
export const DeclineOfferDocument: DocumentNode<DeclineOfferMutation, DeclineOfferMutationVariables> = /*#__PURE__*/ documentOf("mutation DeclineOffer($input:OfferActionInput!){declineOffer(input:$input){offer{...OfferParts}}}", [OfferPartsFragmentDoc], '831d3447fa779ff2');
export const WithdrawOfferDocument: DocumentNode<WithdrawOfferMutation, WithdrawOfferMutationVariables> = /*#__PURE__*/ documentOf("mutation WithdrawOffer($input:OfferActionInput!){withdrawOffer(input:$input){offer{...OfferParts}}}", [OfferPartsFragmentDoc], '44ca01752fc8b61f');
export const ConfirmCompletionDocument: DocumentNode<ConfirmCompletionMutation, ConfirmCompletionMutationVariables> = /*#__PURE__*/ documentOf("mutation ConfirmCompletion($input:OfferActionInput!){confirmCompletion(input:$input){offer{...OfferParts}}}", [OfferPartsFragmentDoc], '3d355d190799c0b7');
export const CancelOfferDocument: DocumentNode<CancelOfferMutation, CancelOfferMutationVariables> = /*#__PURE__*/ documentOf("mutation CancelOffer($input:OfferActionInput!){cancelOffer(input:$input){offer{...OfferParts}}}", [OfferPartsFragmentDoc], '3de820e1621ae57a');
export const OfferUpdatedDocument: DocumentNode<OfferUpdatedSubscription, OfferUpdatedSubscriptionVariables> = /*#__PURE__*/ documentOf("subscription OfferUpdated($conversationId:ID$after:Int){offerUpdated(conversationId:$conversationId after:$after){sequence action actor{...UserParts}offer{...OfferParts}conversation{id}}}", [UserPartsFragmentDoc, OfferPartsFragmentDoc], 'fc854b9c271b736e');
export const MeDocument: DocumentNode<MeQuery, MeQueryVariables> = /*#__PURE__*/ documentOf("query Me{me{...UserParts}}", [UserPartsFragmentDoc], '6f5e1512bb23162b');
export const UserDocument: DocumentNode<UserQuery, UserQueryVariables> = /*#__PURE__*/ documentOf("query User($id:ID!){user(id:$id){...UserParts presence{id online lastSeenAt}}}", [UserPartsFragmentDoc], 'f40f1894c947852a');
export const UserPresenceDocument: DocumentNode<UserPresenceSubscription, UserPresenceSubscriptionVariables> = /*#__PURE__*/ documentOf("subscription UserPresence($userIds:[ID!]){userPresence(userIds:$userIds){id online lastSeenAt user{id}}}", [], '3bc6af2453cbfb4a');
export const RenewSessionDocument: DocumentNode<RenewSessionMutation, RenewSessionMutationVariables> = /*#__PURE__*/ documentOf("mutation RenewSession($input:RenewSessionInput!){renewSession(input:$input){expiresAt}}", [], 'bfb075087ba1d833');
export const BlockedUsersDocument: DocumentNode<BlockedUsersQuery, BlockedUsersQueryVariables> = /*#__PURE__*/ documentOf("query BlockedUsers{blockedUsers{...UserParts blockedByViewer}}", [UserPartsFragmentDoc], '7018d8a2f93d9c95');
export const BlockUserDocument: DocumentNode<BlockUserMutation, BlockUserMutationVariables> = /*#__PURE__*/ documentOf("mutation BlockUser($input:BlockUserInput!){blockUser(input:$input){blocked user{...UserParts blockedByViewer}}}", [UserPartsFragmentDoc], '5cf0ac9da0d2b341');
export const UnblockUserDocument: DocumentNode<UnblockUserMutation, UnblockUserMutationVariables> = /*#__PURE__*/ documentOf("mutation UnblockUser($input:BlockUserInput!){unblockUser(input:$input){blocked user{...UserParts blockedByViewer}}}", [UserPartsFragmentDoc], '84baca2aa361cc23');
export const UpsertUserDocument: DocumentNode<UpsertUserMutation, UpsertUserMutationVariables> = /*#__PURE__*/ documentOf("mutation UpsertUser($input:UpsertUserInput!){upsertUser(input:$input){created user{...UserParts}}}", [UserPartsFragmentDoc], '4db0f1d24ec8527d');
export const UpsertUsersDocument: DocumentNode<UpsertUsersMutation, UpsertUsersMutationVariables> = /*#__PURE__*/ documentOf("mutation UpsertUsers($input:[UpsertUserInput!]!){upsertUsers(input:$input){users{...UserParts}}}", [UserPartsFragmentDoc], 'b275a1933c3b91df');
export const DeactivateUserDocument: DocumentNode<DeactivateUserMutation, DeactivateUserMutationVariables> = /*#__PURE__*/ documentOf("mutation DeactivateUser($input:DeactivateUserInput!){deactivateUser(input:$input){user{...UserParts}}}", [UserPartsFragmentDoc], '644ca99f3ed514ac');
export const RevokeTokensDocument: DocumentNode<RevokeTokensMutation, RevokeTokensMutationVariables> = /*#__PURE__*/ documentOf("mutation RevokeTokens($input:RevokeTokensInput!){revokeTokens(input:$input){user{...UserParts}}}", [UserPartsFragmentDoc], '5719ba30d133ec76');
export const RemoveParticipantDocument: DocumentNode<RemoveParticipantMutation, RemoveParticipantMutationVariables> = /*#__PURE__*/ documentOf("mutation RemoveParticipant($input:RemoveParticipantInput!){removeParticipant(input:$input){conversation{id lastSequence participants{id}}}}", [], 'f1892a9f119ffc5c');
export const ActiveUsersDocument: DocumentNode<ActiveUsersQuery, ActiveUsersQueryVariables> = /*#__PURE__*/ documentOf("query ActiveUsers{activeUsers{...UserParts}}", [UserPartsFragmentDoc], '73e21e2ca7074ee8');
export const PostSystemMessageDocument: DocumentNode<PostSystemMessageMutation, PostSystemMessageMutationVariables> = /*#__PURE__*/ documentOf("mutation PostSystemMessage($input:PostSystemMessageInput!){postSystemMessage(input:$input){message{...MessageParts}}}", [MessagePartsFragmentDoc], '769870e36a744720');
export const NotifyUserDocument: DocumentNode<NotifyUserMutation, NotifyUserMutationVariables> = /*#__PURE__*/ documentOf("mutation NotifyUser($input:NotifyUserInput!){notifyUser(input:$input){notification{...NotificationParts}}}", [NotificationPartsFragmentDoc], '6313f729533b7fdd');
export const EmitEventDocument: DocumentNode<EmitEventMutation, EmitEventMutationVariables> = /*#__PURE__*/ documentOf("mutation EmitEvent($input:EmitEventInput!){emitEvent(input:$input){ok}}", [], 'b041343b898e7f63');