import { createParleyClient, type ParleyClient, type ParleyClientOptions } from '@parley/client';
import WebSocket from 'ws';
import type { Person } from '../support/person';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';

/** A client of `@parley/client`, and the network between it and a node. */
export interface Networked {
  client: ParleyClient;
  proxy: TcpProxy;
  /** Ends the connections and refuses others, for HTTP and the socket. */
  offline(): void;
  /** The network is back. The client finds out when it next tries. */
  online(): void;
  stop(): Promise<void>;
}

/** A client of the person whose network can be taken away. */
export async function networked(
  person: Person,
  options: Partial<ParleyClientOptions> = {},
): Promise<Networked> {
  const proxy = await startTcpProxy(Number(new URL(person.node.url).port));
  const url = `${proxy.url.replace('redis', 'http')}/graphql`;
  const token = person.token!;
  const client = createParleyClient({ url, token, webSocketImpl: WebSocket, ...options });
  return {
    client,
    proxy,
    offline() {
      proxy.refuses = true;
      proxy.cut();
    },
    online() {
      proxy.refuses = false;
    },
    async stop() {
      client.dispose();
      await proxy.stop();
    },
  };
}
