/** The fields that tell of two states of one object which is the newer: the one with more. */
export const VERSIONS = {
  Message: 'version',
  Offer: 'version',
  Conversation: 'lastSequence',
  Inbox: 'lastNotificationSequence',
  Notification: 'sequence',
  Participant: 'lastReadSequence',
} as const;

const OLD = '~old';

/** Returns the key under which an old state is put, where nobody reads it. */
export const oldKeyOf = (key: string): string => `${key}${OLD}`;

/** Returns the key of the newest state. */
export const newestKeyOf = (key: string): string =>
  key.endsWith(OLD) ? key.slice(0, -OLD.length) : key;
