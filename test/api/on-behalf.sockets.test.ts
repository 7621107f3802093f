import { setTimeout as pause } from 'node:timers/promises';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SERVICE_SECRET } from '../../src/config';
import {
  DeactivateUserDocument,
  SetTypingDocument,
  TypingDocument,
  UserDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, sendBy } from '../support/factories';
import { notificationsOf } from '../support/inbox';
import type { Person } from '../support/person';
import { people } from './people';
import { bearer, post, WireSocket } from './wire';

describe('a socket on behalf of a user', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2, env: { LIMIT_SOCKETS_PER_USER: '1' } });
  });
  afterAll(() => cluster.stop());

  async function connect({ id: onBehalfOf }: Person, node = 0): Promise<WireSocket> {
    const token = signToken(DEVELOPMENT_SERVICE_SECRET, { role: 'service' });
    const socket = await WireSocket.init(cluster.nodes[node]!, { token, onBehalfOf });
    const ack = { type: 'connection_ack', payload: { userId: onBehalfOf } };
    expect(await socket.next()).toMatchObject(ack);
    return socket;
  }

  /** Has the conversation open with a subscription that has brought its first event. */
  async function view(socket: WireSocket, field: string): Promise<void> {
    socket.send({ type: 'subscribe', id: '1', payload: { query: `subscription { ${field} }` } });
    expect(await socket.next()).toMatchObject({ type: 'next' });
  }

  async function aliceAndBob() {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    await sendBy(bob, id);
    return { alice, bob, id };
  }

  test('takes no place of the user’s own', async () => {
    const { alice } = await aliceAndBob();
    const sockets = [await connect(alice), await connect(alice, 1), await connect(alice)];
    const own = await WireSocket.init(cluster.node, { token: alice.token });
    expect(await own.next()).toMatchObject({ type: 'connection_ack' });
    sockets.push(await connect(alice, 1));
    const second = await WireSocket.init(cluster.nodes[1]!, { token: alice.token });
    expect(await second.closed).toMatchObject({ code: 4429 });
    await Promise.all([...sockets, own].map((socket) => socket.close()));
  });

  test('makes the user neither online nor seen', async () => {
    const { alice, bob, id } = await aliceAndBob();
    const socket = await connect(alice);
    await view(socket, `messageAdded(conversationId: "${id}", after: 0) { id }`);
    // Had it counted, the presence store would know by the time of the first event.
    const presence = async () => (await bob.ask(UserDocument, { id: alice.id })).user!.presence;
    expect(await presence()).toMatchObject({ online: false, lastSeenAt: null });
    await socket.close();
    expect(await presence()).toMatchObject({ online: false, lastSeenAt: null });
  });

  test.each(['messageAdded', 'conversationEvents'])(
    'is no viewer, whatever `viewing` says: %s',
    async (field) => {
      const { alice, bob, id } = await aliceAndBob();
      const selection = field === 'messageAdded' ? 'id' : 'sequence';
      const socket = await connect(alice);
      await view(
        socket,
        `${field}(conversationId: "${id}", after: 0, viewing: true) { ${selection} }`,
      );
      const query = `{ conversation(id: "${id}") { viewers { id } } }`;
      const { body } = await post(cluster.nodes[1]!, { query }, bearer(bob.token));
      expect(body.data).toEqual({ conversation: { viewers: [] } });
      await sendBy(bob, id);
      expect(await socket.next()).toMatchObject({ type: 'next' });
      expect(await notificationsOf(alice)).toMatchObject([{ kind: 'NEW_MESSAGE', count: 2 }]);
      await socket.close();
    },
  );

  test('keeps no typing alive when the last device has gone', async () => {
    const { alice, bob, id } = await aliceAndBob();
    const socket = await connect(alice, 1);
    const typing = bob.subscribe(TypingDocument, { conversationId: id });
    const type = () =>
      alice.askSocket(SetTypingDocument, { input: { conversationId: id, isTyping: true } });
    while (typing.received.length === 0) {
      await type();
      await pause(20);
    }
    expect((await typing.next()).typing.isTyping).toBe(true);
    await alice.disconnect();
    expect((await typing.next()).typing.isTyping).toBe(false);
    await socket.close();
    await bob.disconnect();
  });

  test('ends with 4401 when the user is deactivated', async () => {
    const { alice } = await aliceAndBob();
    const socket = await connect(alice, 1);
    await cluster.service().ask(DeactivateUserDocument, { input: { userId: alice.id } });
    expect(await socket.closed).toMatchObject({ code: 4401 });
  });
});
