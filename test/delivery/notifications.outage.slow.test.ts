import { NotificationAddedDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, sendBy } from '../support/factories';
import { inboxOf, notificationsOf, open, read, views } from '../support/inbox';
import { type RedisService, startRedis } from '../support/services';

/** What is promised, and a little for a machine that is busy. */
const PROMISED_MS = 5_000;
const BUSY_MS = 2_500;

describe('notifications while Redis is away', () => {
  let redis: RedisService;
  let cluster: Cluster;

  beforeAll(async () => {
    redis = await startRedis();
    cluster = await Cluster.start({ nodes: 2, env: { REDIS_URL: redis.url } });
  }, 60_000);
  afterAll(async () => {
    await cluster.stop();
    await redis.stop();
  });

  test('arrive at the other node all the same, in order and once, and so does what was read', async () => {
    const [alice, bob] = await cluster.persons('alice', 'bob');
    const { id } = await conversationOf([alice!, bob!]);
    const stream = cluster
      .device(bob!, cluster.nodes[1])
      .subscribe(NotificationAddedDocument, { after: 0 });
    await sendBy(alice!, id);
    const first = (await stream.next()).notificationAdded;
    expect(first.count).toBe(1);

    await redis.kill();
    const delays: number[] = [];
    for (const count of [2, 3]) {
      await sendBy(alice!, id);
      const committed = Date.now();
      expect((await stream.next(PROMISED_MS + BUSY_MS)).notificationAdded).toMatchObject({
        id: first.id,
        count,
      });
      delays.push(Date.now() - committed);
    }
    await read(bob!, id, 3);
    const marked = Date.now();
    const { notificationAdded: last } = await stream.next(PROMISED_MS + BUSY_MS);
    delays.push(Date.now() - marked);
    expect(last).toMatchObject({ id: first.id, count: 3 });
    expect(last.readAt).not.toBeNull();
    process.stdout.write(
      `Redis away: notifications came ${delays.join(', ')} ms after their commit\n`,
    );

    await redis.start();
    await sendBy(alice!, id);
    const { notificationAdded: fresh } = await stream.next();
    expect(fresh).toMatchObject({ count: 1, inbox: await inboxOf(bob!) });
    expect(await notificationsOf(bob!)).toHaveLength(2);
    expect(stream.received.map(({ notificationAdded }) => notificationAdded.sequence)).toEqual([
      1, 2, 3, 4, 5,
    ]);
  }, 60_000);

  test('are written for whoever views at another node, of which nothing is known', async () => {
    const [carol, dave] = await cluster.persons('carol', 'dave');
    const { id } = await conversationOf([carol!, dave!]);
    await open(cluster.device(dave!, cluster.nodes[1]), id);
    await views(dave!, id, true);
    await sendBy(carol!, id);
    expect(await notificationsOf(dave!)).toEqual([]);
    await redis.kill();
    await sendBy(carol!, id);
    expect(await notificationsOf(dave!)).toMatchObject([{ count: 1 }]);
    await redis.start();
  });
});
