import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Postgres' protocol, section 53.7: a simple query, and the execution of a prepared one. */
const STATEMENTS = new Set(['Q', 'E'].map((type) => type.charCodeAt(0)));

/** Stands between a server and its database and counts the statements that pass. */
export class StatementCounter {
  count = 0;

  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async start(databaseUrl: string): Promise<StatementCounter> {
    const target = new URL(databaseUrl);
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(databaseUrl);
    url.port = String((server.address() as AddressInfo).port);
    const counter = new StatementCounter(url.href, server);
    server.on('connection', (socket) => counter.pass(socket, Number(target.port)));
    return counter;
  }

  stop(): void {
    this.server.close();
  }

  private pass(socket: Socket, port: number): void {
    const upstream = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      one.pipe(other);
      one.on('error', () => other.destroy());
    }
    // The first message has no type.
    let typed = false;
    let rest = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        const head = typed ? 1 : 0;
        if (rest.length < head + 4) return;
        const size = head + rest.readUInt32BE(head);
        if (rest.length < size) return;
        if (typed && STATEMENTS.has(rest[0]!)) this.count++;
        typed = true;
        rest = rest.subarray(size);
      }
    });
  }
}
