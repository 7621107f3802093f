import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

export interface RawAnswer {
  status: number;
  /** By name in lower case; the values of one that came more than once are joined with a comma. */
  headers: Map<string, string>;
  body: string;
}

/** Sends bytes that no client library would send, and reads the answer to the end of the connection. */
export async function sayRaw(url: string, request: string | Buffer): Promise<RawAnswer> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(request);
  const [head, ...rest] = (await text(socket)).split('\r\n\r\n');
  const [line, ...lines] = head!.split('\r\n');
  const headers = new Map<string, string>();
  for (const one of lines) {
    const at = one.indexOf(':');
    const name = one.slice(0, at).toLowerCase();
    const value = one.slice(at + 1).trim();
    headers.set(name, headers.has(name) ? `${headers.get(name)}, ${value}` : value);
  }
  return { status: Number(line!.split(' ')[1]), headers, body: rest.join('\r\n\r\n') };
}

/** A request without a body, whose connection ends with the answer. */
export function rawRequest(line: string, ...headers: string[]): string {
  return `${[`${line} HTTP/1.1`, 'Host: x', ...headers, 'Connection: close'].join('\r\n')}\r\n\r\n`;
}
