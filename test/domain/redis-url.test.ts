import { parseRedisUrl, type RedisAddress } from '../../src/input/redis-url';

const PLAIN: RedisAddress = {
  host: 'host',
  port: 6379,
  family: 0,
  isTls: false,
  username: null,
  password: null,
  database: 0,
};

describe('the URL of Redis', () => {
  test.each<[string, Partial<RedisAddress>]>([
    ['redis://host', {}],
    ['redis://host/', {}],
    ['redis://host:/', {}],
    [' redis://host\n', {}],
    ['REDISS://host', { isTls: true }],
    ['rediss://host:6380/15', { isTls: true, port: 6380, database: 15 }],
    ['redis://[::1]:1', { host: '::1', port: 1 }],
    ['redis://my_redis-0.default.svc', { host: 'my_redis-0.default.svc' }],
    ['redis://:pa%40ss@host', { password: 'pa@ss' }],
    ['redis://user@host', { username: 'user' }],
    ['redis://us%25er:%F0%9F%98%80@host', { username: 'us%er', password: '😀' }],
    ['redis://host?family=6&db=3', { family: 6, database: 3 }],
    ['redis://host/?family=4', { family: 4 }],
    ['redis://host/007', { database: 7 }],
    ['redis://:@host', {}],
  ])('%s is read', (url, address) => {
    expect(parseRedisUrl(url)).toEqual({ ...PLAIN, ...address });
  });

  test.each([
    ['redis://user:50%secret@host', /%25/],
    ['redis://user:secret/more@host', /percent-encoded/],
    ['redis://user:secret?more@host', /percent-encoded/],
    ['redis://user:secret#more@host', /percent-encoded/],
    ['redis://secret?secret!=more', /has a parameter, which/],
    ['redis://host?retryStrategy=secret', /the parameter retryStrategy, which is not supported/],
    ['redis://host/secret', /by its number/],
  ])('%s is refused without a word of what may be secret', (url, reason) => {
    const refusal = parseRedisUrl(url);
    expect(refusal).toMatch(reason);
    expect(refusal).not.toMatch(/secret|more/);
  });
});
