/**
 * The tabs that the page has prepared, each of which runs at one press, and those of the last
 * visit. A prepared tab gets its variables anew for each user, until its text is changed.
 */

/** What the variables of the prepared tabs are made of. */
export interface Values {
  me: string;
  other: string;
  conversationId: string;
  offerId: string;
  version: number;
}

export interface Tab {
  query: string | null;
  variables?: string | null;
  /** The answer that GraphiQL shows with it. */
  response?: string | null;
}

export interface Tabs {
  tabs: Tab[];
  activeTabIndex: number;
}

interface Prepared {
  query: string;
  variables: (values: Values) => object;
}

export const NO_VALUES: Values = { me: '', other: '', conversationId: '', offerId: '', version: 1 };

/** GraphiQL's own key of its tabs. */
const STORED = 'graphiql:tabState';

const CONVERSATIONS = `# Who is signed in is chosen above.
query Conversations($first: Int) {
  me { id username }
  conversations(first: $first) {
    nodes {
      id
      subject
      unreadCount
      participants { user { id username } }
      lastMessage { sequence content sender { id username } }
    }
  }
}
`;

const CONVERSATION = `query Conversation($id: ID!, $last: Int) {
  conversation(id: $id) {
    id
    subject
    lastSequence
    messages(last: $last) {
      nodes { id sequence content createdAt sender { id username } }
    }
    offers(first: 5) {
      nodes { id status version note availableActions }
    }
  }
}
`;

const SUBSCRIBE = `# Goes on below while you run other tabs.
subscription Subscribe($conversationId: ID!) {
  conversationEvents(conversationId: $conversationId) {
    sequence
    kind
    actor { id username }
    message { id content }
    offerAction
    offer { id status version }
  }
}
`;

const SEND = `mutation Send($input: SendMessageInput!) {
  sendMessage(input: $input) {
    message { id sequence content }
  }
}
`;

const MAKE_OFFER = `mutation MakeOffer($input: CreateOfferInput!) {
  createOffer(input: $input) {
    offer {
      id
      status
      version
      recipient { id username }
      items {
        giver { id username }
        kind
        amount
        currency
        description
      }
    }
  }
}
`;

const ACCEPT_OFFER = `# An offer that the user has received.
mutation AcceptOffer($input: OfferActionInput!) {
  acceptOffer(input: $input) {
    offer { id status version availableActions }
  }
}
`;

const PREPARED: readonly Prepared[] = [
  { query: CONVERSATIONS, variables: () => ({ first: 10 }) },
  { query: CONVERSATION, variables: ({ conversationId: id }) => ({ id, last: 20 }) },
  { query: SUBSCRIBE, variables: ({ conversationId }) => ({ conversationId }) },
  {
    query: SEND,
    variables: ({ conversationId }) => ({
      input: { conversationId, content: 'Hello from GraphiQL' },
    }),
  },
  {
    query: MAKE_OFFER,
    variables: ({ conversationId, me, other }) => ({
      input: {
        conversationId,
        note: 'Shall we?',
        items: [
          { giverId: me, kind: 'MONEY', amount: 4_500, currency: 'EUR' },
          { giverId: other, kind: 'GOODS', description: 'A bicycle helmet' },
        ],
      },
    }),
  },
  { query: ACCEPT_OFFER, variables: ({ offerId, version }) => ({ input: { offerId, version } }) },
];

/** Returns the prepared tabs for a user. */
export function preparedTabs(values: Values): Tabs {
  const tabs = PREPARED.map(({ query }) => filled({ query, variables: null }, values));
  return { tabs, activeTabIndex: 0 };
}

/**
 * Returns tabs for another user: without what they have answered, and with this user's variables in
 * those that are still as they were prepared.
 */
export function filledTabs({ tabs, activeTabIndex }: Tabs, values: Values): Tabs {
  return { tabs: tabs.map((tab) => filled({ ...tab, response: null }, values)), activeTabIndex };
}

function filled<T extends Tab>(tab: T, values: Values): T {
  const prepared = PREPARED.find(({ query }) => query === tab.query);
  if (!prepared) return tab;
  return { ...tab, variables: JSON.stringify(prepared.variables(values), null, 2) };
}

/** Returns the tabs of the last visit; null when there are none. */
export function storedTabs(): Tabs | null {
  try {
    const stored = JSON.parse(localStorage.getItem(STORED) ?? 'null') as Tabs | null;
    return stored && stored.tabs.length > stored.activeTabIndex ? stored : null;
  } catch {
    return null;
  }
}

/** Makes GraphiQL begin with these tabs. */
export function storeTabs(tabs: Tabs): void {
  localStorage.setItem(STORED, JSON.stringify(tabs));
}
