import { connect, type Socket } from 'node:net';
import { type Target, upgradeRequest } from './frames';

/** All connections read into this one buffer, one after the other. */
const READ_BUFFER = Buffer.allocUnsafeSlow(256 * 1024);
const HEAD_END = '\r\n\r\n';
const CLOSE_OPCODE = 8;
const PING_OPCODE = 9;
const EMPTY_PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

interface PeerOptions {
  /** What is sent instead of the request to open a WebSocket. */
  request?: Buffer;
  /** The bytes after the request, in the same write. */
  first?: Buffer;
  /** Called at each frame of the server, with its size. */
  onFrame?: (size: number) => void;
  onEnd?: (code: number | null) => void;
}

/** A WebSocket that looks at nothing but the heads of the frames. */
export class SocketPeer {
  private readonly socket: Socket;
  private isUpgraded = false;
  private hasEnded = false;
  private reads = true;
  private code: number | null = null;
  /** Bytes of the present frame that are still to come. */
  private skip = 0;
  private rest: Buffer = Buffer.alloc(0);

  constructor(
    { port, localAddress }: Target,
    private readonly options: PeerOptions = {},
  ) {
    const { first = Buffer.alloc(0), request = upgradeRequest(port) } = options;
    this.socket = connect({
      port,
      host: '127.0.0.1',
      localAddress,
      noDelay: true,
      onread: {
        buffer: READ_BUFFER,
        callback: (length: number) => {
          this.read(READ_BUFFER.subarray(0, length));
          return this.reads;
        },
      },
    });
    this.socket.on('error', () => this.end());
    this.socket.on('close', () => this.end());
    this.socket.write(Buffer.concat([request, first]));
  }

  write(bytes: Buffer): void {
    if (!this.hasEnded) this.socket.write(bytes);
  }

  /** Leaves unread what the server sends from now on. */
  stopReading(): void {
    this.reads = false;
  }

  destroy(): void {
    this.socket.destroy();
  }

  private read(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let place = 0;
    if (!this.isUpgraded) {
      const end = bytes.indexOf(HEAD_END);
      if (end === -1) {
        this.keep(bytes, 0);
        return;
      }
      this.isUpgraded = true;
      place = end + HEAD_END.length;
    }
    while (place < bytes.length) {
      if (this.skip > 0) {
        const skipped = Math.min(this.skip, bytes.length - place);
        this.skip -= skipped;
        place += skipped;
        continue;
      }
      if (bytes.length - place < 4) break;
      let size = bytes[place + 1]! & 0x7f;
      let header = 2;
      if (size === 126) {
        size = bytes.readUInt16BE(place + 2);
        header = 4;
      } else if (size === 127) {
        if (bytes.length - place < 10) break;
        size = Number(bytes.readBigUInt64BE(place + 2));
        header = 10;
      }
      this.take(bytes[place]! & 0x0f, bytes, place + header, size);
      place += header;
      this.skip = size;
    }
    this.keep(bytes, place);
  }

  private take(opcode: number, bytes: Buffer, start: number, size: number): void {
    if (opcode === PING_OPCODE) this.socket.write(EMPTY_PONG);
    else if (opcode === CLOSE_OPCODE) {
      this.code = size >= 2 && bytes.length >= start + 2 ? bytes.readUInt16BE(start) : null;
      this.socket.end();
    } else this.options.onFrame?.(size);
  }

  private keep(bytes: Buffer, from: number): void {
    this.rest = from < bytes.length ? Buffer.from(bytes.subarray(from)) : Buffer.alloc(0);
  }

  private end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.socket.destroy();
    this.options.onEnd?.(this.code);
  }
}

/** A kept HTTP connection that looks at nothing but the lengths of the answers. */
export class HttpPeer {
  private readonly socket: Socket;
  private head = '';
  private left = -1;
  private hasEnded = false;

  constructor(
    { port, localAddress }: Target,
    private readonly onAnswer: () => void,
    private readonly onEnd: () => void,
  ) {
    this.socket = connect({
      port,
      host: '127.0.0.1',
      localAddress,
      noDelay: true,
      onread: {
        buffer: READ_BUFFER,
        callback: (length: number) => {
          this.read(READ_BUFFER.subarray(0, length));
          return true;
        },
      },
    });
    this.socket.on('error', () => this.end());
    this.socket.on('close', () => this.end());
  }

  write(bytes: Buffer): void {
    if (!this.hasEnded) this.socket.write(bytes);
  }

  destroy(): void {
    this.socket.destroy();
  }

  private read(chunk: Buffer): void {
    let place = 0;
    while (place < chunk.length) {
      if (this.left < 0) {
        this.head += chunk.toString('latin1', place);
        const end = this.head.indexOf(HEAD_END);
        if (end === -1) return;
        const bodyStart =
          place + end + HEAD_END.length - (this.head.length - (chunk.length - place));
        const length = /^content-length: *(\d+)/im.exec(this.head);
        this.left = length ? Number(length[1]) : 0;
        this.head = '';
        place = bodyStart;
        if (this.left === 0) this.answered();
        continue;
      }
      const taken = Math.min(this.left, chunk.length - place);
      this.left -= taken;
      place += taken;
      if (this.left === 0) this.answered();
    }
  }

  private answered(): void {
    this.left = -1;
    this.onAnswer();
  }

  private end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.onEnd();
  }
}
