import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { command, type RedisParts, RIGHTS, startRedisParts, urlOf } from '../support/redis-parts';
import { type RedisService, startRedis } from '../support/services';

const ALL = ['bus', 'presence', 'rate limits'];

describe('Redis that changes while a node serves', () => {
  let redis: RedisService;
  let parts: RedisParts;
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  const admin = (text: string) => command(redis.url, text);
  const degraded = (expected: unknown) =>
    eventually(() => expect(parts.health.degraded).toEqual(expected));

  beforeEach(async () => {
    process.on('unhandledRejection', note);
    redis = await startRedis({ settings: { 'enable-debug-command': 'yes', save: '3600 1' } });
    await admin(`ACL SETUSER parley ${RIGHTS.join(' ')}`);
    parts = await startRedisParts(urlOf(redis.url, 'parley', 'secret'));
    await degraded([]);
  });
  afterEach(async () => {
    await parts.stop();
    await redis.stop();
    process.off('unhandledRejection', note);
    expect(unhandled.splice(0)).toEqual([]);
    expect(JSON.stringify(parts.logbook.lines)).not.toContain('secret');
  });

  /** The causes that the log has for a part, in order. */
  const causes = (part: string) =>
    parts.logbook.about(`${part}: `).flatMap(({ cause }) => (cause ? [String(cause)] : []));

  test('says the present cause, each once, and that it is over', async () => {
    await redis.kill();
    await degraded(ALL);
    await redis.start();
    await degraded(ALL.map((part) => expect.stringMatching(`^${part}: .*WRONGPASS`)));
    await eventually(() => {
      for (const part of ALL) expect(causes(part).at(-1)).toContain('WRONGPASS');
    });
    await admin(`ACL SETUSER parley ${RIGHTS.join(' ')}`);
    await degraded([]);
    for (const part of ALL) {
      expect(new Set(causes(part)).size).toBe(causes(part).length);
      expect(parts.logbook.about(`${part}: Redis is back`)).toHaveLength(1);
    }
  });

  test('takes a right away from a user, and gives it back', async () => {
    await admin('ACL SETUSER parley resetchannels');
    await degraded([expect.stringMatching(/^bus: the user may not PUBLISH at parley:x:/)]);
    expect(parts.bus.connected).toBe(false);
    await admin('ACL SETUSER parley &parley:* -incrby -subscribe -zadd -smismember');
    await degraded([
      expect.stringMatching(/^bus: .*SUBSCRIBE/i),
      expect.stringMatching(/^presence: .*ZADD/),
      expect.stringMatching(/^rate limits: .*INCRBY/),
    ]);
    await admin('ACL SETUSER parley +incrby +subscribe +zadd');
    await degraded([expect.stringMatching(/^presence: .*SMISMEMBER/)]);
    await admin('ACL SETUSER parley +smismember -eval');
    await degraded(ALL.map((part) => expect.stringMatching(`^${part}: .*NOPERM.*`)));
    await admin('ACL SETUSER parley +eval resetkeys ~other:*');
    await degraded(ALL.slice(1).map((part) => expect.stringMatching(`^${part}: .*NOPERM.*`)));
    await admin('ACL SETUSER parley ~parley:*');
    await degraded([]);
  });

  test('runs full: events are still told, and nothing else is', async () => {
    await admin('CONFIG SET maxmemory 1');
    await degraded(ALL.slice(1).map((part) => expect.stringMatching(`^${part}: OOM `)));
    expect(parts.bus.connected).toBe(true);
    await admin('CONFIG SET maxmemory 0');
    await degraded([]);
  });

  test('cannot persist: events are still told', async () => {
    const [, directory] = (await admin('CONFIG GET dir')) as [string, string];
    await mkdir(join(directory, 'dump.rdb'));
    await eventually(async () => {
      await admin('SET any thing').catch(() => {});
      await admin('BGSAVE').catch(() => {});
      const all = ALL.slice(1).map((part) => expect.stringMatching(`^${part}: MISCONF `));
      expect(parts.health.degraded).toEqual(all);
    });
    expect(parts.bus.connected).toBe(true);
    await admin('CONFIG SET stop-writes-on-bgsave-error no');
    await degraded([]);
  });

  test('becomes a replica, and a primary again', async () => {
    await admin('REPLICAOF 127.0.0.1 1');
    await degraded(ALL.map((part) => expect.stringMatching(`^${part}: .*replica`)));
    await admin('REPLICAOF NO ONE');
    await degraded([]);
    expect(parts.bus.connected).toBe(true);
  });

  test('drops keys when it is full, which the log warns of once', async () => {
    await admin('CONFIG SET maxmemory 1gb maxmemory-policy allkeys-lru');
    for (let round = 0; round < 2; round++) {
      await admin('CLIENT KILL USER parley');
      await degraded(expect.arrayContaining(ALL));
      await degraded([]);
    }
    await eventually(() => expect(parts.logbook.about('drops keys')).toHaveLength(1));
  });

  test('stands still for some seconds', async () => {
    void admin('DEBUG SLEEP 7').catch(() => {});
    await degraded(ALL);
    await degraded([]);
  });
});
