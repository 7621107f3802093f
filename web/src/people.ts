import { createParleyClient, type ParleyClient } from '@parley/client';
import { useSyncExternalStore } from 'react';

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

/** Returns true while a link is cut. */
export const useIsCut = (link: Link) => useSyncExternalStore(link.subscribe, () => link.isCut);

/** An operation or a frame that went over a link. */
export interface Frame {
  number: number;
  at: Date;
  direction: 'sent' | 'received';
  transport: 'HTTP' | 'WebSocket';
  /** Such as `subscribe`; the status of an answer. */
  type: string;
  /** The name of the operation; empty for a frame that belongs to none. */
  name: string;
}

/** The number of frames that are kept. */
const MOST_FRAMES = 200;

/**
 * A connection that can be cut, as by a tunnel: while it is cut, its sockets are closed, requests
 * fail, and no new socket opens. It also keeps what went over it, for the traffic drawer.
 */
export class Link {
  isCut = false;
  /** Newest first; a new array after each. */
  frames: readonly Frame[] = [];
  private count = 0;
  /** The names of the subscriptions, by their ids. */
  private readonly names = new Map<string, string>();
  private readonly sockets = new Set<WebSocket>();
  private cutting = new AbortController();
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** For the option `fetch` of a client. */
  readonly fetch: typeof fetch = async (input, init) => {
    if (this.isCut) throw new TypeError('The connection is cut.');
    const name = nameOf(JSON.parse(String(init?.body ?? '{}')));
    this.keep('sent', 'HTTP', 'request', name);
    const signals = [this.cutting.signal, ...(init?.signal ? [init.signal] : [])];
    const response = await fetch(input, { ...init, signal: AbortSignal.any(signals) });
    this.keep('received', 'HTTP', String(response.status), name);
    return response;
  };

  /** For the option `webSocketImpl` of a client. */
  readonly WebSocket: typeof WebSocket = new Proxy(WebSocket, {
    construct: (_, [url, protocols]) =>
      this.isCut ? new ClosedSocket() : this.open(url, protocols),
  });

  cut(isCut: boolean): void {
    this.isCut = isCut;
    if (isCut) {
      for (const socket of this.sockets) socket.close();
      this.cutting.abort(new TypeError('The connection is cut.'));
      this.cutting = new AbortController();
    }
    this.changed();
    // The client waits for this event before it tries again.
    if (!isCut) window.dispatchEvent(new Event('online'));
  }

  private open(url: string, protocols: string[]): WebSocket {
    const socket = new WebSocket(url, protocols);
    this.sockets.add(socket);
    socket.addEventListener('message', ({ data }) => this.keepFrame('received', data));
    socket.addEventListener('close', ({ code }) => {
      this.sockets.delete(socket);
      this.keep('received', 'WebSocket', `closed ${code}`, '');
    });
    socket.send = (data) => {
      this.keepFrame('sent', data);
      WebSocket.prototype.send.call(socket, data);
    };
    return socket;
  }

  private keepFrame(direction: Frame['direction'], data: unknown): void {
    const { type, id, payload } = JSON.parse(String(data)) as {
      type: string;
      id?: string;
      payload?: Operation;
    };
    if (type === 'subscribe' && id && payload) this.names.set(id, nameOf(payload));
    this.keep(direction, 'WebSocket', type, this.names.get(id ?? '') ?? '');
  }

  private keep(
    direction: Frame['direction'],
    transport: Frame['transport'],
    type: string,
    name: string,
  ): void {
    const frame = { number: ++this.count, at: new Date(), direction, transport, type, name };
    this.frames = [frame, ...this.frames.slice(0, MOST_FRAMES - 1)];
    this.changed();
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

/** A socket that nothing comes of, as when there is no network. */
class ClosedSocket extends EventTarget {
  readonly readyState = WebSocket.CLOSED;
  onclose: ((event: CloseEvent) => void) | null = null;

  constructor() {
    super();
    setTimeout(() => this.onclose?.(new CloseEvent('close', { code: 1006 })));
  }

  close(): void {}
}

interface Operation {
  operationName?: string;
  query?: string;
}

/** The name of an operation. Its variables may be private, and are not shown. */
function nameOf({ operationName, query = '' }: Operation): string {
  return (
    operationName ?? /\b(?:query|mutation|subscription)\s+(\w+)/.exec(query)?.[1] ?? 'operation'
  );
}
