import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { eventually } from '../support/eventually';
import { type RedisParts, startRedisParts } from '../support/redis-parts';
import { choosePort, type RedisService, startRedis } from '../support/services';

const ALL = ['bus', 'presence', 'rate limits'];

describe('another server where Redis is expected', () => {
  let port: number;
  let parts: RedisParts;
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);

  beforeAll(async () => {
    process.on('unhandledRejection', note);
    port = await choosePort();
    parts = await startRedisParts(`redis://127.0.0.1:${port}/3`);
  });
  afterAll(async () => {
    await parts.stop();
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  /** Listens at the port until at least ten connections were made. */
  async function appear(greet: (socket: Socket) => void): Promise<Server> {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket.on('error', () => {}));
      greet(socket);
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
    await eventually(() => expect(sockets.length).toBeGreaterThan(10));
    server.on('leave', () => {
      for (const socket of sockets) socket.destroy();
    });
    return server;
  }

  const answers = (text: string) => (socket: Socket) => socket.on('data', () => socket.write(text));

  test.each<[string, (socket: Socket) => void, RegExp]>([
    ['greets in bytes of its own', (socket) => socket.write('J\0\0\0\n8.0.36\0'), /no Redis/],
    ['answers +OK to all', answers('+OK\r\n+OK\r\n+OK\r\n'), /no Redis/],
    ['answers a number to all', answers(':7\r\n:7\r\n:7\r\n'), /no Redis/],
    ['refuses all', answers('-ERR no\r\n-ERR no\r\n-ERR no\r\n'), /ERR no/],
    ['answers as HTTP does', answers('HTTP/1.1 400 Bad Request\r\n\r\n'), /no Redis/],
    ['is full', (socket) => socket.end('-ERR max number of clients reached\r\n'), /max number/],
    ['protects itself', (socket) => socket.end('-DENIED Redis is running\r\n'), /protected mode/],
  ])('that %s harms no node, and is named', async (_, greet, reason) => {
    const server = await appear(greet);
    await eventually(() => {
      const { degraded } = parts.health;
      expect(degraded).toEqual(ALL.map((part) => expect.stringContaining(part)));
      for (const one of degraded) expect(one).toMatch(reason);
    });
    expect(parts.bus.connected || parts.store.connected).toBe(false);
    server.emit('leave');
    server.close();
    await once(server, 'close');
  });

  test('gives way to Redis, which is used at once', async () => {
    const redis: RedisService = await startRedis({ port });
    await eventually(() => expect(parts.health.degraded).toEqual([]));
    await redis.stop();
  });
});
