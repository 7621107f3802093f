import type { Person } from '../support/person';
import { bearer, get, post, WireSocket } from './wire';

/** A request as clients send it, with members that no client library has a type for. */
export type Request = Record<string, unknown>;

export interface PlainAnswer {
  data?: unknown;
  errors?: { message: string; extensions: Record<string, unknown> }[];
}

/** Sends a request by one of the ways, and returns the data, or the errors as the client gets them. */
export type Ask = (person: Person, request: Request) => Promise<PlainAnswer>;

export const byPost: Ask = async ({ node, token }, request) =>
  plain((await post(node, request, bearer(token))).body);

export const byGet: Ask = async ({ node, token }, request) => {
  const parameters = Object.entries(request).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return plain((await get(node, Object.fromEntries(parameters), bearer(token))).body);
};

export const bySocket: Ask = async ({ node, token }, payload) => {
  const socket = await WireSocket.init(node, { token: token! });
  await socket.next();
  socket.send({ type: 'subscribe', id: '1', payload });
  const { type, payload: answer } = await socket.next();
  await socket.close();
  return plain(type === 'error' ? { errors: answer } : answer);
};

export const TRANSPORTS: [string, Ask][] = [
  ['POST', byPost],
  ['GET', byGet],
  ['the socket', bySocket],
];

function plain(answer: unknown): PlainAnswer {
  return answer as PlainAnswer;
}

/** The code and the other extensions of the first error. */
export function refusalIn({ errors }: PlainAnswer): Record<string, unknown> {
  return errors![0]!.extensions;
}
