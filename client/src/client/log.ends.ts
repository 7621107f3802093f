/** The queries for the ends of the logs that subscriptions follow. */
import {
  ConversationEndDocument,
  type ConversationEndQuery,
  InboxDocument,
  type InboxQuery,
} from '../generated/graphql.js';
import type { FindLogEnd } from '../resumable/log.end.js';
import { operationOf } from './operation.js';

/** There is none for what the platform follows, which keeps its position itself. */
export const findLogEnd: FindLogEnd = ({ field, conversationId: id }) => {
  if (id !== null)
    return {
      payload: operationOf(ConversationEndDocument, { id }),
      sequenceIn: (data) => (data as ConversationEndQuery).conversation?.lastSequence,
    };
  if (field !== 'notificationAdded') return undefined;
  return {
    payload: operationOf(InboxDocument, {}),
    sequenceIn: (data) => (data as InboxQuery).inbox?.lastNotificationSequence,
  };
};
