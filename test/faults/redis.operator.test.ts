import { type RedisService, startRedis } from '../support/services';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { killRedisClients } from './redis.operator';

describe('whoever kills Redis’ clients', () => {
  let redis: RedisService;
  let proxy: TcpProxy;

  beforeAll(async () => {
    redis = await startRedis();
    proxy = await startTcpProxy(redis.port);
  });
  afterAll(async () => {
    await proxy.stop();
    await redis.stop();
  });

  test('leaves nothing behind that tries again when Redis is away', async () => {
    await redis.kill();
    await expect(killRedisClients(proxy.url, 'normal')).rejects.toThrow();
    await redis.start();
    await killRedisClients(proxy.url, 'normal');
    expect(proxy.connections).toBe(2);
  });
});
