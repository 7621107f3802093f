import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { Person } from '../support/person';

/**
 * A client whose socket can be cut, and that waits to come back until it is told to.
 *
 * @param clients where it is noted, to be disposed of
 */
export function tunnelled(person: Person, clients: Client[]) {
  let socket: WebSocket | null = null;
  let mayReturn = Promise.resolve();
  const client = createClient({
    url: `${person.node.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { token: person.token! },
    retryAttempts: 5,
    retryWait: () => mayReturn,
  });
  client.on('opened', (opened) => {
    socket = opened as WebSocket;
  });
  clients.push(client);
  return {
    client,
    /** Cuts the connection, does what is to happen meanwhile, and lets the client come back. */
    async away(meanwhile: () => Promise<unknown>): Promise<void> {
      let comeBack = () => {};
      mayReturn = new Promise((resolve) => {
        comeBack = resolve;
      });
      socket!.terminate();
      await meanwhile();
      comeBack();
    },
  };
}
