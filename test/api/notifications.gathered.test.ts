import { AddParticipantDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import { notificationsOf, open, views } from '../support/inbox';
import { people } from './people';

describe('where everybody has the conversation open on one node', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
  });
  afterAll(() => cluster.stop());
  afterEach(() => jest.restoreAllMocks());

  /** Resolves when somebody views on this very node, or does not. */
  const viewsOn = (node: number, userId: string, id: string, expected: boolean) =>
    eventually(() =>
      expect(cluster.nodes[node]!.services.presence.service.findViewingHere(id).has(userId)).toBe(
        expected,
      ),
    );

  /** All view on the first node, a message was sent there, and the next one asked no other node. */
  async function gathered(...names: string[]) {
    const everybody = await people(cluster, ...(names as ['alice', 'bob']));
    const { id } = await conversationOf(everybody);
    const own = await Promise.all(
      everybody.map((person) => open(cluster.device(person, cluster.nodes[0]), id)),
    );
    const asked = jest.spyOn(cluster.nodes[0]!.services.presence.service, 'findViewing');
    const [alice, bob] = everybody;
    /** Whether other nodes were asked. */
    const say = async () => {
      asked.mockClear();
      const { id: messageId } = await sendBy(alice, id);
      return { messageId, hasAsked: asked.mock.calls.length > 0 };
    };
    expect((await say()).hasAsked).toBe(true);
    expect((await say()).hasAsked).toBe(false);
    return { alice, bob, id, own, say };
  }

  test('nobody is notified, and no other node is asked', async () => {
    const { alice, bob } = await gathered('alice', 'bob');
    expect(await notificationsOf(bob)).toEqual([]);
    expect(await notificationsOf(alice)).toEqual([]);
  });

  test('who closes it there and opens it on another node is not notified', async () => {
    const { bob, id, own, say } = await gathered('alice', 'bob');
    await open(cluster.device(bob, cluster.nodes[1]), id);
    await viewsOn(1, bob.id, id, true);
    own[1]!.stop();
    await viewsOn(0, bob.id, id, false);
    expect((await say()).hasAsked).toBe(true);
    expect(await notificationsOf(bob)).toEqual([]);
  });

  test('who closes it is notified', async () => {
    const { bob, id, own, say } = await gathered('alice', 'bob');
    own[1]!.stop();
    await views(bob, id, false);
    const { messageId } = await say();
    expect(await notificationsOf(bob)).toMatchObject([
      { kind: 'NEW_MESSAGE', count: 1, message: { id: messageId } },
    ]);
  });

  test('who is added and has it open on another node is not notified, and who has not is', async () => {
    const { alice, id, say } = await gathered('alice', 'bob', 'carol');
    const [dora, emil] = await people(cluster, 'dora', 'emil');
    for (const { id: userId } of [dora, emil])
      await alice.ask(AddParticipantDocument, { input: { conversationId: id, userId } });
    await open(cluster.device(dora, cluster.nodes[1]), id);
    expect((await say()).hasAsked).toBe(true);
    expect(await notificationsOf(dora)).toEqual([]);
    expect(await notificationsOf(emil)).toHaveLength(1);
  });
});
