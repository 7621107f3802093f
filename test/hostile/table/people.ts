import { type Area, TO_NOBODY, TO_SERVICE, TO_USERS } from './row';

const OWN = 'Who is asking: what is the caller’s own; a service token is nobody’s';
const SERVICE = 'Who is asking: a service token may call the service operations';
const PRESENCE = 'Presence is for people who share a conversation; to others one is offline';

export const PEOPLE: Area = {
  'Query.me': { rule: OWN, ...TO_USERS },
  'Query.user': {
    rule: 'Query.user: somebody with whom you share a conversation, else null',
    user: 'founder',
    ...TO_SERVICE,
    outsider: 'null',
    departed: 'null',
    returned: 'ok',
    member: 'ok',
    apart: 'null',
  },
  'Query.activeUsers': { rule: SERVICE, ...TO_SERVICE },
  'Query.blockedUsers': { rule: OWN, ...TO_USERS },

  'Mutation.blockUser': { rule: 'Error codes: NOT_FOUND of a user to block', ...TO_USERS },
  'Mutation.unblockUser': {
    rule: 'Blocking: unblockUser shows nothing of a stranger but the id',
    user: 'hidden',
    ...TO_USERS,
  },
  'Mutation.renewSession': {
    rule: 'Who is asking: a token of the same user; over HTTP BAD_USER_INPUT',
    ...TO_NOBODY,
    outsider: 'BAD_USER_INPUT',
    departed: 'BAD_USER_INPUT',
    returned: 'BAD_USER_INPUT',
    member: 'BAD_USER_INPUT',
    apart: 'BAD_USER_INPUT',
    service: 'BAD_USER_INPUT',
  },
  'Mutation.deactivateUser': { rule: SERVICE, user: 'hidden', ...TO_SERVICE },
  'Mutation.revokeTokens': { rule: SERVICE, user: 'hidden', ...TO_SERVICE },
  'Mutation.upsertUser': { rule: SERVICE, user: 'unknown', ...TO_SERVICE },
  'Mutation.upsertUsers': { rule: SERVICE, user: 'unknown', ...TO_SERVICE },

  'Subscription.userPresence': { rule: PRESENCE, user: 'founder', ...TO_USERS, service: 'ok' },
  'Subscription.userPresence of all': { rule: PRESENCE, ...TO_USERS },
};

export const NOTIFICATIONS: Area = {
  'Query.inbox': { rule: OWN, ...TO_USERS },
  'Query.notifications': { rule: OWN, ...TO_USERS },
  'Mutation.markNotificationsRead': { rule: OWN, ...TO_NOBODY },
  'Mutation.notifyUser': { rule: SERVICE, ...TO_SERVICE },
  'Mutation.emitEvent': { rule: SERVICE, ...TO_SERVICE },

  'Subscription.notificationAdded': { rule: OWN, ...TO_USERS },
  'Subscription.inboxUpdated': { rule: OWN, ...TO_USERS },
  'Subscription.customEvent': {
    rule: 'Error codes: FORBIDDEN for any id that the viewer may not reach, existing or not',
    ...TO_USERS,
    outsider: 'FORBIDDEN',
    departed: 'FORBIDDEN',
    service: 'ok',
  },
  'Subscription.customEvent of all': { rule: OWN, ...TO_USERS },
};
