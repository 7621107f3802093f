/**
 * The messages of graphql-transport-ws as clients send them, in the form in which graphql-ws can
 * work with them.
 */
import { isUtf8 } from 'node:buffer';
import type { RawData } from 'ws';
import { findTooGreat, mayBeTooGreat, TOO_GREAT } from '../input/numbers';
import { isTooDeep } from '../input/text';
import { CLOSE, type CloseCode } from './close.codes';

/** Messages that only servers send. graphql-ws throws at one that comes from a client. */
const SENT_BY_SERVERS: ReadonlySet<unknown> = new Set(['connection_ack', 'next', 'error']);

/** A message as parsed JSON. Nothing of it is checked but its `type`. */
export interface ProtocolMessage {
  type?: unknown;
  id?: unknown;
  payload?: unknown;
}

/**
 * Returns the text of a message. ws checks the encoding of messages that say they are text. No text
 * is no message.
 */
export function textOf(data: RawData, isBinary: boolean): string {
  // The server leaves ws' setting for the type of binary data as it is, so a message is a buffer.
  return isBinary && !isUtf8(data as Buffer) ? '' : String(data);
}

/**
 * Parses a message.
 *
 * @returns null for text that is no JSON, or only a string, a number, a boolean or null
 */
export function parseMessage(text: string): ProtocolMessage | null {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' ? message : null;
  } catch {
    return null;
  }
}

/**
 * Returns the code with which a message ends its connection: one that only servers send, a ping
 * whose payload is nested too deeply, or one with a number that is too great. Returns null for any
 * other. Such a number in an operation is refused with the operation.
 */
export function refusalOf(message: ProtocolMessage, text: string): CloseCode | null {
  // graphql-ws sends the payload of a ping back, for which it is written with recursion.
  const isUnanswerable = message.type === 'ping' && isTooDeep(message.payload);
  if (isUnanswerable || SENT_BY_SERVERS.has(message.type)) return CLOSE.badMessage;
  if (message.type === 'subscribe' || !mayBeTooGreat(text)) return null;
  const path = findTooGreat(message);
  return path && [CLOSE.badMessage[0], `${path.join('.')}: ${TOO_GREAT}`];
}

/**
 * Adds an empty query to an operation that names its document by an id or a hash alone. graphql-ws
 * requires a query, and would close the socket.
 */
export function nameNoQuery({ type, payload }: ProtocolMessage): void {
  if (type !== 'subscribe' || typeof payload !== 'object' || payload === null) return;
  const operation = payload as {
    query?: unknown;
    documentId?: unknown;
    extensions?: { persistedQuery?: unknown } | null;
  };
  const isNamed = operation.documentId || operation.extensions?.persistedQuery;
  if (isNamed && (operation.query ?? null) === null) operation.query = '';
}
