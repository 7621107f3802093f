import { findUnsuitable } from '../../src/redis/redis.check';
import { eventually } from '../support/eventually';
import { openLogbook } from '../support/logbook';
import { command, type RedisParts, RIGHTS, startRedisParts, urlOf } from '../support/redis-parts';
import { choosePort, type RedisService, startRedis } from '../support/services';

const { logger } = openLogbook();
const CLUSTER = /a Redis Cluster is not supported/;

describe('a Redis Cluster', () => {
  const nodes: RedisService[] = [];
  let parts: RedisParts | undefined;

  afterEach(async () => {
    await parts?.stop();
    parts = undefined;
    await Promise.all(nodes.splice(0).map((node) => node.stop()));
  });

  async function start(settings: Record<string, string> = {}): Promise<string> {
    const bus = String(await choosePort());
    const cluster = { 'cluster-enabled': 'yes', 'cluster-port': bus };
    const redis = await startRedis({ settings: { ...cluster, ...settings } });
    nodes.push(redis);
    await command(redis.url, `ACL SETUSER parley ${RIGHTS.join(' ')} -info`);
    if (nodes.length > 1)
      await command(nodes[0]!.url, `CLUSTER MEET 127.0.0.1 ${redis.port} ${bus}`);
    return urlOf(redis.url, 'parley', 'secret');
  }

  async function expectRefusal(url: string, refusal: RegExp): Promise<void> {
    expect(await findUnsuitable(url, logger)).toBeNull();
    parts = await startRedisParts(url);
    await eventually(() =>
      expect(parts!.health.degraded).toContainEqual(
        expect.stringMatching(/^presence: a Redis Cluster is not supported \(.+\)$/),
      ),
    );
    expect(parts.health.degraded.join()).toMatch(refusal);
    expect(parts.health.degraded.join()).not.toContain('127.0.0.1');
    expect(parts.health.unsuitable).toMatch(CLUSTER);
    expect(parts.store.connected).toBe(false);
  }

  test('is named where INFO is forbidden', async () => {
    expect(await findUnsuitable(await start(), logger)).toMatch(CLUSTER);
  });

  test('that tells nothing of itself is named by its first refusal: no slots', async () => {
    await expectRefusal(await start({ 'rename-command': 'HELLO ' }), /\(CLUSTERDOWN/);
  });

  test('that tells nothing of itself is named by its first refusal: another node', async () => {
    const urls = [
      await start({ 'rename-command': 'HELLO ' }),
      await start({ 'rename-command': 'HELLO ' }),
    ];
    await command(nodes[0]!.url, 'CLUSTER ADDSLOTSRANGE 0 8191');
    await command(nodes[1]!.url, 'CLUSTER ADDSLOTSRANGE 8192 16383');
    for (const { url } of nodes)
      await eventually(async () =>
        expect(await command(url, 'CLUSTER INFO')).toContain('cluster_state:ok'),
      );
    for (const url of urls) {
      await expectRefusal(url, /\((MOVED|.*non local key|.*same slot)/);
      await parts!.stop();
    }
  });
});
