import { eventually } from '../support/eventually';
import { NodeProcess } from '../support/node-process';
import { command, urlOf } from '../support/redis-parts';
import {
  createMigratedDatabase,
  dropDatabase,
  type RedisService,
  startRedis,
} from '../support/services';

const ALL = ['bus', 'presence', 'rate limits'];

describe('a node and a Redis that will not do', () => {
  let redis: RedisService;
  let databaseUrl: string;
  const nodes: NodeProcess[] = [];
  const admin = (text: string) => command(redis.url, text);

  beforeAll(async () => {
    redis = await startRedis();
    databaseUrl = await createMigratedDatabase();
  });
  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.interrupt();
  });
  afterAll(async () => {
    await redis.stop();
    await dropDatabase(databaseUrl);
  });

  function start(REDIS_URL: string): NodeProcess {
    const node = new NodeProcess({ PORT: '0', DATABASE_URL: databaseUrl, REDIS_URL });
    nodes.push(node);
    return node;
  }

  const degraded = (url: string, expected: unknown) =>
    eventually(async () => {
      const response = await fetch(`${url}/readyz`);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ ready: true, degraded: expected });
    });

  test('a password that none has ends the start with one line', async () => {
    await admin('CONFIG SET requirepass other');
    const node = start(urlOf(redis.url, 'default', 'wrong'));
    expect(await node.exit()).toBe(1);
    expect(node.errors).toMatch(/^parley: REDIS_URL: [^\n]*WRONGPASS[^\n]*\n$/);
    expect(node.errors + node.output).not.toMatch(/wrong"/);
    await command(urlOf(redis.url, '', 'other'), 'CONFIG SET requirepass ');
  });

  test('whose Redis comes later, with another password and without that database, lives on', async () => {
    await redis.kill();
    const node = start(`${redis.url}/16`);
    const { url } = await node.ready();
    await degraded(url, ALL);
    await redis.start();
    await degraded(
      url,
      ALL.map((part) => expect.stringMatching(`^${part}: .*no database`)),
    );
    await admin('CONFIG SET requirepass secret');
    await command(urlOf(redis.url, '', 'secret'), 'CLIENT KILL TYPE normal SKIPME yes');
    await degraded(
      url,
      ALL.map((part) => expect.stringMatching(`^${part}: .*password`)),
    );
    expect(node.errors).toBe('');
    node.terminate();
    expect(await node.exit()).toBe(0);
    expect(node.output).not.toMatch(/unhandled|secret/i);
  });
});
