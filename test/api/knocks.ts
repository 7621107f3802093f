import type { App } from '../../src/app/app';
import type { Person } from '../support/person';
import { WireSocket } from './wire';

/** Opens a socket and says who it is; resolves with the code of its end, or with itself. */
export async function knock(node: App, { token }: Person): Promise<WireSocket | number> {
  const socket = await WireSocket.init(node, { token: token! });
  const closed = socket.closed.then(({ code }) => code);
  return Promise.race([socket.next().then(() => socket), closed]).catch(() => closed);
}

/** Opens as many at once, at the nodes in turn. */
export const knocks = (nodes: readonly App[], person: Person, count: number) =>
  Promise.all(Array.from({ length: count }, (_, at) => knock(nodes[at % nodes.length]!, person)));
/** The codes of those that were refused, sorted. */
export const codesOf = (knocks: (WireSocket | number)[]) =>
  knocks.filter((one) => typeof one === 'number').sort();
/** The sockets that are open. */
export const openOf = (knocks: (WireSocket | number)[]) =>
  knocks.filter((one) => typeof one !== 'number');
