import { conversationId } from '../harness/seed';

/** A conversation of 50, in which accomplices write. */
export const BUSY_CONVERSATION = conversationId(0);

/**
 * The dearest queries that cost less than 2,000: each asks for lists that are counted once, below a
 * page of 100.
 */
export const DEAR_QUERIES: Record<string, string> = {
  offers: `{ offers(first: 100) { nodes { id history { version action expiresAt
    actor { id username } items { kind amount currency quantity reference
    giver { id username displayName } } } } } }`,
  conversations: `{ conversations(first: 100) { nodes { id unreadCount participants { id joinedAt
    joinedSequence lastReadAt lastReadSequence user { id username displayName avatarUrl
    presence { online lastSeenAt } } } viewers { id } } } }`,
  contents: `{ conversations(first: 95) { nodes { messages(last: 9) { nodes { content } } } } }`,
  counts: `{ conversations(first: 100) { nodes { id unreadCount lastSequence archived mutedUntil subject
    viewers { id } lastMessage { id content sender { id } replyTo { id } attachments { url } }
    } } }`,
};

/** A document of almost 5,000 tokens that no one has sent before, so that it is checked anew. */
export function freshDocument(number: number): string {
  const fragments = Array.from({ length: 250 }, (_, index) => `F${number}_${index}`);
  return `query Q${number} { me { ${fragments.map((name) => `...${name}`).join(' ')} } }
${fragments
  .map((name) => `fragment ${name} on User { id username displayName avatarUrl presence { id } }`)
  .join('\n')}`;
}

/** A list of some hundred kilobytes, of which the service takes 500. */
export function bigList(): object {
  const ids = Array.from({ length: 60_000 }, () => 'a');
  return {
    query: `mutation Read($input: MarkNotificationsReadInput!) {
  markNotificationsRead(input: $input) { unreadCount }
}`,
    variables: { input: { ids } },
  };
}

export const ME = '{ me { id username displayName } }';
export const SEND = `mutation SendMessage($input: SendMessageInput!) {
  sendMessage(input: $input) { message { id sequence createdAt } }
}`;
export const SET_TYPING = `mutation SetTyping($input: SetTypingInput!) {
  setTyping(input: $input) { ok }
}`;
export const FOLLOW = `subscription Follow($id: ID!) {
  messageAdded(conversationId: $id) { id sequence content createdAt sender { id displayName } }
}`;

/** A subscription that shows a page of 95 with each message; each number makes it another one. */
export function dearSubscription(number: number): string {
  return `subscription S${number}($id: ID!) { messageAdded(conversationId: $id) { id conversation {
    unreadCount messages(last: 95) { nodes { id sequence content createdAt version editedAt deletedAt
    sender { id username displayName avatarUrl } replyTo { id } conversationId } } } } }`;
}
