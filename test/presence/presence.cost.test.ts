import { Client } from 'pg';
import { PresenceResolver } from '../../src/graphql/resolvers/user.resolver';
import { people } from '../api/people';
import { InboxUpdatedDocument, UserPresenceDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf } from '../support/factories';
import { Obstacle } from '../support/locks';

const MANY = 200;
/** At most 100 calls share a statement, and the node may have something of its own to read. */
const FEW = MANY / 20;
const WATCHERS = 12;

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

  test('few statements store when they were seen, the latest time for each', async () => {
    const { users } = cluster.node.services.people;
    const ids = (await people(cluster, ...names(MANY))).map(({ id }) => id);
    const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms);
    const statements = counter('last_seen_at =');
    await Promise.all([
      ...ids.map((id) => users.recordSeen([id], at(2))),
      ...ids.map((id, index) => users.recordSeen([id], at(index % 2 === 0 ? 1 : 3))),
    ]);
    expect(statements()).toBeLessThan(ids.length / 2);
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
    expect(statements()).toBeLessThanOrEqual(FEW);
    const { store } = presence.service as unknown as { store: { members: () => unknown } };
    const reads = jest.spyOn(store, 'members');
    await Promise.all(others.map(() => presence.reader.isViewer('a conversation', actor!)));
    expect(reads.mock.calls.length).toBeLessThanOrEqual(FEW);
  });

  test('who is acquainted with whom is read together', async () => {
    const { reader } = cluster.node.services.conversations;
    const [own, ...others] = (await people(cluster, ...names(MANY))).map(({ id }) => id);
    const statements = counter('is_blocked');
    const found = await Promise.all(
      [own!, ...others].map((other) => reader.acquaintancesOf.request([{ one: own!, other }])),
    );
    expect(found[0]).toMatchObject([{ relation: 'acquainted', account: { id: own } }]);
    expect(found[1]).toMatchObject([{ relation: 'strangers', account: { id: others[0] } }]);
    expect(statements()).toBeLessThanOrEqual(FEW);
  });

  test('a coming is told to all who watch without a statement, rendered once', async () => {
    const [star, ...watchers] = await people(cluster, 'star', ...names(WATCHERS));
    await conversationOf([star, ...watchers]);
    // However slow this machine is: what the subscriptions know does not become old.
    const nowMs = performance.now();
    jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
    const streams = watchers.map((watcher) =>
      watcher.subscribe(UserPresenceDocument, { userIds: [star.id] }),
    );
    for (const stream of streams) expect((await stream.next()).userPresence.online).toBe(false);
    const [relations, blocks, users] = ['own.left_at', 'is_blocked', 'u.display_name'].map(counter);
    const rendered = jest.spyOn(PresenceResolver.prototype, 'userPresence');
    star.subscribe(InboxUpdatedDocument, {});
    for (const stream of streams)
      expect((await stream.next()).userPresence).toEqual({
        id: star.id,
        online: true,
        lastSeenAt: expect.any(String),
        user: { id: star.id },
      });
    expect([relations!(), blocks!(), users!()]).toEqual([0, 0, 0]);
    expect(rendered).toHaveBeenCalledTimes(1);
  });

  test('a subscription listens to those alone whose presence it may tell', async () => {
    const { hub } = cluster.node.services.delivery;
    const [alice, bob, stranger] = await people(cluster, 'alice', 'bob', 'stranger');
    await conversationOf([alice, bob]);
    const { topics } = hub.size;
    const stream = alice.subscribe(UserPresenceDocument, { userIds: [bob.id, stranger.id] });
    await eventually(() => expect(stream.received.length + stream.eventErrors.length).toBe(2));
    // Her own topic, and his presence.
    expect(hub.size.topics).toBe(topics + 2);
    await conversationOf([alice, stranger]);
    await eventually(() => expect(hub.size.topics).toBe(topics + 3));
    stream.stop();
    await eventually(() => expect(hub.size.topics).toBe(topics));
  });
});
