import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Client } from 'pg';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf } from '../support/factories';
import type { Person } from '../support/person';
import { people } from './people';
import { bearer, post, WireSocket } from './wire';

const MESSAGES = 100;
/** Together more than the system keeps of what is not read. */
const CONTENT = 'x'.repeat(100_000);
/** Costs 1,901. */
const DEAR = `query ($id: ID!) { conversation(id: $id) { messages(first: 100) { nodes {
  id sequence content version createdAt editedAt deletedAt clientMessageId conversationId
  sender { id username displayName avatarUrl } conversation { id kind: subject } } } } }`;

describe('a dear operation', () => {
  let cluster: Cluster;
  let alice: Person;
  let bob: Person;
  let id: string;

  beforeAll(async () => {
    cluster = await Cluster.start({ env: { LIMIT_OPERATIONS_PER_USER: '4' } });
    [alice, bob] = await people(cluster, 'alice', 'bob');
    ({ id } = await conversationOf([alice, bob]));
    const database = new Client({ connectionString: cluster.databaseUrl });
    await database.connect();
    await database.query(
      `insert into messages (id, conversation_id, sequence, sender_id, content, created_at)
       select gen_random_uuid(), $1, n, $2, $3, now() from generate_series(1, $4::integer) n`,
      [id, alice.id, CONTENT, MESSAGES],
    );
    await database.query('update conversations set last_sequence = $2 where id = $1', [
      id,
      MESSAGES,
    ]);
    await database.end();
  });
  afterAll(() => cluster.stop());
  afterEach(() => jest.restoreAllMocks());

  const ask = (person: Person, query: string, variables: object = { id }) =>
    post(cluster.node, { query, variables }, bearer(person.token!));

  test('has the same large answer over HTTP and over a socket', async () => {
    const { body } = await ask(alice, DEAR);
    const { nodes } = (body.data as { conversation: { messages: { nodes: object[] } } })
      .conversation.messages;
    expect(nodes).toHaveLength(MESSAGES);
    expect(nodes[0]).toMatchObject({ sequence: 1, content: CONTENT, sender: { id: alice.id } });
    const socket = await WireSocket.init(cluster.node, { token: alice.token! });
    await socket.next();
    const payload = { query: DEAR, variables: { id } };
    socket.send({ id: '1', type: 'subscribe', payload });
    expect(await socket.next()).toEqual({ id: '1', type: 'next', payload: { data: body.data } });
    expect(await socket.next()).toEqual({ id: '1', type: 'complete' });
    await socket.close();
  });

  test('keeps its answer beside an error', async () => {
    const query = DEAR.replace('{ conversation', '{ other: offer(id: "none") { id } conversation');
    const { body } = await ask(alice, query);
    expect(body.errors).toMatchObject([{ path: ['other'], extensions: { code: 'FORBIDDEN' } }]);
    expect(body.data).toMatchObject({ other: null, conversation: { messages: {} } });
    const socket = await WireSocket.init(cluster.node, { token: alice.token! });
    await socket.next();
    socket.send({ id: '1', type: 'subscribe', payload: { query, variables: { id } } });
    expect(await socket.next()).toMatchObject({ payload: { data: body.data, errors: [{}] } });
    await socket.close();
  });

  /** Holds every read of a list until `release`, and counts those that have begun. */
  function hold() {
    const { reader } = cluster.node.services.conversations;
    const original = reader.list.bind(reader);
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const calls = jest.spyOn(reader, 'list').mockImplementation(async (...args) => {
      await released;
      return original(...args);
    });
    return { release, begun: () => calls.mock.calls.length };
  }

  /** Sends requests for a list over connections of their own; `arrived` are the node's ends. */
  async function requests(count: number, body = JSON.stringify({ query: LIST })) {
    const lines = [
      'POST /graphql HTTP/1.1',
      'Host: localhost',
      'Content-Type: application/json',
      `Authorization: Bearer ${alice.token}`,
      `Content-Length: ${body.length}`,
    ];
    const arrived: Socket[] = [];
    const note = (message: unknown) =>
      arrived.push((message as { request: IncomingMessage }).request.socket);
    subscribe('http.server.request.start', note);
    const sockets = Array.from({ length: count }, () => {
      const socket = connect(Number(new URL(cluster.node.url).port), '127.0.0.1');
      socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
      return socket;
    });
    await eventually(() => expect(arrived).toHaveLength(count));
    unsubscribe('http.server.request.start', note);
    const destroy = () => {
      for (const socket of sockets) socket.destroy();
    };
    return { arrived, destroy, sockets };
  }

  const LIST = '{ conversations(first: 5) { nodes { id } } }';
  const DEAR_LIST = `{ conversations(first: 100) { nodes { id subject listingId createdAt updatedAt
    archived mutedUntil unreadCount lastSequence lastMessage { id content sender { id } version }
    participants { id } } } }`;

  test('takes the places of all others of its caller, in its turn, and of no one else', async () => {
    const { release, begun } = hold();
    const first = ask(alice, DEAR_LIST);
    await eventually(() => expect(begun()).toBe(1));
    const later = [DEAR_LIST, LIST, DEAR_LIST].map((query) => ask(alice, query));
    const others = Array.from({ length: 5 }, () => ask(bob, LIST));
    await eventually(() => expect(begun()).toBe(1 + 4));
    release();
    for (const { body } of await Promise.all([first, ...later, ...others]))
      expect(body.errors).toBeUndefined();
    expect(begun()).toBe(1 + 3 + 5);
  });

  test('counts as under way until its answer is read, over HTTP and over a socket', async () => {
    const { release, begun } = hold();
    release();
    const query = DEAR.replace(
      '{ conversation',
      '{ conversations(first: 1) { nodes { id } } conversation',
    );
    const body = JSON.stringify({ query, variables: { id } });
    const { sockets } = await requests(1, body);
    sockets[0]!.pause();
    await eventually(() => expect(begun()).toBe(1));
    const socket = await WireSocket.init(cluster.node, { token: alice.token! });
    await socket.next();
    socket.pause();
    socket.send({ id: '1', type: 'subscribe', payload: { query, variables: { id } } });
    const last = ask(alice, query);
    expect((await ask(bob, query)).body.errors).toBeUndefined();
    expect(begun()).toBe(2);
    sockets[0]!.destroy();
    await eventually(() => expect(begun()).toBe(3));
    expect((await ask(bob, query)).body.errors).toBeUndefined();
    expect(begun()).toBe(4);
    socket.terminate();
    expect((await last).body.errors).toBeUndefined();
    expect(begun()).toBe(5);
  });

  test('and any other query does not begin once its client has gone', async () => {
    const { release, begun } = hold();
    const socket = await WireSocket.init(cluster.node, { token: alice.token! });
    await socket.next();
    for (let id = 0; id < 10; id++)
      socket.send({ id: `${id}`, type: 'subscribe', payload: { query: LIST } });
    await eventually(() => expect(begun()).toBe(4));
    const { arrived, destroy } = await requests(10);
    await socket.close();
    destroy();
    await eventually(() => expect(arrived.every(({ destroyed }) => destroyed)).toBe(true));
    release();
    const { body } = await ask(alice, LIST);
    expect(body.errors).toBeUndefined();
    expect(begun()).toBe(5);
  });
});
