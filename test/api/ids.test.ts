import { UserPresenceDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf } from '../support/factories';
import { people } from './people';
import { WireSocket } from './wire';

const SOCKETS = 2;

/** A user's id is opaque: whatever stands in it, it is nobody else's. */
describe.each([
  { name: 'one node, in process', nodes: 1 },
  { name: 'two nodes, Redis between them', nodes: 2 },
])('ids: $name', ({ nodes }) => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes, env: { LIMIT_SOCKETS_PER_USER: String(SOCKETS) } });
  });
  afterAll(() => cluster.stop());

  test('sockets are counted for the user whose they are', async () => {
    const [vic] = await people(cluster, 'vic');
    const others = ['x', '%20x', ':x', '%'].map((end) => cluster.person(`${vic.id} ${end}`));
    for (const person of [...(await Promise.all(others)), vic]) {
      const open = () => WireSocket.init(cluster.node, { token: person.token! });
      const sockets = await Promise.all(Array.from({ length: SOCKETS }, open));
      for (const socket of sockets)
        expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
      await expect((await open()).next()).rejects.toThrow('4429');
    }
  });

  test('half a surrogate pair is no id, and takes nothing from the user with U+FFFD', async () => {
    const [vic, bob] = await people(cluster, 'vic', 'bob');
    const strange = await cluster.person(`${vic.id}\ufffd`);
    await conversationOf([bob, strange]);
    const node = cluster.nodes.at(-1);
    const watcher = cluster.device(bob, node);
    const presence = watcher.subscribe(UserPresenceDocument, { userIds: [strange.id] });
    await presence.next();
    const half = watcher.subscribe(UserPresenceDocument, { userIds: [`${vic.id}\ud800`] });
    await expect(half.next()).rejects.toThrow('BAD_USER_INPUT');
    const socket = await WireSocket.init(cluster.node, { token: strange.token! });
    await socket.next();
    expect((await presence.next()).userPresence).toMatchObject({ id: strange.id, online: true });
    await socket.close();
  });
});
