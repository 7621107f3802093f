import WebSocket from 'ws';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import { scrape } from '../support/scrape';
import {
  type Ask,
  type Extensions,
  expectRefusal,
  LIMITS,
  LimitedClusters,
  OPERATIONS,
} from './limits';
import { people } from './people';
import { type Frame, WireSocket } from './wire';

const INBOX = 'subscription { inboxUpdated { lastNotificationSequence } }';
const ME = '{ me { id } }';

async function socketOf(cluster: Cluster, token: string | null): Promise<WireSocket> {
  const socket = await WireSocket.init(cluster.node, { token: token! });
  expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
  return socket;
}

const subscribe = (id: string, query: string, variables: object = {}): Frame => ({
  id,
  type: 'subscribe',
  payload: { query, variables },
});

function extensionsOf({ type, payload }: Frame): Extensions | null {
  const errors = type === 'error' ? payload : (payload as { errors?: unknown }).errors;
  return (errors as { extensions: Extensions }[] | undefined)?.[0]?.extensions ?? null;
}

/** A socket for each operation. */
const ask: Ask = async (person, query, variables) => {
  const socket = await WireSocket.init(person.node, { token: person.token! });
  await socket.next();
  socket.send(subscribe('1', query, variables));
  const refused = extensionsOf(await socket.next());
  await socket.close();
  return refused;
};

/** Sends to a client that has stopped to read, until a queue of its is full. */
async function overflow(cluster: Cluster, queue: string, query: (id: string) => string) {
  const [alice, bob] = await people(cluster, 'alice', 'bob');
  const { id } = await conversationOf([alice, bob]);
  const content = 'x'.repeat(10_000);
  for (let sent = 0; sent < 20; sent++) await sendBy(alice, id, { content });
  const slow = await socketOf(cluster, bob.token);
  slow.send(subscribe('follow', query(id)));
  slow.pause();
  let asked = 0;
  await eventually(async () => {
    if (queue === 'events')
      await Promise.all(Array.from({ length: 100 }, () => sendBy(alice, id, { content })));
    else for (let more = 0; more < 20; more++) slow.send(subscribe(`${asked++}`, query(id)));
    const { value } = await scrape(cluster.node);
    expect(value('parley_queue_overflows_total', { queue })).toBe(1);
  });
  slow.resume();
  return slow.closed;
}

/** What becomes of a socket, or of one of its operations, beyond each limit. */
const OVER_SOCKET: Record<string, (name: string) => Promise<void>> = {};
const clusters = new LimitedClusters();

async function start(name: string, limit: number): Promise<Cluster> {
  return clusters.of({ [name]: String(limit) });
}

for (const name of Object.keys(OPERATIONS))
  OVER_SOCKET[name] = async () => {
    const limited = OPERATIONS[name]!;
    expectRefusal(await limited.exceed(await clusters.of(limited.env), ask), limited);
  };

Object.assign(OVER_SOCKET, {
  async LIMIT_BODY_BYTES(name) {
    const cluster = await start(name, 1_000);
    const [alice] = await people(cluster, 'alice');
    const socket = await socketOf(cluster, alice.token);
    socket.send(subscribe('1', `${ME} # ${'x'.repeat(1_000)}`));
    expect(await socket.closed).toMatchObject({ code: 1009 });
  },

  async LIMIT_SUBSCRIPTIONS_PER_SOCKET(name) {
    const cluster = await start(name, 2);
    const [alice] = await people(cluster, 'alice');
    const socket = await socketOf(cluster, alice.token);
    for (const id of ['1', '2', '3']) socket.send(subscribe(id, INBOX));
    const refused = await socket.next();
    expect(refused).toMatchObject({ id: '3', type: 'error' });
    expect(extensionsOf(refused)).toEqual({ code: 'RATE_LIMITED', retryAfterMs: 0 });
    await socket.close();
  },

  async LIMIT_SOCKETS_PER_USER(name) {
    const cluster = await start(name, 1);
    const [alice] = await people(cluster, 'alice');
    const first = await socketOf(cluster, alice.token);
    const second = await WireSocket.init(cluster.node, { token: alice.token! });
    expect(await second.closed).toMatchObject({ code: 4429 });
    await first.close();
  },

  async LIMIT_UNINITIALISED_SOCKETS_PER_ADDRESS(name) {
    const { node } = await start(name, 1);
    const silent = await WireSocket.open(node);
    const url = `${node.url.replace('http', 'ws')}/graphql`;
    const refused = new WebSocket(url, 'graphql-transport-ws');
    refused.on('error', () => {});
    const answer = await new Promise<{ status: number; text: string }>((resolve) => {
      refused.once('unexpected-response', (_request, response) => {
        let text = '';
        response.on('data', (chunk) => (text += String(chunk)));
        response.on('end', () => resolve({ status: response.statusCode!, text }));
      });
    });
    expect(answer.status).toBe(429);
    const extensions = { code: 'RATE_LIMITED', retryAfterMs: 1_000 };
    const errors = [{ message: expect.any(String), extensions }];
    expect(JSON.parse(answer.text)).toEqual({ errors });
    silent.terminate();
  },

  async LIMIT_OPERATIONS_PER_SOCKET(name) {
    const cluster = await start(name, 2);
    const [alice] = await people(cluster, 'alice');
    const socket = await socketOf(cluster, alice.token);
    const { conversations } = cluster.node.services;
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const list = conversations.reader.list.bind(conversations.reader);
    jest.spyOn(conversations.reader, 'list').mockImplementation(async (...args) => {
      await released;
      return list(...args);
    });
    const query = '{ conversations { nodes { id } } }';
    for (const id of ['1', '2', '3']) socket.send(subscribe(id, query));
    const refused = await socket.next();
    expect(refused).toMatchObject({ id: '3', type: 'error' });
    expect(extensionsOf(refused)).toEqual({ code: 'RATE_LIMITED', retryAfterMs: 1_000 });
    release();
    for (let frames = 0; frames < 4; frames++) await socket.next();
    await socket.close();
  },

  async LIMIT_QUEUE_EVENTS(name) {
    const follow = (id: string) =>
      `subscription { messageAdded(conversationId: "${id}") { content } }`;
    const { code } = await overflow(await start(name, 2), 'events', follow);
    expect(code).toBe(1013);
  },

  async LIMIT_QUEUE_BYTES(name) {
    const page = (id: string) => `{ conversation(id: "${id}") { messages { nodes { content } } } }`;
    const { code } = await overflow(await start(name, 1_000), 'answers', page);
    expect(code).toBe(1013);
  },
} satisfies typeof OVER_SOCKET);

describe('over a socket', () => {
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => clusters.stop());

  test('each limit has its refusal', () => {
    expect(Object.keys(OVER_SOCKET).sort()).toEqual([...LIMITS].sort());
  });

  test.each(Object.keys(OVER_SOCKET))('%s is refused, and says why', async (name) => {
    await OVER_SOCKET[name]!(name);
  });
});
