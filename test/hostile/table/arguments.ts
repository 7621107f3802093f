/** The ids that an attempt names. */
export interface Target {
  conversation: string;
  message: string;
  /** A message to reply to. */
  replyTo: string;
  offer: string;
  /** The offer's version. */
  version: number;
  /** A user whom the attempt is about. */
  user: string;
  /** A user to make an offer to. */
  recipient: string;
  /** One of the parties of the offer. */
  giver: string;
  notification: string;
  /** A token of a user who is not the caller. */
  token: string;
}

type Sample = (target: Target) => unknown;

/** An argument that names nothing, and is not needed. */
const leftOut: Sample = () => undefined;

/**
 * The value that each argument of the schema gets. The key is the argument's name, or its
 * coordinate where the name alone does not say what it is.
 */
export const ARGUMENTS: Readonly<Record<string, Sample>> = {
  // Ids.
  'Query.conversation(id)': ({ conversation }) => conversation,
  'Query.offer(id)': ({ offer }) => offer,
  'Query.user(id)': ({ user }) => user,
  'UpsertUserInput.id': ({ user }) => user,
  'MarkNotificationsReadInput.ids': ({ notification }) => [notification],
  'EmitEventInput.userId': leftOut,
  conversationId: ({ conversation }) => conversation,
  messageId: ({ message }) => message,
  replyToId: ({ replyTo }) => replyTo,
  offerId: ({ offer }) => offer,
  userId: ({ user }) => user,
  userIds: ({ user }) => [user],
  participantIds: ({ user }) => [user],
  recipientId: ({ recipient }) => recipient,
  giverId: ({ giver }) => giver,
  token: ({ token }) => token,

  // Positions and cursors.
  'Subscription.conversationEvents(after)': () => 0,
  'Subscription.messageAdded(after)': () => 0,
  'Subscription.messageUpdated(after)': () => 0,
  'Subscription.offerUpdated(after)': () => 0,
  'Subscription.notificationAdded(after)': () => 0,
  'Query.conversations(after)': leftOut,
  'Query.notifications(after)': leftOut,
  'Query.offers(after)': leftOut,
  throughSequence: leftOut,
  sequence: () => 1,
  version: ({ version }) => version,

  // The client's own ids, each of them unique among the caller's.
  clientConversationId: leftOut,
  clientMessageId: leftOut,
  clientOfferId: leftOut,
  deduplicationKey: leftOut,

  // Words, numbers and choices.
  'OfferItemInput.kind': () => 'CREDITS',
  amount: () => 1,
  archived: () => true,
  attachments: leftOut,
  avatarUrl: leftOut,
  body: leftOut,
  contentType: leftOut,
  content: () => 'said by an attempt',
  currency: leftOut,
  data: leftOut,
  description: leftOut,
  displayName: leftOut,
  expiresAt: leftOut,
  first: leftOut,
  isTyping: () => true,
  listingId: leftOut,
  name: () => 'attempt',
  note: leftOut,
  quantity: leftOut,
  reference: leftOut,
  sizeBytes: leftOut,
  status: leftOut,
  subject: leftOut,
  title: () => 'told by an attempt',
  until: leftOut,
  url: () => 'https://files.example/attempt',
  username: () => 'named by an attempt',
};

/**
 * Further arguments with which each field below a root field is asked for, beside the defaults.
 * They lie before and around what a latecomer may see.
 */
export const POSITIONS: Readonly<Record<string, readonly string[]>> = {
  'Conversation.events': ['after: 0, first: 500', 'after: 1'],
  'Conversation.messages': ['after: $firstMessage, first: 100', 'before: $lastMessage, last: 100'],
  'Conversation.offers': ['first: 100', 'after: $firstOffer, first: 100'],
};
