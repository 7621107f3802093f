import { startApp } from '../../src/app/app';
import { createLogger } from '../../src/logger';
import { people } from '../api/people';
import { WireSocket } from '../api/wire';
import { MessageAddedDocument } from '../generated/graphql';
import { Cluster, nodeConfig } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import { scrape } from '../support/scrape';
import { startTcpProxy } from '../support/tcp-proxy';

describe('the metrics of nodes in trouble', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({
      redis: true,
      env: { LIMIT_QUEUE_EVENTS: '20', LIMIT_QUEUE_BYTES: '100000' },
    });
  });
  afterAll(() => cluster.stop());

  test('show what the bus lost, and that the log healed it', async () => {
    const redis = new URL(process.env.PARLEY_TEST_REDIS_URL!);
    const proxy = await startTcpProxy(Number(redis.port));
    const url = Object.assign(new URL(redis), { port: new URL(proxy.url).port });
    const config = nodeConfig(cluster.databaseUrl, true, {
      REDIS_URL: url.href,
      LIMIT_MESSAGES_PER_MINUTE: '10',
    });
    const other = await startApp(config, createLogger('silent'));
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const stream = bob.subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
    await sendBy(alice, id);
    await stream.next();
    const before = await scrape(cluster.node);
    expect((await scrape(other)).value('parley_degraded')).toBe(0);
    expect((await scrape(other)).value('parley_bus_connected')).toBe(1);

    proxy.refuses = true;
    proxy.cut();
    await eventually(async () => {
      const { value } = await scrape(other);
      expect(value('parley_bus_connected')).toBe(0);
      expect(value('parley_degraded', { part: 'bus' })).toBe(1);
    });
    await sendBy(cluster.device(alice, other), id);
    await stream.next();

    const after = await scrape(cluster.node);
    const moved = (name: string) => after.value(name) - before.value(name);
    expect(moved('parley_gaps_healed_total')).toBe(1);
    expect(moved('parley_events_healed_total')).toBe(1);
    expect(moved('parley_commit_to_delivery_seconds_count')).toBe(1);
    expect((await scrape(other)).value('parley_bus_dropped_total')).toBeGreaterThan(0);
    // Redis counts a user who has used a tenth of a limit, and this node has none.
    await sendBy(cluster.device(alice, other), id);
    const alone = (await scrape(other)).value('parley_rate_limit_counted_alone_total');
    expect(alone).toBeGreaterThan(0);
    await other.stop();
    await proxy.stop();
  });

  test('count the connections of clients that read too slowly', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const slow = await WireSocket.init(cluster.node, { token: bob.token! });
    await slow.next();
    const query = `subscription { messageAdded(conversationId: "${id}", after: 0) { content } }`;
    slow.send({ type: 'subscribe', id: '1', payload: { query } });
    await sendBy(alice, id);
    await slow.next();
    slow.pause();
    await eventually(async () => {
      const content = 'x'.repeat(10_000);
      await Promise.all(Array.from({ length: 100 }, () => sendBy(alice, id, { content })));
      const { value } = await scrape(cluster.node);
      expect(value('parley_queue_overflows_total', { queue: 'events' })).toBe(1);
    });
    slow.terminate();
  });
});
