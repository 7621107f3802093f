import { createParleyClient, type ParleyClient } from '@parley/client';

/** A person of the demo: a client of their own, and a switch that cuts its connection. */
export interface Person {
  id: string;
  name: string;
  client: ParleyClient;
  link: Link;
}

/** A connection that can be cut: its sockets close, and nothing goes through until it is mended. */
export class Link {
  isCut = false;
  private readonly sockets = new Set<WebSocket>();
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly fetch: typeof fetch = (input, init) =>
    this.isCut ? Promise.reject(new TypeError('The connection is cut.')) : fetch(input, init);

  /** The WebSocket of this link, for `webSocketImpl`. */
  readonly WebSocket: typeof WebSocket = ((link: Link) =>
    class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        link.sockets.add(this);
        this.addEventListener('close', () => link.sockets.delete(this));
        if (link.isCut) this.close();
      }
    })(this);

  set(isCut: boolean): void {
    this.isCut = isCut;
    if (isCut) for (const socket of this.sockets) socket.close();
    for (const listener of this.listeners) listener();
    if (!isCut) window.dispatchEvent(new Event('online'));
  }
}

export function personOf(user: { id: string; displayName: string; token: string }): Person {
  const link = new Link();
  const client = createParleyClient({
    url: new URL('graphql', document.baseURI).href,
    token: user.token,
    fetch: link.fetch,
    webSocketImpl: link.WebSocket,
  });
  return { id: user.id, name: user.displayName, client, link };
}
