/** What of the contract is still to come. It only ever shrinks. */
export const NOT_DELIVERED: readonly string[] = [
  // Muting.
  'Mutation.muteConversation',
  'MuteConversationInput',
  'MuteConversationPayload',

  // Safety and the platform: sessions, moderation, erasure, search, the feed.
  'EraseUserInput',
  'EraseUserPayload',
  'Mutation.eraseUser',
  'Mutation.removeMessage',
  'Mutation.renewSession',
  'Mutation.reportMessage',
  'Mutation.revokeTokens',
  'PlatformEvent',
  'Query.platformEvents',
  'Query.searchMessages',
  'RemoveMessageInput',
  'RemoveMessagePayload',
  'RenewSessionInput',
  'RenewSessionPayload',
  'ReportMessageInput',
  'ReportMessagePayload',
  'ReportReason',
  'RevokeTokensInput',
  'RevokeTokensPayload',
  'Subscription.platformEvents',
];
