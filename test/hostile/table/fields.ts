/**
 * The rule that decides who sees a field of an object:
 *
 * - `with it`: whoever may see the object sees this as well
 * - `own`: it is about the caller; 0, false, null or empty for a service token
 * - `since joined`: nothing from before the caller joined
 * - `offers`: those since the caller joined, and those to which they are a party
 * - `present`: null for a caller who is not present in the conversation
 * - `acquainted`: hidden from people who share no conversation, and across a block
 */
export type Sight = 'with it' | 'own' | 'since joined' | 'offers' | 'present' | 'acquainted';

/** The fields of each object type by their sight; those of pages and payloads lead on. */
export const FIELDS: Readonly<Record<string, Partial<Record<Sight, string>>>> = {
  Attachment: { 'with it': 'contentType name sizeBytes url' },
  Conversation: {
    'with it': 'createdAt id lastSequence listingId participants subject updatedAt',
    own: 'archived mutedUntil unreadCount',
    'since joined': 'events lastMessage messages',
    offers: 'offers',
    acquainted: 'viewers',
  },
  ConversationEvent: {
    'with it': 'actor at conversationId kind offerAction participant sequence',
    'since joined': 'message',
    offers: 'offer',
  },
  ConversationUpdate: { 'with it': 'change conversationId', own: 'inbox', present: 'conversation' },
  CustomEvent: { 'with it': 'at conversationId data name' },
  Inbox: {
    'with it': 'id lastNotificationSequence unreadConversationCount unreadNotificationCount',
  },
  Message: {
    'with it':
      'attachments clientMessageId content conversation conversationId createdAt deletedAt ' +
      'editedAt id sender sequence version',
    'since joined': 'replyTo',
  },
  MessageUpdate: { 'with it': 'kind message sequence' },
  Notification: {
    'with it': 'actor body count createdAt data id inbox kind readAt sequence title',
    present: 'conversation',
    'since joined': 'message',
    offers: 'offer',
  },
  Offer: {
    'with it':
      'availableActions completionConfirmedBy conversationId createdAt expiresAt history id ' +
      'initiator items note proposer recipient status updatedAt version',
    present: 'conversation',
  },
  OfferItem: { 'with it': 'amount currency description giver kind quantity reference' },
  OfferTransition: { 'with it': 'action actor at expiresAt items note status version' },
  OfferUpdate: { 'with it': 'action actor conversation offer sequence' },
  Participant: {
    'with it': 'id joinedAt joinedSequence user',
    acquainted: 'lastReadAt lastReadSequence',
  },
  Presence: { 'with it': 'id user', acquainted: 'lastSeenAt online' },
  ReadReceipt: {
    'with it': 'conversation conversationId lastReadSequence participant readAt user',
  },
  TypingEvent: { 'with it': 'conversationId expiresAt isTyping user' },
  User: {
    'with it': 'avatarUrl displayName id username',
    own: 'blockedByViewer',
    acquainted: 'presence',
  },
  ViewerEvent: { 'with it': 'at conversation conversationId state user' },

  PageInfo: { 'with it': 'endCursor hasNextPage hasPreviousPage startCursor' },
  ConversationConnection: { 'with it': 'edges nodes pageInfo' },
  ConversationEdge: { 'with it': 'cursor node' },
  MessageConnection: { 'with it': 'edges nodes pageInfo' },
  MessageEdge: { 'with it': 'cursor node' },
  NotificationConnection: { 'with it': 'edges nodes pageInfo', own: 'lastSequence unreadCount' },
  NotificationEdge: { 'with it': 'cursor node' },
  OfferConnection: { 'with it': 'edges nodes pageInfo' },
  OfferEdge: { 'with it': 'cursor node' },

  AddParticipantPayload: { 'with it': 'conversation' },
  ArchiveConversationPayload: { 'with it': 'conversation' },
  BlockUserPayload: { 'with it': 'blocked user' },
  DeactivateUserPayload: { 'with it': 'user' },
  DeleteMessagePayload: { 'with it': 'message' },
  EditMessagePayload: { 'with it': 'message' },
  EmitEventPayload: { 'with it': 'ok' },
  LeaveConversationPayload: { 'with it': 'conversationId' },
  MarkNotificationsReadPayload: { 'with it': 'notifications', own: 'inbox unreadCount' },
  MarkReadPayload: { 'with it': 'conversation receipt', own: 'inbox' },
  MuteConversationPayload: { 'with it': 'conversation' },
  NotifyUserPayload: { 'with it': 'notification' },
  OfferPayload: { 'with it': 'offer' },
  PostSystemMessagePayload: { 'with it': 'message' },
  RemoveParticipantPayload: { 'with it': 'conversation' },
  RenewSessionPayload: { own: 'expiresAt' },
  RevokeTokensPayload: { 'with it': 'user' },
  SendMessagePayload: { 'with it': 'message' },
  SetTypingPayload: { 'with it': 'ok' },
  StartConversationPayload: { 'with it': 'conversation created' },
  UpsertUserPayload: { 'with it': 'created user' },
  UpsertUsersPayload: { 'with it': 'users' },
};

/** The fields of the table as coordinates, each with its sight. */
export function classifiedFields(): Map<string, Sight> {
  return new Map(
    Object.entries(FIELDS).flatMap(([type, bySight]) =>
      Object.entries(bySight).flatMap(([sight, names]) =>
        names.split(' ').map((name) => [`${type}.${name}`, sight as Sight] as const),
      ),
    ),
  );
}
