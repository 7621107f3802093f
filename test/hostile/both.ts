import type { App } from '../../src/app/app';
import { bearer, post, WireSocket } from '../api/wire';

export interface Answer {
  data?: unknown;
  errors?: { message: string; extensions: Record<string, unknown> }[];
  extensions?: unknown;
}

/** Asks over HTTP and over a socket, as the same user; the answers in this order. */
export async function askBoth(node: App, token: string, payload: object): Promise<Answer[]> {
  const http = (await post(node, payload, bearer(token))).body as Answer;
  const socket = await WireSocket.init(node, { token });
  await socket.next();
  socket.send({ id: '1', type: 'subscribe', payload: payload as Record<string, unknown> });
  const { type, payload: answer } = await socket.next();
  await socket.close();
  return [http, type === 'error' ? { errors: answer as Answer['errors'] } : (answer as Answer)];
}

/** A text for each number, joined. */
export const repeat = (count: number, text: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => text(at)).join(' ');
