import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const TIMEOUT_MS = 20_000;
const HEAD_END = '\r\n\r\n';
/** The key of RFC 6455's example. */
export const SAMPLE_KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
export const SUBPROTOCOL = 'graphql-transport-ws';

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** One frame as it came from the server. */
export interface RawFrame {
  fin: boolean;
  /** The three reserved bits. */
  rsv: number;
  opcode: number;
  isMasked: boolean;
  payload: Buffer;
}

/** A message of graphql-transport-ws. */
export interface RawMessage {
  type: string;
  id?: string;
  payload?: never;
}

export interface FrameOptions {
  opcode?: number;
  fin?: boolean;
  rsv?: number;
  isMasked?: boolean;
  /** The length that the head tells; default: the payload's own. */
  length?: number | bigint;
}

/** Builds a frame as a client sends it, or as no client should. */
export function rawFrame(payload: string | Buffer, options: FrameOptions = {}): Buffer {
  const { opcode = OPCODE.text, fin = true, rsv = 0, isMasked = true } = options;
  const bytes = Buffer.from(payload as string);
  const length = BigInt(options.length ?? bytes.length);
  const form = length < 126n ? 0 : length < 2n ** 16n ? 2 : 8;
  const head = Buffer.alloc(2 + form);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] = (isMasked ? 0x80 : 0) | (form === 0 ? Number(length) : form === 2 ? 126 : 127);
  if (form === 2) head.writeUInt16BE(Number(length), 2);
  if (form === 8) head.writeBigUInt64BE(length, 2);
  if (!isMasked) return Buffer.concat([head, bytes]);
  const mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
  return Buffer.concat([head, mask, bytes.map((byte, at) => byte ^ mask[at % 4]!)]);
}

/** Builds a close frame. */
export function closeFrame(code: number, reason: string | Buffer = ''): Buffer {
  const payload = Buffer.concat([Buffer.alloc(2), Buffer.from(reason as string)]);
  payload.writeUInt16BE(code);
  return rawFrame(payload, { opcode: OPCODE.close });
}

/** The head of a request for an upgrade; a header that is given as null is left out. */
export function upgradeRequest(
  headers: Record<string, string | null> = {},
  line = 'GET /graphql HTTP/1.1',
): string {
  const all = {
    Host: 'x',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': SAMPLE_KEY,
    'Sec-WebSocket-Protocol': SUBPROTOCOL,
    ...headers,
  };
  const told = Object.entries(all).filter(([, value]) => value !== null);
  return `${[line, ...told.map(([name, value]) => `${name}: ${value}`)].join('\r\n')}${HEAD_END}`;
}

/** A WebSocket over TCP without any library: each byte that is sent is up to the test. */
export class RawWebSocket {
  /** The head of the answer to the request. */
  head = '';
  private bytes: Buffer = Buffer.alloc(0);
  private hasEnded = false;
  private wake: () => void = () => {};

  private constructor(private readonly socket: Socket) {
    socket.on('data', (data) => {
      this.bytes = Buffer.concat([this.bytes, data]);
      this.wake();
    });
    // A reset is an end as well.
    socket.on('error', () => {});
    socket.once('close', () => {
      this.hasEnded = true;
      this.wake();
    });
  }

  /** Sends a request, perhaps with more bytes behind it. Resolves when its answer's head is here. */
  static async request(url: string, request: string | Buffer): Promise<RawWebSocket> {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' });
    const raw = new RawWebSocket(socket);
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
    raw.write(request);
    await raw.until(() => raw.bytes.includes(HEAD_END));
    const end = raw.bytes.indexOf(HEAD_END);
    if (end === -1) throw new Error(`no answer: ${raw.bytes.toString('latin1')}`);
    raw.head = raw.bytes.toString('latin1', 0, end);
    raw.bytes = raw.bytes.subarray(end + HEAD_END.length);
    return raw;
  }

  /** Opens one; behind its request the bytes may follow at once. */
  static async open(url: string, behind: Buffer = Buffer.alloc(0)): Promise<RawWebSocket> {
    const request = Buffer.concat([Buffer.from(upgradeRequest()), behind]);
    const raw = await RawWebSocket.request(url, request);
    if (raw.status !== 101) throw new Error(`not opened: ${raw.head}`);
    return raw;
  }

