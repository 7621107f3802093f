/** The user as whom the page asks, and what the prepared tabs have to know of this user. */
import type { Values } from './tabs.js';

export interface User {
  id: string;
  displayName: string;
  token: string;
}

const REMEMBERED = 'parley:graphiql:user';

const VALUES = `query {
  me { id }
  conversations(first: 1) {
    nodes {
      id
      participants { user { id } }
      offers(status: PENDING, first: 50) { nodes { id version recipient { id } } }
    }
  }
}`;

interface Found {
  me: { id: string };
  conversations: {
    nodes: {
      id: string;
      participants: { user: { id: string } }[];
      offers: { nodes: { id: string; version: number; recipient: { id: string } }[] };
    }[];
  };
}

/** The address of something of this server, as a proxy may put the page below a path. */
export function addressOf(path: string): string {
  return new URL(path, document.baseURI).href;
}

/** The users that the server signs in without a token of their own; null where there are none. */
export async function fetchUsers(root: HTMLElement): Promise<User[] | null> {
  if (root.dataset.users !== 'demo') return null;
  const response = await fetch(addressOf('demo/users'));
  return ((await response.json()) as { users: User[] | null }).users;
}

export function remember({ id }: User): void {
  localStorage.setItem(REMEMBERED, id);
}

/** The user of the last visit, or else the first. */
export function rememberedOf(users: readonly User[]): User | null {
  const id = localStorage.getItem(REMEMBERED);
  return users.find((user) => user.id === id) ?? users[0] ?? null;
}

/**
 * Reads what the prepared tabs show: the user's newest conversation, and in it an offer that awaits
 * the user's answer, or else one that awaits the other's.
 *
 * @throws {Error} with the server's words when the token is not accepted
 */
export async function fetchValues(token: string): Promise<Values> {
  const response = await fetch(addressOf('graphql'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: VALUES }),
  });
  const { data, errors } = (await response.json()) as {
    data?: Found;
    errors?: { message: string }[];
  };
  if (!data) throw new Error(errors?.[0]?.message ?? `The server answered ${response.status}.`);
  const me = data.me.id;
  const [conversation] = data.conversations.nodes;
  const offers = conversation?.offers.nodes ?? [];
  const offer = offers.find(({ recipient }) => recipient.id === me) ?? offers[0];
  return {
    me,
    conversationId: conversation?.id ?? '',
    other: conversation?.participants.find(({ user }) => user.id !== me)?.user.id ?? '',
    offerId: offer?.id ?? '',
    version: offer?.version ?? 1,
  };
}
