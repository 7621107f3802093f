/** What of the contract is still to come. It only ever shrinks. */
export const NOT_DELIVERED: readonly string[] = [
  // Messages that wait for the platform's word, and contact details that are hidden.
  'Conversation.heldMessages',
  'Message.held',
  'Message.masked',
  'Mutation.releaseMessage',
  'ReleaseMessageInput',
  'ReleaseMessagePayload',

  // Safety and the platform: sessions, moderation, erasure, search, the feed.
  'EraseUserInput',
  'EraseUserPayload',
  'Mutation.eraseUser',
  'Mutation.removeMessage',
  'Mutation.reportMessage',
  'Notification.user',
  'MessageReport',
  'PlatformEvent',
  'Query.platformEvents',
  'Query.searchMessages',
  'Reminder',
  'RemoveMessageInput',
  'RemoveMessagePayload',
  'ReportMessageInput',
  'ReportMessagePayload',
  'ReportReason',
  'Subscription.platformEvents',
];
