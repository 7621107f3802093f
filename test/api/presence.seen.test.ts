import { MessageAddedDocument, UserDocument, UserPresenceDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf } from '../support/factories';
import { Obstacle } from '../support/locks';
import type { Person } from '../support/person';
import { people } from './people';

describe('when somebody was last seen', () => {
  let cluster: Cluster;
  let obstacle: Obstacle;

  beforeAll(async () => {
    cluster = await Cluster.start();
    obstacle = await Obstacle.open(cluster.databaseUrl);
  });
  afterAll(async () => {
    await obstacle.close();
    await cluster.stop();
  });

  const storedOf = async (viewer: Person, { id }: Person) =>
    (await viewer.ask(UserDocument, { id })).user!.presence.lastSeenAt;

  test('is stored when it is told, at connecting and at leaving, however long that takes', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const stream = bob.subscribe(UserPresenceDocument, { userIds: [alice.id] });
    expect((await stream.next()).userPresence).toMatchObject({ online: false, lastSeenAt: null });
    const slowly = async (act: () => unknown, online: boolean) => {
      await obstacle.set('select from users where id = $1 for update', [alice.id]);
      await act();
      await obstacle.waiting(1);
      await obstacle.clear();
      const { userPresence } = await stream.next();
      expect(userPresence.online).toBe(online);
      expect(userPresence.lastSeenAt).not.toBeNull();
      expect(await storedOf(bob, alice)).toBe(userPresence.lastSeenAt);
      return userPresence.lastSeenAt!;
    };
    const came = await slowly(
      () => alice.subscribe(MessageAddedDocument, { conversationId: id }),
      true,
    );
    const went = await slowly(() => alice.disconnect(), false);
    expect(Date.parse(went)).toBeGreaterThanOrEqual(Date.parse(came));
  });
});
