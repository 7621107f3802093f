import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ResumableOptions, resumable } from '@parley/client';
import { type Client, type ClientOptions, createClient } from 'graphql-ws';
import WebSocket, { WebSocketServer } from 'ws';
import type { Person } from '../support/person';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';

/** The messages of a conversation after a position. */
export const MESSAGES = `subscription ($id: ID!, $after: Int) {
  messageAdded(conversationId: $id, after: $after) { sequence }
}`;

export interface Added {
  messageAdded: { sequence: number };
}

const OURS: ResumableOptions = { retryWaitMs: () => 20 };

/** A resumable client and the network between it and a node. */
export interface Traveller {
  client: ReturnType<typeof resumable>;
  bare: Client;
  proxy: TcpProxy;
  /** The codes with which its sockets were closed. */
  closes: number[];
  stop(): Promise<void>;
}

/** A client by graphql-ws' own defaults, but that it gives up its connection at once. */
export async function travel(
  person: Person,
  options: ResumableOptions = {},
  clientOptions: Partial<ClientOptions> = {},
): Promise<Traveller> {
  const proxy = await startTcpProxy(Number(new URL(person.node.url).port));
  const closes: number[] = [];
  const bare = createClient({
    url: `${proxy.url.replace('redis', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { token: person.token! },
    retryAttempts: 0,
    onNonLazyError: () => {},
    ...clientOptions,
  });
  bare.on('closed', (event) => closes.push((event as { code: number }).code));
  return {
    client: resumable(bare, { ...OURS, ...options }),
    bare,
    proxy,
    closes,
    async stop() {
      await Promise.resolve(bare.dispose()).catch(() => {});
      await proxy.stop();
    },
  };
}

/** A server in place of a node: its port, and how it ends. */
export interface Impostor {
  port: number;
  /** How many upgrades were asked of it. */
  asked: number;
  stop(): Promise<void>;
}

/** Answers each upgrade with an HTTP status, as a proxy does whose server is gone. */
export async function startRefuser(status: string): Promise<Impostor> {
  const server = createServer();
  const impostor = { port: 0, asked: 0, stop: async () => void server.close() };
  server.on('upgrade', (_request, socket) => {
    impostor.asked++;
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  impostor.port = (server.address() as AddressInfo).port;
  return impostor;
}

/** Accepts sockets; `opened` decides what becomes of each. */
export async function startAccepter(opened: (socket: WebSocket) => void): Promise<Impostor> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const impostor = {
    port: 0,
    asked: 0,
    async stop() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
  server.on('connection', (socket) => {
    impostor.asked++;
    socket.on('error', () => {});
    opened(socket);
  });
  await new Promise((resolve) => server.once('listening', resolve));
  impostor.port = (server.address() as AddressInfo).port;
  return impostor;
}
