import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { FormattedExecutionResult } from 'graphql';
import WebSocket from 'ws';
import type { App } from '../../src/app/app';

const TIMEOUT_MS = 10_000;

export interface HttpAnswer {
  status: number;
  type: string | null;
  requestId: string | null;
  body: FormattedExecutionResult<Record<string, unknown>, Record<string, unknown>>;
}

/** A body sent as it is, for what no typed document can say. */
export async function post(
  node: App,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<HttpAnswer> {
  return answerOf(
    await fetch(`${node.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  );
}

export async function get(
  node: App,
  parameters: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<HttpAnswer> {
  return answerOf(
    await fetch(`${node.url}/graphql?${new URLSearchParams(parameters)}`, { headers }),
  );
}

async function answerOf(response: Response): Promise<HttpAnswer> {
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    requestId: response.headers.get('x-request-id'),
    body: (await response.json()) as HttpAnswer['body'],
  };
}

/** What somebody with this token says in a header. */
export function bearer(token: string | null): Record<string, string> {
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

/** A message of graphql-transport-ws. */
export interface Frame {
  type: string;
  id?: string;
  payload?: unknown;
}

/** A WebSocket without a client library: what comes is kept, what is sent is up to the test. */
export class WireSocket {
  private readonly frames: Frame[] = [];
  private wake: () => void = () => {};
  /** How it was closed. */
  readonly closed: Promise<{ code: number; reason: string }>;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.frames.push(JSON.parse(String(data)) as Frame);
      this.wake();
    });
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
        this.wake();
      });
    });
  }

  /** Resolves when the upgrade was accepted. */
  static async open(node: App, options: WebSocket.ClientOptions = {}): Promise<WireSocket> {
    const wire = new WireSocket(new WebSocket(socketUrl(node), 'graphql-transport-ws', options));
    await once(wire.socket, 'open');
    return wire;
  }

  /** Opens, and says who it is. */
  static async init(node: App, payload?: Record<string, unknown>): Promise<WireSocket> {
    const wire = await WireSocket.open(node);
    wire.send({ type: 'connection_init', ...(payload && { payload }) });
    return wire;
  }

  send(frame: Frame | string): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Sends frames, and perhaps the end of the connection, in one write. */
  sendTogether(frames: readonly Frame[], andClose = false): void {
    const stream = (this.socket as unknown as { _socket: Duplex })._socket;
    stream.cork();
    for (const frame of frames) this.send(frame);
    if (andClose) this.socket.close();
    stream.uncork();
  }

  /** The number of frames that have come and were not taken yet. */
  get waiting(): number {
    return this.frames.length;
  }

  /** The next call of `next` returns this frame. */
  putBack(frame: Frame): void {
    this.frames.unshift(frame);
  }

  /** The next frame that is no ping. */
  async next(): Promise<Frame> {
    const deadline = Date.now() + TIMEOUT_MS;
    for (;;) {
      const frame = this.frames.shift();
      if (frame && frame.type !== 'ping') return frame;
      if (frame) continue;
      if (this.socket.readyState === WebSocket.CLOSED)
        throw new Error(`closed: ${JSON.stringify(await this.closed)}`);
      const leftMs = deadline - Date.now();
      if (leftMs <= 0) throw new Error(`no frame within ${TIMEOUT_MS} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Waits for a ping of the protocol below with such a payload. */
  async pinged(fits: (payload: Buffer) => boolean): Promise<void> {
    for (;;) {
      const [payload] = (await once(this.socket, 'ping')) as [Buffer];
      if (fits(payload)) return;
    }
  }

  /** Reads nothing more, and says nothing of it. */
  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  terminate(): void {
    this.socket.terminate();
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}

/** The status of an upgrade with this Origin: 101 when it was accepted. */
export async function upgradeStatus(node: App, origin?: string): Promise<number> {
  const socket = new WebSocket(
    socketUrl(node),
    'graphql-transport-ws',
    origin === undefined ? {} : { origin },
  );
  socket.on('error', () => {});
  const status = await new Promise<number>((resolve) => {
    socket.once('open', () => resolve(101));
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
  });
  socket.terminate();
  return status;
}

function socketUrl(node: App): string {
  return `${node.url.replace('http', 'ws')}/graphql`;
}
