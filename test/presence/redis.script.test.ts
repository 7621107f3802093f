import { Redis } from 'ioredis';
import { createLogger } from '../../src/logger';
import { RedisConnection } from '../../src/redis/redis.connection';
import { RedisHealth } from '../../src/redis/redis.health';
import { RedisScript } from '../../src/redis/redis.script';
import { type RedisService, startRedis } from '../support/services';

const ECHO = "return redis.call('ECHO', ARGV[1])";
const PUSH = "return redis.call('RPUSH', KEYS[1], ARGV[1])";

/** A server of its own, whose commands are counted. */
let server: RedisService;
let connection: RedisConnection;
let admin: Redis;

async function connect(): Promise<RedisConnection> {
  const { url } = server;
  const part = new RedisHealth(createLogger('silent')).part('scripts', 'nothing is lost');
  const options = { url, part, commandTimeoutMs: 2_000 };
  const made = new RedisConnection(options);
  await made.start();
  return made;
}

beforeAll(async () => {
  server = await startRedis();
  admin = new Redis(server.url);
  connection = await connect();
});

afterAll(async () => {
  await connection.stop();
  admin.disconnect();
  await server.stop();
});

test('the text is sent once for each connection, and calls keep their order', async () => {
  const script = new RedisScript(PUSH, 'push');
  const other = await connect();
  await admin.config('RESETSTAT');
  const calls = [1, 2, 3].map((n) => script.run(connection.client, 'list', n));
  expect(await Promise.all(calls)).toEqual([1, 2, 3]);
  expect(await script.run(other.client, 'list', 4)).toBe(4);
  expect(await script.run(other.client, 'list', 5)).toBe(5);
  expect(await admin.lrange('list', 0, -1)).toEqual(['1', '2', '3', '4', '5']);
  const stats = await admin.info('commandstats');
  expect(stats).toMatch(/cmdstat_eval:calls=2,/);
  expect(stats).toMatch(/cmdstat_evalsha:calls=3,/);
  await other.stop();
});

test('a script that Redis has forgotten is sent again', async () => {
  const script = new RedisScript(ECHO, 'echo');
  expect(await script.run(connection.client, 'key', 'zwölf')).toBe('zwölf');
  await admin.script('FLUSH');
  expect(await script.run(connection.client, 'key', 'after')).toBe('after');
});

test('a script that fails rejects with the answer of Redis', async () => {
  const script = new RedisScript("return redis.call('NO SUCH COMMAND')", 'none');
  const refused = script.run(connection.client, 'key');
  await expect(refused).rejects.toMatchObject({
    name: 'ReplyError',
    message: expect.stringContaining('Unknown Redis command'),
  });
});

test('a script rejects when the connection is closed, and runs over the next one', async () => {
  const script = new RedisScript(ECHO, 'echo');
  const other = await connect();
  expect(await script.run(other.client, 'key', 'one')).toBe('one');
  await other.stop();
  await expect(script.run(other.client, 'key', 'two')).rejects.toThrow(/writeable|closed/);
  const next = await connect();
  await admin.script('FLUSH');
  expect(await script.run(next.client, 'key', 'three')).toBe('three');
  await next.stop();
});
