import { type Area, TO_NOBODY, TO_PRESENT, TO_READERS, TO_SERVICE, TO_USERS } from './row';

const ACCESS = 'Error codes: FORBIDDEN for any id that the viewer may not reach, existing or not';
const HINTS = 'The log: all other subscriptions are live hints, from one topic a user';

export const CONVERSATIONS: Area = {
  'Query.conversation': { rule: ACCESS, ...TO_READERS },
  'Query.conversations': { rule: 'Who is asking: a service token is nobody’s', ...TO_USERS },

  'Mutation.startConversation': {
    rule: 'Conversations: one for two people; Blocking: no start',
    user: 'other',
    ...TO_USERS,
    apart: 'FORBIDDEN',
  },
  'Mutation.addParticipant': {
    rule: 'Conversations: in a group any participant adds; a pair stays a pair',
    user: 'newcomer',
    ...TO_PRESENT,
    apart: 'BAD_USER_INPUT',
  },
  'Mutation.removeParticipant': {
    rule: 'Conversations: a service token removes',
    user: 'newcomer',
    ...TO_SERVICE,
  },
  'Mutation.leaveConversation': {
    rule: 'Conversations: leaving with an ACCEPTED offer is CONFLICT',
    ...TO_PRESENT,
    apart: 'CONFLICT',
  },
  'Mutation.archiveConversation': { rule: ACCESS, ...TO_PRESENT },
  'Mutation.muteConversation': { rule: ACCESS, ...TO_PRESENT },
  'Mutation.markRead': { rule: ACCESS, ...TO_PRESENT },
  'Mutation.setTyping': { rule: ACCESS, ...TO_PRESENT },

  'Subscription.conversationEvents': { rule: ACCESS, ...TO_READERS },
  'Subscription.conversationUpdated': { rule: HINTS, ...TO_USERS },
  'Subscription.messagesRead': { rule: ACCESS, ...TO_READERS },
  'Subscription.messagesRead of all': { rule: HINTS, ...TO_USERS },
  'Subscription.typing': { rule: ACCESS, ...TO_READERS },
  'Subscription.viewers': { rule: ACCESS, ...TO_READERS },
};

const SENDER = 'Messages: only its sender edits or deletes a message';

export const MESSAGES: Area = {
  'Mutation.sendMessage': {
    rule: 'Error codes: NOT_FOUND for a replyToId; Blocking: nothing goes through in a pair',
    ...TO_NOBODY,
    returned: 'NOT_FOUND',
    member: 'ok',
  },
  'Mutation.editMessage': { rule: SENDER, ...TO_NOBODY },
  'Mutation.deleteMessage': {
    rule: `${SENDER}; Blocking: deleting goes on`,
    ...TO_NOBODY,
    apart: 'ok',
  },
  'Mutation.postSystemMessage': { rule: 'Who is asking: service operations', ...TO_SERVICE },

  'Subscription.messageAdded': { rule: ACCESS, ...TO_READERS },
  'Subscription.messageAdded of all': { rule: HINTS, ...TO_USERS },
  'Subscription.messageUpdated': { rule: ACCESS, ...TO_READERS },
  'Subscription.messageUpdated of all': { rule: HINTS, ...TO_USERS },
};
