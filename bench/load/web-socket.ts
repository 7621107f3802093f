import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** All sockets read into this one buffer, one after the other; what must stay is copied. */
const READ_BUFFER = Buffer.allocUnsafeSlow(256 * 1024);
const NOTHING = Buffer.alloc(0);
const MASK = randomBytes(4);
const HANDSHAKE_LIMIT = 64 * 1024;

const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface WebSocketOptions {
  port: number;
  path: string;
  subprotocol: string | null;
  /** A text frame's payload: from `start` to `end` of `buffer`, only during the call. */
  onText: (buffer: Buffer, start: number, end: number) => void;
  /** It has ended without our wish. */
  onLost: (reason: string) => void;
}

/**
 * The cheapest client that speaks RFC 6455 well enough for servers that do: no extension, no fragments, frames
 * told apart by their headers, payloads left where they are. A load made of it is cheaper than any server.
 */
export class WebSocketClient {
  private readonly socket: Socket;
  private rest = NOTHING;
  private state: 'handshake' | 'open' | 'closing' | 'closed' = 'handshake';
  private opened: { resolve: () => void; reject: (error: Error) => void } | null = null;

  constructor(private readonly options: WebSocketOptions) {
    this.socket = connect({
      port: options.port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: READ_BUFFER,
        callback: (length) => {
          this.read(length);
          return true;
        },
      },
    });
    this.socket.on('error', (error) => this.end(error.message));
    this.socket.on('close', () => this.end('connection closed'));
  }

  open(): Promise<void> {
    const { path, subprotocol, port } = this.options;
    const lines = [
      `GET ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      ...(subprotocol === null ? [] : [`Sec-WebSocket-Protocol: ${subprotocol}`]),
    ];
    this.socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    return new Promise((resolve, reject) => {
      this.opened = { resolve, reject };
    });
  }

  /** Several texts leave in one write, each in a frame of its own. */
  send(...texts: string[]): void {
    this.socket.write(
      texts.length === 1
        ? textFrame(texts[0]!)
        : Buffer.concat(texts.map((text) => textFrame(text))),
    );
  }

  /** Ends it without waiting for the server's word. */
  close(): void {
    this.state = 'closing';
    this.socket.end(frame(OPCODE.close, Buffer.from([0x03, 0xe8])));
  }

  private read(length: number): void {
    if (this.rest.length === 0) {
      this.keep(READ_BUFFER, this.consume(READ_BUFFER, length), length);
      return;
    }
    const joined = Buffer.concat([this.rest, READ_BUFFER.subarray(0, length)]);
    this.rest = NOTHING;
    this.keep(joined, this.consume(joined, joined.length), joined.length);
  }

  private keep(buffer: Buffer, from: number, to: number): void {
    if (from < to) this.rest = Buffer.from(buffer.subarray(from, to));
  }

  /** Reads whole frames; returns how far. */
  private consume(buffer: Buffer, length: number): number {
    let place = this.state === 'handshake' ? this.shakeHands(buffer, length) : 0;
    if (this.state === 'handshake') return 0;
    for (;;) {
      if (length - place < 2) return place;
      let size = buffer[place + 1]! & 0x7f;
      let start = place + 2;
      if (size === 126) {
        if (length - place < 4) return place;
        size = buffer.readUInt16BE(place + 2);
        start = place + 4;
      } else if (size === 127) {
        if (length - place < 10) return place;
        size = Number(buffer.readBigUInt64BE(place + 2));
        start = place + 10;
      }
      if (start + size > length) return place;
      this.take(buffer[place]!, buffer, start, start + size);
      place = start + size;
    }
  }

  private take(head: number, buffer: Buffer, start: number, end: number): void {
    const opcode = head & 0x0f;
    if (head < 0x80) throw new Error('a fragmented frame');
    if (opcode === OPCODE.text) this.options.onText(buffer, start, end);
    else if (opcode === OPCODE.ping)
      this.socket.write(frame(OPCODE.pong, buffer.subarray(start, end)));
    else if (opcode === OPCODE.close && this.state !== 'closing')
      this.end(
        `closed with ${buffer.readUInt16BE(start)} ${buffer.toString('utf8', start + 2, end)}`,
      );
  }

  /** Returns where the first frame begins, once the answer is complete. */
  private shakeHands(buffer: Buffer, length: number): number {
    const end = buffer.subarray(0, length).indexOf('\r\n\r\n');
    if (end === -1) {
      if (length > HANDSHAKE_LIMIT) this.end('no end of the handshake');
      return 0;
    }
    const status = buffer.toString('latin1', 0, buffer.indexOf('\r\n'));
    if (!status.startsWith('HTTP/1.1 101 ')) {
      this.end(`not upgraded: ${status}`);
      return 0;
    }
    this.state = 'open';
    this.opened?.resolve();
    return end + 4;
  }

  private end(reason: string): void {
    if (this.state === 'closed') return;
    const wished = this.state === 'closing';
    this.state = 'closed';
    this.opened?.reject(new Error(reason));
    if (!wished) this.options.onLost(reason);
    this.socket.destroy();
  }
}

function textFrame(text: string): Buffer {
  return frame(OPCODE.text, Buffer.from(text));
}

/** Masked, as a client's frames are. */
function frame(opcode: number, payload: Buffer): Buffer {
  const size = payload.length;
  const header = size < 126 ? 2 : size < 65_536 ? 4 : 10;
  const bytes = Buffer.allocUnsafe(header + 4 + size);
  bytes[0] = 0x80 | opcode;
  bytes[1] = 0x80 | (header === 2 ? size : header === 4 ? 126 : 127);
  if (header === 4) bytes.writeUInt16BE(size, 2);
  if (header === 10) bytes.writeBigUInt64BE(BigInt(size), 2);
  MASK.copy(bytes, header);
  for (let index = 0; index < size; index++)
    bytes[header + 4 + index] = payload[index]! ^ MASK[index & 3]!;
  return bytes;
}
