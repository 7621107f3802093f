import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Socket as NetSocket } from 'node:net';
import type { Duplex } from 'node:stream';
import { handleProtocols, type Server as ProtocolServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Turns } from '../runtime/turns';
import { parseUrl } from '../runtime/url';
import type { AnswerHeaders } from './answer.headers';
import { clientAddressOf, type IsTrusted } from './client-address';
import { COUNTED_CODES } from './close.codes';
import { Connection } from './connection';
import { hostMistake } from './host';
import { GRAPHQL_PATH } from './http';
import { Newcomers } from './newcomers';
import type { Origins } from './origin';
import { createProtocol, type OwnSocket, type ProtocolOptions } from './protocol.server';
import { ProtocolSocket } from './protocol.socket';
import { FOREIGN_ORIGIN } from './refusals';
import {
  mistake,
  type RawRefusal,
  refuseRaw,
  tooManyUninitialised,
  unavailable,
} from './refusals.raw';
import { givenRequestId } from './request.id';
import { ignoreUpgrade, isWebSocketUpgrade } from './upgrade';

export interface WebSocketOptions extends ProtocolOptions {
  turns: Turns;
  headersOf: AnswerHeaders;
  origins: Origins;
  /** Says which proxies are believed about the address of their client. */
  isTrusted: IsTrusted;
  limits: {
    bodyBytes: number;
    queueBytes: number;
    queueEvents: number;
    uninitialisedPerAddress: number;
  } & ProtocolOptions['limits'];
}

/** A base for parsing a request's target, which has no host. */
const ANY_HOST = 'http://localhost';
/** The units of work of an upgrade, in the turns of its address (`runtime/turns`). */
const UPGRADE_UNITS = 2;
/** The version of the WebSocket protocol, named where another is refused (RFC 6455, 4.2.2). */
const SUPPORTED_VERSION = '13';

/**
 * Creates the WebSocket server, which decides about upgrades and opens sockets. A socket belongs to
 * a {@link Connection}; its messages are the matter of `server/protocol.server`.
 */
export function createWebSocket(options: WebSocketOptions): { attach(http: HttpServer): void } {
  const protocol = createProtocol(options);
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: options.limits.bodyBytes,
    handleProtocols,
    // Frames are small and go to many readers: compressing each would cost more than it saves.
    perMessageDeflate: false,
  });
  server.on('wsClientError', ({ message }, socket, request) => {
    const supported = { 'Sec-WebSocket-Version': SUPPORTED_VERSION };
    refuseRaw(socket, mistake(400, message, supported), options, { request });
  });
  for (const code of COUNTED_CODES) options.traffic.connectionsClosed.add(String(code), 0);
  const admit = createDoor(server, protocol, options);
  return {
    attach(http) {
      http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        if (!isOurs(request)) {
          ignoreUpgrade(http, request, socket, head);
          return;
        }
        socket.on('error', destroy);
        const refusal = refuse(request, options);
        if (refusal) refuseRaw(socket, refusal, options, { request });
        else admit(request, socket, head);
      });
    },
  };
}

/** Makes the function that opens a socket as soon as its address has a place for it. */
function createDoor(
  server: WebSocketServer,
  protocol: ProtocolServer<OwnSocket>,
  options: WebSocketOptions,
): (request: IncomingMessage, stream: Duplex, head: Buffer) => void {
  const { connections, isTrusted, limits, turns } = options;
  const newcomers = new Newcomers(limits.uninitialisedPerAddress);
  return (request, stream, head) => {
    const address = clientAddressOf(request, isTrusted);
    const leave = (initialised: boolean) => newcomers.leave(address, initialised);
    const newcomer = {
      letIn() {
        if (connections.draining) {
          refuseRaw(stream, unavailable(), options, { request });
          return false;
        }
        let isOpen = false;
        // ws calls back at once, or never: it has answered a mistake then, or the peer is gone.
        server.handleUpgrade(request, stream, head, (socket) => {
          isOpen = true;
          open(protocol, options, socket, stream, { requestId: givenRequestId(request), leave });
        });
        return isOpen;
      },
      refuse: () => refuseRaw(stream, tooManyUninitialised(), options, { request }),
    };
    turns.run(address, UPGRADE_UNITS, () => newcomers.enter(address, newcomer));
  };
}

/**
 * Destroys the stream at an error. A closure in its place would keep the request in memory as long
 * as the socket.
 */
function destroy(this: Duplex): void {
  this.destroy();
}

/** Returns true for a request to open a WebSocket at GraphQL's path. Other upgrades are ignored. */
function isOurs(request: IncomingMessage): boolean {
  if (!isWebSocketUpgrade(request)) return false;
  const url = parseUrl(request.url ?? '/', ANY_HOST);
  return url !== null && withoutSlash(url.pathname) === GRAPHQL_PATH;
}

function withoutSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

/** Returns the refusal of an upgrade, or null to accept it. */
function refuse(
  request: IncomingMessage,
  { origins, connections }: WebSocketOptions,
): RawRefusal | null {
  if (connections.draining) return unavailable();
  const host = hostMistake(request);
  if (host) return mistake(400, host);
  // Any page may open a WebSocket, and the browser sends its cookies along: CORS does not apply.
  // So the page's origin is checked here.
  return origins.admits(request) ? null : mistake(403, FOREIGN_ORIGIN);
}

/** The way by which a socket came. */
interface Arrival {
  /** The id that its request brought; null for none. */
  requestId: string | null;
  /** To be called once, when `connection_init` has arrived or the socket has ended without. */
  leave: (initialised: boolean) => void;
}

function open(
  protocol: ProtocolServer<OwnSocket>,
  { connections, logger, limits, traffic, turns }: WebSocketOptions,
  socket: WebSocket,
  stream: Duplex,
  { requestId, leave }: Arrival,
): void {
  const connection = new Connection(socket, stream, logger, limits, traffic, leave);
  traffic.connectionsOpened++;
  connections.add(connection);
  const { remoteAddress } = stream as NetSocket;
  connection.log.info({ remoteAddress, ...(requestId && { requestId }) }, 'connected');
  const closed = protocol.opened(new ProtocolSocket(connection, socket, turns), { connection });
  socket.once('close', (code, reason) => {
    connections.remove(connection);
    connection.closed(code);
    traffic.connectionsClosed.add(COUNTED_CODES.has(code) ? String(code) : 'other');
    connection.log.info({ code }, 'disconnected');
    Promise.resolve(closed(code, reason.toString())).catch((error: unknown) => {
      connection.log.error({ err: error }, 'closing failed');
    });
  });
}
