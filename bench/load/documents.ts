import type { Selection } from './session';

const FIELDS = 'id sequence content createdAt version sender { id displayName }';
const CONVERSATION: Record<Selection, string> = {
  plain: 'conversation { id }',
  inbox: 'conversation { id unreadCount }',
};

/** The subscription, the same for every GraphQL server; `after` only for one that knows it. */
export function subscriptionDocument(selection: Selection, resumable: boolean): string {
  const [variable, argument] = resumable ? [', $after: Int', ', after: $after'] : ['', ''];
  return `subscription MessageAdded($id: ID!${variable}) {
  messageAdded(conversationId: $id${argument}) { ${FIELDS} ${CONVERSATION[selection]} }
}`;
}

export const SEND_DOCUMENT = `mutation SendMessage($input: SendMessageInput!) {
  sendMessage(input: $input) { message { id sequence createdAt } }
}`;
