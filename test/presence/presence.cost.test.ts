import { Client } from 'pg';
import { people } from '../api/people';
import { Cluster } from '../support/cluster';
import { Obstacle } from '../support/locks';

const MANY = 200;

describe('presence, when many come at once', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());
  afterEach(() => jest.restoreAllMocks());

  /** Counts the statements that hold this text from now on. */
  function counter(part: string): () => number {
    const query = jest.spyOn(Client.prototype, 'query');
    return () =>
      query.mock.calls.filter(([statement]: unknown[]) =>
        String((statement as { text?: string }).text ?? statement).includes(part),
      ).length;
  }

  const names = (count: number) => Array.from({ length: count }, (_, index) => `user${index}`);
  const storedOf = async (ids: readonly string[]) =>
    (await cluster.node.services.people.users.byIds(ids)).map((user) => user!.lastSeenAt);

  test('one statement stores when they were seen, the latest time for each', async () => {
    const { users } = cluster.node.services.people;
    const ids = (await people(cluster, ...names(MANY))).map(({ id }) => id);
    const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms);
    const statements = counter('last_seen_at =');
    await Promise.all([
      ...ids.map((id) => users.recordSeen([id], at(2))),
      ...ids.map((id, index) => users.recordSeen([id], at(index % 2 === 0 ? 1 : 3))),
    ]);
    expect(statements()).toBeLessThanOrEqual(2);
    expect(await storedOf(ids)).toEqual(ids.map((_, index) => at(index % 2 === 0 ? 2 : 3)));
    await users.recordSeen(ids, at(0));
    expect((await storedOf(ids))[0]).toEqual(at(2));
  });

  test('a user whose row is locked holds up nobody else', async () => {
    const { users } = cluster.node.services.people;
    const [locked, free] = await people(cluster, 'locked', 'free');
    const obstacle = await Obstacle.open(cluster.databaseUrl);
    await obstacle.set('select from users where id = $1 for update', [locked.id]);
    const at = new Date();
    const waits = users.recordSeen([locked.id, free.id], at);
    await users.recordSeen([free.id], at);
    expect(await storedOf([free.id, locked.id])).toEqual([at, null]);
    await obstacle.waiting(1);
    await obstacle.clear();
    await waits;
    expect(await storedOf([locked.id])).toEqual([at]);
    await obstacle.close();
  });

  test('blocks and viewers are looked up together, for each who is told of somebody', async () => {
    const { people: who, presence } = cluster.node.services;
    const [actor, ...others] = (await people(cluster, ...names(MANY))).map(({ id }) => id);
    const statements = counter('is_blocked');
    await Promise.all(others.map((one) => who.blocks.areBetween([{ one, other: actor! }])));
    // At most 100 lists of pairs share one.
    expect(statements()).toBeLessThanOrEqual(1 + MANY / 100);
    const { store } = presence.service as unknown as { store: { members: () => unknown } };
    const reads = jest.spyOn(store, 'members');
    await Promise.all(others.map(() => presence.service.isViewer('a conversation', actor!)));
    expect(reads.mock.calls.length).toBeLessThanOrEqual(1 + MANY / 100);
  });
});
