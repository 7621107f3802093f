import {
  ConversationOfferPageDocument,
  ConversationPageDocument,
  MessagePageDocument,
  NotificationPageDocument,
  OfferPageDocument,
} from '../generated/graphql';
import type { Answer, Person } from '../support/person';

/** What a page is asked for by. */
export interface PageArguments {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

export interface Page {
  edges: { cursor: string; node: { id: string } }[];
  nodes: { id: string }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor?: string | null;
    endCursor?: string | null;
  };
}

type PageAnswer = Answer<{ page: Page } | { conversation?: { page: Page } | null }>;

/** A connection of the schema: how somebody asks for a page of it. */
export interface Connection {
  name: string;
  /** Connections of one list take each other's cursors. */
  list: string;
  /** By last and before, too. */
  backward: boolean;
  request: (viewer: Person, conversationId: string, page: PageArguments) => Promise<PageAnswer>;
}

const MESSAGES: Connection = {
  name: 'Conversation.messages',
  list: 'messages',
  backward: true,
  request: (viewer, id, page) => viewer.request(MessagePageDocument, { id, ...page }),
};
const CONVERSATION_OFFERS: Connection = {
  name: 'Conversation.offers',
  list: 'offers',
  backward: false,
  request: (viewer, id, page) => viewer.request(ConversationOfferPageDocument, { id, ...page }),
};
const OFFERS: Connection = {
  name: 'offers',
  list: 'offers',
  backward: false,
  request: (viewer, _id, page) => viewer.request(OfferPageDocument, page),
};
const CONVERSATIONS: Connection = {
  name: 'conversations',
  list: 'conversations',
  backward: false,
  request: (viewer, _id, page) => viewer.request(ConversationPageDocument, page),
};
const NOTIFICATIONS: Connection = {
  name: 'notifications',
  list: 'notifications',
  backward: false,
  request: (viewer, _id, page) => viewer.request(NotificationPageDocument, page),
};
export const CONNECTIONS = { MESSAGES, CONVERSATION_OFFERS, OFFERS, CONVERSATIONS, NOTIFICATIONS };

/** The page, and a failed test where there is an error. */
export async function pageOf(answer: PageAnswer | Promise<PageAnswer>): Promise<Page> {
  const { data, errors } = await answer;
  const page = data && ('page' in data ? data.page : data.conversation?.page);
  if (errors || !page) throw new Error(`refused: ${JSON.stringify(errors)}`);
  return page;
}

/**
 * What the specification says the page is (https://relay.dev/graphql/connections.htm, section 4), of a list that does
 * not change. Its edges lie between the two cursors, so that none do where the cursors are crossed. "If the server can
 * efficiently determine that elements exist" beyond a cursor, it does: the cursor's own element does.
 */
export function relayPage(
  all: Page['edges'],
  { first, after, last, before }: PageArguments,
  defaultSize: number,
): Page {
  const from = after == null ? 0 : all.findIndex(({ cursor }) => cursor === after) + 1;
  const to = before == null ? all.length : all.findIndex(({ cursor }) => cursor === before);
  const between = all.slice(from, Math.max(from, to));
  const size = last ?? first ?? defaultSize;
  const edges = last == null ? between.slice(0, size) : between.slice(-size);
  const more = between.length > size;
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: last == null ? more : before != null,
      hasPreviousPage: last == null ? after != null : more,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
