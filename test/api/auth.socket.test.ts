import { randomUUID } from 'node:crypto';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET, DEVELOPMENT_SERVICE_SECRET } from '../../src/config';
import {
  DeactivateUserDocument,
  MeDocument,
  MessageAddedDocument,
  SendMessageDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, sendBy } from '../support/factories';
import { people } from './people';
import { upgradeStatus, WireSocket } from './wire';

const SOCKETS = 3;
const SUBSCRIPTIONS = 2;
const FRONTENDS = ['https://market.example.com', 'https://admin.example.com:8443'];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const now = () => Math.floor(Date.now() / 1_000);

describe('who is asking, over a WebSocket', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({
      nodes: 2,
      env: {
        LIMIT_SOCKETS_PER_USER: String(SOCKETS),
        LIMIT_SUBSCRIPTIONS_PER_SOCKET: String(SUBSCRIPTIONS),
        FRONTEND_URL: FRONTENDS.join(','),
      },
    });
  });
  afterAll(() => cluster.stop());

  describe('connection_init', () => {
    test.each([
      ['authorization: "Bearer …"', (token: string) => ({ authorization: `Bearer ${token}` })],
      ['token: "…"', (token: string) => ({ token })],
    ])('is acknowledged with %s', async (_name, payloadOf) => {
      const [alice] = await people(cluster, 'alice');
      const expiresAt = now() + 3_600;
      const socket = await WireSocket.init(
        cluster.node,
        payloadOf(signToken(DEVELOPMENT_SECRET, { sub: alice.id, exp: expiresAt })),
      );
      expect(await socket.next()).toEqual({
        type: 'connection_ack',
        payload: {
          userId: alice.id,
          connectionId: expect.stringMatching(/.+/),
          expiresAt: new Date(expiresAt * 1_000).toISOString(),
          logEpoch: expect.stringMatching(UUID),
        },
      });
      await socket.close();
    });

    test('says null where a token never expires, and one logEpoch on every node', async () => {
      const [alice] = await people(cluster, 'alice');
      const acks = [];
      for (const node of cluster.nodes) {
        const socket = await WireSocket.init(node, { token: alice.token! });
        acks.push((await socket.next()).payload as Record<string, string | null>);
        await socket.close();
      }
      const [first, second] = acks;
      expect(first!.expiresAt).toBeNull();
      expect(second!.logEpoch).toBe(first!.logEpoch);
      expect(second!.connectionId).not.toBe(first!.connectionId);
    });

    test('is acknowledged for the service, which is no user', async () => {
      const socket = await WireSocket.init(cluster.node, {
        token: signToken(DEVELOPMENT_SERVICE_SECRET, { role: 'service' }),
      });
      expect(await socket.next()).toMatchObject({
        type: 'connection_ack',
        payload: { userId: null },
      });
      await socket.close();
    });

    const REFUSED: [
      name: string,
      code: number,
      payload: () => Record<string, unknown> | undefined,
    ][] = [
      ['without a payload', 4401, () => undefined],
      ['without credentials', 4401, () => ({ client: 'web' })],
      ['with an invalid token', 4401, () => ({ token: 'nonsense' })],
      ['with a token that is no text', 4401, () => ({ token: { sub: 'alice' } })],
      [
        'with another key',
        4401,
        () => ({ token: signToken('a-secret-that-parley-never-heard-of', { sub: 'x' }) }),
      ],
      [
        'with an unknown user',
        4401,
        () => ({ token: signToken(DEVELOPMENT_SECRET, { sub: randomUUID() }) }),
      ],
      [
        'with an id that no user can have',
        4401,
        () => ({ token: signToken(DEVELOPMENT_SECRET, { sub: 'a\0b' }) }),
      ],
      [
        'with an expired token',
        4403,
        () => ({
          authorization: `Bearer ${signToken(DEVELOPMENT_SECRET, { sub: 'x', exp: now() - 60 })}`,
        }),
      ],
      [
        'with an expired token of another key',
        4401,
        () => ({
          token: signToken('a-secret-that-parley-never-heard-of', { sub: 'x', exp: now() - 60 }),
        }),
      ],
    ];
    test.each(REFUSED)('%s is closed with %i', async (_name, code, payload) => {
      const socket = await WireSocket.init(cluster.node, payload());
      expect(await socket.closed).toMatchObject({ code });
    });

    test('of a deactivated user is closed with 4401', async () => {
      const [alice] = await people(cluster, 'alice');
      await cluster.service().ask(DeactivateUserDocument, { input: { userId: alice.id } });
      const socket = await WireSocket.init(cluster.node, { token: alice.token! });
      expect(await socket.closed).toMatchObject({ code: 4401 });
    });
  });

  describe('the protocol', () => {
    const subscribe = { type: 'subscribe', id: '1', payload: { query: '{ me { id } }' } };
    const CLOSES: [name: string, code: number, frames: unknown[]][] = [
      ['an operation before connection_init', 4401, [subscribe]],
      ['a message that is no JSON', 4400, ['{']],
      ['a message that is null', 4400, ['null']],
      ['a message in a text of its own', 4400, [JSON.stringify(JSON.stringify({ type: 'ping' }))]],
      ['a message of no known type', 4400, [{ type: 'start', id: '1' }]],
      ['nothing at all', 4408, []],
    ];
    test.each(CLOSES)('%s closes with %i', async (_name, code, frames) => {
      const socket = await WireSocket.open(cluster.node);
      for (const frame of frames)
        socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
      expect(await socket.closed).toMatchObject({ code });
    });

    test('a second connection_init closes with 4429, a second operation of one id with 4409', async () => {
      const [alice] = await people(cluster, 'alice');
      const query = { query: 'subscription { messageAdded { id } }' };
      const extra = [
        { code: 4429, frames: [{ type: 'connection_init', payload: {} }] },
        {
          code: 4409,
          frames: [1, 2].map(() => ({ type: 'subscribe', id: 'same', payload: query })),
        },
      ];
      for (const { code, frames } of extra) {
        const socket = await WireSocket.init(cluster.node, { token: alice.token! });
        await socket.next();
        for (const frame of frames) socket.send(frame);
        expect(await socket.closed).toMatchObject({ code });
      }
    });

    test('a syntax error ends its operation alone', async () => {
      const [alice, bob] = await people(cluster, 'alice', 'bob');
      const { id } = await conversationOf([alice, bob]);
      const socket = await WireSocket.init(cluster.node, { token: bob.token! });
      await socket.next();
      const query = `subscription { messageAdded(conversationId: "${id}", after: 0) { content } }`;
      socket.send({ type: 'subscribe', id: 'good', payload: { query } });
      socket.send({ type: 'subscribe', id: 'bad', payload: { query: '{ me { ' } });
      expect(await socket.next()).toMatchObject({
        type: 'error',
        id: 'bad',
        payload: [{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }],
      });
      await sendBy(alice, id, { content: 'still here' });
      expect(await socket.next()).toEqual({
        type: 'next',
        id: 'good',
        payload: { data: { messageAdded: { content: 'still here' } } },
      });
      await socket.close();
    });

    test('queries and mutations work too', async () => {
      const [alice, bob] = await people(cluster, 'alice', 'bob');
      const { id } = await conversationOf([alice, bob]);
      const sent = await alice.askSocket(SendMessageDocument, {
        input: { conversationId: id, content: 'by socket' },
      });
      expect(sent.data?.sendMessage.message).toMatchObject({ sequence: 1, content: 'by socket' });
      expect((await bob.askSocket(MeDocument, {})).data?.me.id).toBe(bob.id);
    });
  });

  test('a token that expires ends its connection with 4403', async () => {
    const [alice] = await people(cluster, 'alice');
    // What is left of it is the end of the tolerance, more than a second.
    const token = signToken(DEVELOPMENT_SECRET, { sub: alice.id, exp: now() - 3 });
    const socket = await WireSocket.init(cluster.node, { token });
    expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
    expect(await socket.closed).toMatchObject({ code: 4403 });
  });

  describe('limits', () => {
    test('one socket too many is closed with 4429, and makes room for nobody', async () => {
      const [alice, bob] = await people(cluster, 'alice', 'bob');
      const open = () => WireSocket.init(cluster.node, { token: alice.token! });
      const sockets = [];
      for (let index = 0; index < SOCKETS; index++) {
        const socket = await open();
        expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
        sockets.push(socket);
      }
      expect(await (await open()).closed).toMatchObject({ code: 4429 });
      expect((await bob.askSocket(MeDocument, {})).data?.me.id).toBe(bob.id);
      await sockets[0]!.close();
      const again = await open();
      expect(await again.next()).toMatchObject({ type: 'connection_ack' });
      await Promise.all([...sockets.slice(1), again].map((socket) => socket.close()));
    });

    test('a user’s sockets count wherever they are', async () => {
      const [alice] = await people(cluster, 'alice');
      const sockets = await Promise.all(
        Array.from({ length: SOCKETS }, (_, index) =>
          WireSocket.init(cluster.nodes[index % 2]!, { token: alice.token! }),
        ),
      );
      for (const socket of sockets)
        expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
      const more = await WireSocket.init(cluster.nodes[1]!, { token: alice.token! });
      await expect(more.next()).rejects.toThrow('4429');
      await Promise.all(sockets.map((socket) => socket.close()));
    });

    test('one subscription too many is RATE_LIMITED, and the socket goes on', async () => {
      const [alice, bob] = await people(cluster, 'alice', 'bob');
      const { id } = await conversationOf([alice, bob]);
      const message = await sendBy(alice, id);
      const subscribe = () => bob.subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
      const streams = Array.from({ length: SUBSCRIPTIONS }, subscribe);
      for (const stream of streams) await stream.next();
      const end = await subscribe().ended();
      expect(end).toMatchObject({
        errors: [{ extensions: { code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) } }],
      });
      expect((await bob.askSocket(MeDocument, {})).data?.me.id).toBe(bob.id);
      streams[0]!.stop();
      expect((await subscribe().next()).messageAdded).toEqual(message);
    });
  });

  describe('Origin', () => {
    test.each(FRONTENDS)('listed is accepted: %s', async (origin) => {
      expect(await upgradeStatus(cluster.node, origin)).toBe(101);
    });

    test('the server’s own and none at all are accepted', async () => {
      expect(await upgradeStatus(cluster.node, cluster.node.url)).toBe(101);
      expect(await upgradeStatus(cluster.node)).toBe(101);
    });

    test.each([
      'https://evil.example.com',
      'http://market.example.com',
      'https://market.example.com:8443',
      'https://market.example.com.evil.com',
      'http://127.0.0.1:1',
      'null',
    ])('any other is refused at the upgrade with 403: "%s"', async (origin) => {
      expect(await upgradeStatus(cluster.node, origin)).toBe(403);
    });
  });

  test('deactivation ends the user’s sockets with 4401, on every node, and nobody else’s', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const sockets = await Promise.all(
      cluster.nodes.map((node) => WireSocket.init(node, { token: alice.token! })),
    );
    for (const socket of sockets)
      expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
    const other = bob.subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
    await sendBy(alice, id);
    await other.next();
    await cluster
      .service(cluster.nodes[0])
      .ask(DeactivateUserDocument, { input: { userId: alice.id } });
    for (const socket of sockets) expect(await socket.closed).toMatchObject({ code: 4401 });
    await sendBy(bob, id);
    expect((await other.next()).messageAdded.sender?.id).toBe(bob.id);
  });
});
