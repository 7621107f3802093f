import { createParleyClient, type ParleyClient } from '@parley/client';

/** A person of the demo: a client of their own, and a switch that cuts its connection. */
export interface Person {
  id: string;
  name: string;
  client: ParleyClient;
  link: Link;
}

/** An operation or a frame that went over a link. */
export interface Frame {
  number: number;
  direction: '↑' | '↓';
  transport: 'HTTP' | 'WebSocket';
  text: string;
}

/** The number of frames that are kept. */
const MOST_FRAMES = 200;

/** A connection that can be cut: its sockets close, and nothing goes through until it is mended. */
export class Link {
  isCut = false;
  /** Newest first; a new array after each. */
  frames: readonly Frame[] = [];
  private count = 0;
  /** The names of the subscriptions that go on, by their ids. */
  private readonly names = new Map<string, string>();
  private readonly sockets = new Set<WebSocket>();
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly fetch: typeof fetch = async (input, init) => {
    if (this.isCut) throw new TypeError('The connection is cut.');
    const name = nameOf(JSON.parse(String(init?.body ?? '{}')));
    this.keep('↑', 'HTTP', name);
    const response = await fetch(input, init);
    this.keep('↓', 'HTTP', `${name} ${response.status}`);
    return response;
  };

  /** The WebSocket of this link, for `webSocketImpl`. */
  readonly WebSocket: typeof WebSocket = ((link: Link) =>
    class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        link.sockets.add(this);
        this.addEventListener('message', ({ data }) => link.keepFrame('↓', data));
        this.addEventListener('close', ({ code }) => {
          link.sockets.delete(this);
          link.keep('↓', 'WebSocket', `closed ${code}`);
        });
        if (link.isCut) this.close();
      }

      override send(data: string | ArrayBufferLike | Blob | ArrayBufferView<ArrayBuffer>): void {
        link.keepFrame('↑', data);
        super.send(data as string);
      }
    })(this);

  set(isCut: boolean): void {
    this.isCut = isCut;
    if (isCut) for (const socket of this.sockets) socket.close();
    this.changed();
    if (!isCut) window.dispatchEvent(new Event('online'));
  }

  private keepFrame(direction: Frame['direction'], data: unknown): void {
    const { type, id, payload } = JSON.parse(String(data)) as {
      type: string;
      id?: string;
      payload?: Operation;
    };
    if (type === 'subscribe' && id && payload) this.names.set(id, nameOf(payload));
    this.keep(direction, 'WebSocket', `${type} ${this.names.get(id ?? '') ?? ''}`.trim());
  }

  private keep(direction: Frame['direction'], transport: Frame['transport'], text: string): void {
    const frame = { number: ++this.count, direction, transport, text };
    this.frames = [frame, ...this.frames.slice(0, MOST_FRAMES - 1)];
    this.changed();
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }
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
