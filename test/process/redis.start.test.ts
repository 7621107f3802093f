import { eventually } from '../support/eventually';
import { command, urlOf } from '../support/redis-parts';
import { redisForNodes } from './redis.for.nodes';

const ALL = ['bus', 'presence', 'rate limits'];

describe('a node and a Redis that will not do', () => {
  const given = redisForNodes();
  const { admin, start } = given;

  const degraded = (url: string, expected: unknown) =>
    eventually(async () => {
      const response = await fetch(`${url}/readyz`);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ ready: true, degraded: expected });
    });

  test('a password that none has ends the start with one line', async () => {
    await admin('CONFIG SET requirepass other');
    const node = start(urlOf(given.redis.url, 'default', 'mistaken'));
    expect(await node.exit()).toBe(1);
    expect(node.errors).toMatch(/^parley: REDIS_URL: [^\n]*WRONGPASS[^\n]*\n$/);
    expect(node.errors + node.output).not.toMatch(/mistaken/);
    await command(urlOf(given.redis.url, '', 'other'), 'CONFIG SET requirepass ');
  });

  test('whose Redis comes later, with another password and without that database, lives on', async () => {
    await given.redis.kill();
    const node = start(`${given.redis.url}/16`);
    const { url } = await node.ready();
    await degraded(url, ALL);
    await given.redis.start();
    await degraded(
      url,
      ALL.map((part) => expect.stringMatching(`^${part}: .*no database`)),
    );
    await admin('CONFIG SET requirepass secret');
    await command(urlOf(given.redis.url, '', 'secret'), 'CLIENT KILL TYPE normal SKIPME yes');
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
