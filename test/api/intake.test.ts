import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { people } from './people';
import { type Frame, WireSocket } from './wire';

const PING: Frame = { type: 'ping' };
const PONG: Frame = { type: 'pong' };
/** So many fit into what the system reads at a time. */
const MANY = 2_000;

const UPGRADE = [
  'GET /graphql HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: graphql-transport-ws',
];

/** The node runs in this process, so both sides share the turns of one event loop. */
describe('many messages of one socket in one write', () => {
  let cluster: Cluster;
  let alice: string;
  let bob: string;

  beforeAll(async () => {
    cluster = await Cluster.start();
    const [one, two] = await people(cluster, 'alice', 'bob');
    [alice, bob] = [one.token!, two.token!];
  });
  afterAll(() => cluster.stop());

  async function acknowledged(token: string): Promise<WireSocket> {
    const socket = await WireSocket.init(cluster.node, { token });
    await socket.next();
    return socket;
  }

  async function take(socket: WireSocket, count: number): Promise<Frame[]> {
    const frames: Frame[] = [];
    while (frames.length < count) frames.push(await socket.next());
    return frames;
  }

  const pings = Array.from({ length: MANY }, () => PING);

  test('let another socket pass', async () => {
    const [flood, other] = [await acknowledged(alice), await acknowledged(bob)];
    flood.sendTogether(pings);
    await flood.next();
    other.send(PING);
    expect(await other.next()).toEqual(PONG);
    expect(flood.waiting).toBeLessThan(MANY - 1);
    await take(flood, MANY - 1);
    await Promise.all([flood.close(), other.close()]);
  });

  test('hold up other sockets of the same user no longer than their own', async () => {
    const [flood, other] = [await acknowledged(alice), await acknowledged(alice)];
    flood.sendTogether(pings);
    await flood.next();
    other.send(PING);
    expect(await other.next()).toEqual(PONG);
    expect(flood.waiting).toBeLessThan(MANY - 1);
    await take(flood, MANY - 1);
    await Promise.all([flood.close(), other.close()]);
  });

  test('are handled in their order', async () => {
    const socket = await acknowledged(alice);
    const ids = Array.from({ length: 300 }, (_, index) => String(index));
    const payload = { query: '{ unknown }' };
    socket.sendTogether(ids.map((id) => ({ id, type: 'subscribe', payload })));
    const answers = await take(socket, ids.length);
    expect(answers.map(({ id }) => id)).toEqual(ids);
    await socket.close();
  });

  test('are dropped once the socket has ended, and leave nothing behind', async () => {
    const { hub } = cluster.node.services.delivery;
    const before = hub.size.seats;
    const socket = await acknowledged(alice);
    const payload = { query: 'subscription { inboxUpdated { id } }' };
    const frames = Array.from({ length: 90 }, (_, id) => ({
      id: String(id),
      type: 'subscribe',
      payload,
    }));
    socket.sendTogether(frames, true);
    await socket.closed;
    const other = await acknowledged(alice);
    other.send(PING);
    expect(await other.next()).toEqual(PONG);
    await other.close();
    await eventually(() => expect(hub.size.seats).toBe(before));
  });
});

describe('many upgrades of one address at once', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  const HEALTH = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n';

  /** Returns a connection that the node has accepted. */
  async function accepted(): Promise<Socket> {
    const socket = connect(Number(new URL(cluster.node.url).port), '127.0.0.1');
    socket.write(HEALTH);
    await once(socket, 'data');
    return socket;
  }

  test('let a request pass', async () => {
    const crowd = await Promise.all(Array.from({ length: 300 }, accepted));
    const other = await accepted();
    let upgraded = 0;
    for (const socket of crowd) {
      socket.once('data', () => upgraded++);
      socket.write(`${UPGRADE.join('\r\n')}\r\n\r\n`);
    }
    await Promise.race(crowd.map((socket) => once(socket, 'data')));
    other.write(HEALTH);
    await once(other, 'data');
    expect(upgraded).toBeLessThan(crowd.length);
    await eventually(() => expect(upgraded).toBe(crowd.length));
    for (const socket of [...crowd, other]) socket.destroy();
  });
});