  /** Opens one, and says who it is. Resolves when that is acknowledged. */
  static async init(url: string, token: string): Promise<RawWebSocket> {
    const raw = await RawWebSocket.open(url);
    raw.send({ type: 'connection_init', payload: { token } });
    const message = await raw.message();
    if (message.type !== 'connection_ack') throw new Error(`not acknowledged: ${message.type}`);
    return raw;
  }

  get status(): number {
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(this.head)?.[1]);
  }

  write(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  /** Sends a message in one frame; a text is sent as it is. */
  send(message: unknown, options: FrameOptions = {}): void {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    this.write(rawFrame(text, options));
  }

  /** The next frame; null when the connection ended without another one. */
  async frame(timeoutMs = TIMEOUT_MS): Promise<RawFrame | null> {
    await this.until(() => frameIn(this.bytes) !== null, timeoutMs);
    const found = frameIn(this.bytes);
    if (found === null) {
      if (this.hasEnded) return null;
      throw new Error('no frame came in time');
    }
    this.bytes = this.bytes.subarray(found.size);
    return found.frame;
  }

  /** The next message; pings of the server are passed over. */
  async message(): Promise<RawMessage> {
    for (;;) {
      const frame = await this.frame();
      if (frame?.opcode === OPCODE.ping) continue;
      if (frame?.opcode !== OPCODE.text) throw new Error(`no message: ${show(frame)}`);
      return JSON.parse(frame.payload.toString()) as RawMessage;
    }
  }

  /** Waits until all was handled that was sent before; messages that come meanwhile are returned. */
  async settle(): Promise<RawMessage[]> {
    const token = Math.random().toString();
    this.send({ type: 'ping', payload: { token } });
    const before: RawMessage[] = [];
    for (;;) {
      const message = await this.message();
      const { type, payload } = message as { type: string; payload?: { token?: string } };
      if (type === 'pong' && payload?.token === token) return before;
      before.push(message);
    }
  }

  /** The code and the reason with which the server closes; what comes before is passed over. */
  async closing(): Promise<{ code: number | null; reason: string }> {
    for (;;) {
      const frame = await this.frame();
      if (frame === null) throw new Error('ended without a close frame');
      if (frame.opcode !== OPCODE.close) continue;
      const { payload } = frame;
      if (payload.length === 0) return { code: null, reason: '' };
      return { code: payload.readUInt16BE(), reason: payload.toString('utf8', 2) };
    }
  }

  /** The code of the close frame, once the connection has ended as well. */
  async closed(): Promise<number | null> {
    const { code } = await this.closing();
    if (code !== null) this.write(closeFrame(code));
    await this.until(() => this.hasEnded);
    if (!this.hasEnded) throw new Error('still connected after the close frame');
    return code;
  }

  /** Ends this side of the connection, without a word. */
  end(): void {
    this.socket.end();
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Waits until it is so, or the connection has ended, or the time is over. */
  private async until(isSo: () => boolean, timeoutMs = TIMEOUT_MS): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!isSo() && !this.hasEnded && Date.now() < deadline)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, deadline - Date.now());
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
  }
}

function frameIn(bytes: Buffer): { frame: RawFrame; size: number } | null {
  if (bytes.length < 2) return null;
  const [first, second] = [bytes[0]!, bytes[1]!];
  const form = second & 0x7f;
  const headLength = form < 126 ? 2 : form === 126 ? 4 : 10;
  if (bytes.length < headLength) return null;
  const length =
    form < 126 ? form : form === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < headLength + length) return null;
  const frame = {
    fin: (first & 0x80) !== 0,
    rsv: (first >> 4) & 7,
    opcode: first & 0xf,
    isMasked: (second & 0x80) !== 0,
    payload: bytes.subarray(headLength, headLength + length),
  };
  return { frame, size: headLength + length };
}

function show(frame: RawFrame | null): string {
  if (frame === null) return 'the connection ended';
  const { opcode, payload } = frame;
  if (opcode !== OPCODE.close || payload.length < 2) return `opcode ${opcode} ${payload}`;
  return `closed with ${payload.readUInt16BE()} ${payload.toString('utf8', 2)}`;
}
