/**
 * The way of a client's message: it is heard, waits for its user's turn (server/intake), is parsed
 * (server/protocol.message), and is handed to graphql-ws. The answers of graphql-ws go back over
 * the connection.
 */
import type { RawData, WebSocket } from 'ws';
import type { Turns } from '../runtime/turns';
import { CLOSE } from './close.codes';
import type { Connection } from './connection';
import { Intake } from './intake';
import { nameNoQuery, parseMessage, refusalOf, textOf } from './protocol.message';

/**
 * Takes a message as text or parsed. graphql-ws accepts both, although its types allow text only.
 */
type MessageListener = (data: string) => Promise<void>;

/** Presents a {@link Connection} as the socket that graphql-ws requires. */
export class ProtocolSocket {
  constructor(
    private readonly connection: Connection,
    private readonly socket: WebSocket,
    private readonly turns: Turns,
  ) {}

  get protocol(): string {
    return this.socket.protocol;
  }

  send(data: string): Promise<void> | void {
    return this.connection.send(data);
  }

  close(code: number, reason: string): void {
    this.connection.close([code, reason]);
  }

  onMessage(listener: MessageListener): void {
    const { connection } = this;
    const keyOf = () => connection.userId ?? connection;
    const handle = (data: RawData, isBinary: boolean) => {
      // After this server's close the peer may still send messages. They are ignored.
      if (connection.isOpen) receive(connection, textOf(data, isBinary), listener);
    };
    connection.intake = new Intake(this.socket, this.turns, keyOf, handle);
    this.socket.on('message', (data, isBinary) => {
      connection.markAlive();
      connection.intake!.take(data, isBinary);
    });
  }
}

/** Hands a message to graphql-ws, or closes the connection because of it. */
function receive(connection: Connection, text: string, listener: MessageListener): void {
  if (connection.tap !== null) connection.tap.received(text);
  const message = parseMessage(text);
  const refusal = message && refusalOf(message, text);
  if (refusal) {
    connection.close(refusal);
    return;
  }
  if (message) {
    nameNoQuery(message);
    connection.operationIds.receive(message);
  }
  // graphql-ws keeps the message as long as its subscription lasts. Parsed here, it does not keep
  // the text as well (docs/performance.md). It refuses text that is no message.
  listener((message ?? text) as string).catch((error: unknown) => {
    connection.log.error({ err: error }, 'message not handled');
    connection.close(CLOSE.unavailable);
  });
}
