import { createParleyClient, type ParleyClient } from '@parley/client';
import { Link } from './link';

/** A person of the demo: a client of their own, over a link that can be cut. */
export interface Person {
  id: string;
  name: string;
  client: ParleyClient;
  link: Link;
}

interface Account {
  id: string;
  displayName: string;
  token: string;
}

/** The demo's users. Empty where the server makes no tokens for them. */
export async function fetchPeople(): Promise<Person[]> {
  const answer = await fetch(new URL('demo/users', document.baseURI));
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  const { users } = (await answer.json()) as { users: Account[] | null };
  return (users ?? []).map(personOf);
}

/** The user of a token; null when the text is none. */
export function personWith(token: string): Person | null {
  const id = subjectOf(token);
  return id === null ? null : personOf({ id, displayName: id, token });
}

function personOf({ id, displayName, token }: Account): Person {
  const link = new Link();
  const url = new URL('graphql', document.baseURI).href;
  const client = createParleyClient({
    url,
    token,
    fetch: link.fetch,
    webSocketImpl: link.WebSocket,
  });
  return { id, name: displayName, client, link };
}

/** The `sub` of a token. */
function subjectOf(token: string): string | null {
  try {
    const base64 = token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/');
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const { sub } = JSON.parse(new TextDecoder().decode(bytes)) as { sub?: unknown };
    return typeof sub === 'string' ? sub : null;
  } catch {
    return null;
  }
}
