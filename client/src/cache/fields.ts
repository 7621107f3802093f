/** The parts of the schema that both caches treat alike. */

/** By what the server orders each list. */
export const ORDERS: Readonly<Record<string, readonly string[]>> = {
  conversations: ['updatedAt', 'id'],
  offers: ['createdAt', 'id'],
  notifications: ['sequence'],
  messages: ['sequence'],
};

export const NODE_TYPES: Readonly<Record<string, string>> = {
  conversations: 'Conversation',
  offers: 'Offer',
  notifications: 'Notification',
  messages: 'Message',
};

/** The argument that says which objects a list has. */
export const FILTERS = {
  conversations: 'archived',
  offers: 'status',
  notifications: 'unreadOnly',
} as const;

/** Fields whose answers may change a list. */
export const MUTATIONS = (
  'acceptOffer addParticipant archiveConversation cancelOffer confirmCompletion counterOffer ' +
  'createOffer declineOffer deleteMessage editMessage leaveConversation markNotificationsRead ' +
  'markRead muteConversation postSystemMessage reviseOffer sendMessage startConversation ' +
  'withdrawOffer'
).split(' ');

/** Fields whose events may change a list. */
export const SUBSCRIPTIONS = (
  'conversationEvents conversationUpdated inboxUpdated messageAdded messageUpdated ' +
  'notificationAdded offerUpdated'
).split(' ');

export type Fields = Readonly<Record<string, unknown>>;

/** True when an object is one of a list with these arguments. */
export function isIn(list: string, args: Fields | null, read: (field: string) => unknown): boolean {
  if (list === 'conversations') return (read('archived') ?? false) === (args?.archived ?? false);
  if (list === 'notifications') return !args?.unreadOnly || (read('readAt') ?? null) === null;
  const status = args?.status as readonly unknown[] | null | undefined;
  return !status || status.includes(read('status'));
}

/** Returns the keys without optimistic messages that the server has answered. */
export function withoutDrafts(
  keys: string[],
  read: (key: string, field: string) => unknown,
): string[] {
  const draftOf = (key: string) => read(key, 'clientMessageId');
  const isDraft = (key: string) => {
    const id = draftOf(key);
    if (typeof id !== 'string') return false;
    if (read(key, 'id') !== id && read(key, 'version') !== 0) return false;
    return keys.some((other) => other !== key && draftOf(other) === id);
  };
  return keys.filter((key) => !isDraft(key));
}
