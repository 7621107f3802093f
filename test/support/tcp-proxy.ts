import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

interface Link {
  client: Socket;
  server: Socket;
  /** What the client sent while this link stands still. */
  kept: Buffer[] | null;
}

/** A network between a client and a server that can be slow, stand still without a word, or be cut. */
export interface TcpProxy {
  readonly url: string;
  /** The port on 127.0.0.1 to which new connections lead. */
  targetPort: number;
  /** How many connections were made so far. */
  connections: number;
  /** What clients send takes this much longer, ms. */
  delayMs: number;
  /** Present connections stand still: nobody hears of it, and nothing passes. New ones are not affected. */
  stall(): void;
  /** The next connection on which a client sends this text stands still from then on. */
  stallNext(text: string): void;
  /** How many connections stand still that no client has given up. */
  readonly standing: number;
  /** True when a client sent this text into a connection that stands still. */
  holds(text: string): boolean;
  /**
   * One of the present connections stands still, while the others go on.
   *
   * @param which counts round and round among those that do not stand still
   */
  stallOne(which: number): void;
  /** Ends the connections that stand still, on both sides. */
  endStalled(): void;
  /**
   * What clients sent into connections that stood still reaches the server now, its answers nobody.
   * Resolves when the server has read it and closed them.
   */
  deliverStalled(): Promise<void>;
  /** Says to clients that nothing more comes, and goes on listening to them. */
  halfClose(): void;
  /** Ends present connections. */
  cut(): void;
  /** True: new connections are ended at once. */
  refuses: boolean;
  stop(): Promise<void>;
}

/** Starts a proxy on a free port of 127.0.0.1, for a server there. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const links = new Set<Link>();
  let stallsAt: string | null = null;
  const server = createServer((client) => open(client));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const proxy: TcpProxy = {
    targetPort,
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: 0,
    delayMs: 0,
    refuses: false,
    stall() {
      for (const link of links) link.kept ??= [];
    },
    stallOne(which) {
      const moving = [...links].filter(({ kept }) => !kept);
      const link = moving[which % moving.length];
      if (link) link.kept = [];
    },
    endStalled() {
      for (const { kept, client, server } of links) {
        if (!kept) continue;
        client.destroy();
        server.destroy();
      }
    },
    stallNext(text) {
      stallsAt = text;
    },
    get standing() {
      return [...links].filter(({ kept, client }) => kept && !client.destroyed).length;
    },
    holds(text) {
      return [...links].some(({ kept }) => kept && Buffer.concat(kept).includes(text));
    },
    async deliverStalled() {
      const stalled = [...links].filter(({ kept }) => kept);
      const closed = stalled.map(({ server }) => once(server, 'close'));
      for (const { kept, server } of stalled) server.end(Buffer.concat(kept ?? []));
      await Promise.all(closed);
    },
    halfClose() {
      for (const { client } of links) client.end();
    },
    cut() {
      for (const link of links) link.client.destroy();
    },
    async stop() {
      for (const { client, server } of links) {
        client.destroy();
        server.destroy();
      }
      server.close();
      await once(server, 'close');
    },
  };

  function open(client: Socket): void {
    proxy.connections++;
    if (proxy.refuses) {
      client.on('error', () => {});
      client.destroy();
      return;
    }
    const link: Link = { client, server: connect(proxy.targetPort, '127.0.0.1'), kept: null };
    links.add(link);
    const send = (chunk: Buffer) => {
      if (stallsAt !== null && chunk.includes(stallsAt)) {
        stallsAt = null;
        link.kept ??= [];
      }
      return link.kept ? link.kept.push(chunk) : link.server.write(chunk);
    };
    let underWay = Promise.resolve();
    client.on('data', (chunk) => {
      const arrives = proxy.delayMs > 0 ? delay(proxy.delayMs) : undefined;
      // What was sent first arrives first, even if the network has become faster since.
      underWay = underWay.then(() => arrives).then(() => void send(chunk));
    });
    link.server.on('data', (chunk) => void (link.kept || !client.writable || client.write(chunk)));
    client.on('close', () => void (link.kept || link.server.destroy()));
    link.server.on('close', () => {
      links.delete(link);
      if (!link.kept) client.destroy();
    });
    for (const socket of [client, link.server]) socket.on('error', () => {});
  }

  return proxy;
}
