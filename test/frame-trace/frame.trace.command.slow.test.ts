import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET } from '../../src/config';
import { eventually } from '../support/eventually';
import { NodeProcess } from '../support/node-process';
import {
  createMigratedDatabase,
  dropDatabase,
  type RedisService,
  startRedis,
} from '../support/services';
import { TraceCommand } from '../support/trace-command';

describe('npm run trace', () => {
  let redis: RedisService;
  let env: Record<string, string>;
  let node: NodeProcess;

  beforeAll(async () => {
    redis = await startRedis();
    const DATABASE_URL = await createMigratedDatabase();
    env = { PORT: '0', DATABASE_URL, REDIS_URL: redis.url, USER_PROVISIONING: 'token' };
    node = new NodeProcess(env);
    const { url } = await node.ready();
    await upsert(url);
  });
  afterAll(async () => {
    await node.interrupt();
    await redis.stop();
    await dropDatabase(env.DATABASE_URL!);
  });

  async function upsert(url: string): Promise<void> {
    await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${signToken(DEVELOPMENT_SECRET, { sub: 'alice' })}`,
      },
      body: '{"query":"{ me { id } }"}',
    });
  }

  test.each([
    ['no user', [], /^parley: a user id is needed\nusage: npm run trace/],
    ['an id that was not quoted', ['two', 'words'], /^parley: one user id is needed; .* quoted\n/],
    ['an unknown user', ['nobody\u001b[2J'], /^parley: no user has the id "nobody\\u001b\[2J"\n$/],
    ['an id that no user can have', ['\ud800'], /^parley: no user has the id "[^"]+"\n$/],
    ['no time', ['alice', '--for', 'ever'], /^parley: --for: must be a number of seconds/],
    ['an option that there is not', ['alice', '--all'], /^parley: Unknown option '--all'/],
  ])('with %s ends with one line', async (_, args, line) => {
    const command = new TraceCommand(env, ...args);
    expect(await command.exit()).toBe(1);
    expect(command.errors).toMatch(line);
    expect(command.output).toBe('');
  });

  test.each([
    ['is not set', '', /^parley: REDIS_URL: is not set, .* over Redis only/],
    ['leads nowhere', 'redis://127.0.0.1:1', /^parley: REDIS_URL: Redis does not answer\n$/],
    ['leads elsewhere', 'http://x', /^parley: REDIS_URL: /],
  ])('when REDIS_URL %s ends with one line', async (_, REDIS_URL, line) => {
    const command = new TraceCommand({ ...env, REDIS_URL }, 'alice');
    expect(await command.exit()).toBe(1);
    expect(command.errors).toMatch(line);
    expect(command.errors.trim().split('\n')).toHaveLength(1);
  });

  test('ends by itself after the time that it was given, with a summary', async () => {
    const command = new TraceCommand(env, 'alice', '--for', '1');
    expect(await command.exit()).toBe(0);
    expect(command.output).toMatch(/^-- \S+:\d+ follows the user, who has 0 connections\n/);
    expect(command.output).toMatch(/-- frames in: none\n-- frames out: none\n$/);
    expect(command.errors).toBe('');
  });

  test('ends when its output is read no more', async () => {
    const command = new TraceCommand(env, 'alice', '--json');
    await command.following(1);
    command.closeOutput();
    // The next line is that of the end of Redis.
    await redis.kill();
    expect(await command.exit()).toBe(0);
    await redis.start();
    await eventually(() => expect(node.output).toContain('bus: Redis is back'));
  });

  test('says when Redis is away, and goes on when it is back', async () => {
    const command = new TraceCommand(env, 'alice', '--json');
    await command.following(1);
    await redis.kill();
    await eventually(() => {
      expect(command.lines.at(-1)).toEqual({ note: 'redis', isConnected: false });
    });
    await redis.start();
    await eventually(() => {
      expect(command.lines.some(({ isConnected }) => isConnected === true)).toBe(true);
    });
    expect(await command.interrupt()).toBe(0);
  });
});
