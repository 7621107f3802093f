import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const HEAD_END = '\r\n\r\n';

/** One kept HTTP/1.1 connection, one request at a time; answers have to say how long they are. */
export class HttpClient {
  private readonly socket: Socket;
  private received: Buffer = Buffer.alloc(0);
  private answer: { resolve: (body: string) => void; reject: (error: Error) => void } | null = null;

  private constructor(private readonly port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.on('data', (chunk) => this.read(chunk));
    this.socket.on('error', (error) => this.answer?.reject(error));
    this.socket.on('close', () => this.answer?.reject(new Error('the connection was closed')));
  }

  static async open(port: number): Promise<HttpClient> {
    const client = new HttpClient(port);
    await once(client.socket, 'connect');
    return client;
  }

  /** Posts a GraphQL request; returns the answer's `data`. @throws {Error} with its errors */
  async query<T>(token: string, query: string, variables: object): Promise<T> {
    const body = JSON.stringify({ query, variables });
    const head = [
      'POST /graphql HTTP/1.1',
      `Host: 127.0.0.1:${this.port}`,
      'Content-Type: application/json',
      'Accept: application/json',
      `Authorization: Bearer ${token}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    const answered = new Promise<string>((resolve, reject) => {
      this.answer = { resolve, reject };
    });
    this.socket.write(`${head.join('\r\n')}${HEAD_END}${body}`);
    const { data, errors } = JSON.parse(await answered);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  close(): void {
    this.socket.destroy();
  }

  private read(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const headEnd = this.received.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const head = this.received.toString('latin1', 0, headEnd);
    const length = /^content-length: *(\d+)/im.exec(head);
    if (!length) throw new Error(`an answer of unknown length: ${head}`);
    const start = headEnd + HEAD_END.length;
    const end = start + Number(length[1]);
    if (this.received.length < end) return;
    const body = this.received.toString('utf8', start, end);
    this.received = this.received.subarray(end);
    this.answer?.resolve(body);
  }
}
