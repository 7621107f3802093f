import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import Redis from 'ioredis';
import { loadConfig } from '../../src/config';
import { DockerfileRun } from '../support/dockerfile';
import { eventually } from '../support/eventually';
import { createDatabase, dropDatabase } from '../support/services';

const ROOT = resolve(__dirname, '../..');
const INSTALL_TIMEOUT_MS = 300_000;

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return String(port);
}

describe('the image', () => {
  const image = new DockerfileRun(ROOT);
  afterAll(() => image.remove());

  test(
    'is built of the files that the Dockerfile copies, starts, is healthy, and stops',
    async () => {
      image.build();
      const databaseUrl = await createDatabase(process.env.PARLEY_TEST_POSTGRES_URL!);
      const env = {
        PORT: await freePort(),
        HOST: '127.0.0.1',
        DATABASE_URL: databaseUrl,
        JWT_SECRET: 'a secret of the production, for the test alone',
        DRAIN_DELAY_S: '0',
        DRAIN_SPREAD_S: '0',
      };
      expect(image.isHealthy(env)).toBe(false);
      const node = image.start(env);
      await eventually(() => expect(image.isHealthy(env)).toBe(true));
      const ready = await fetch(`http://127.0.0.1:${env.PORT}/readyz`);
      expect(ready.status).toBe(200);
      node.kill('SIGTERM');
      expect(await once(node, 'exit')).toEqual([0, null]);
      await dropDatabase(databaseUrl);
    },
    INSTALL_TIMEOUT_MS,
  );
});

describe('docker-compose.yml', () => {
  const text = readFileSync(resolve(ROOT, 'docker-compose.yml'), 'utf8');

  test('names its databases by URLs that are settings, with its own user, password and ports', () => {
    const named = Object.fromEntries(
      [...text.matchAll(/(DATABASE_URL|REDIS_URL)=(\S+)/g)].map(([, name, url]) => [name, url]),
    );
    const { storage } = loadConfig(named);
    const url = new URL(storage.databaseUrl!);
    const settingOf = (name: string) => new RegExp(`${name}: (\\S+)`).exec(text)![1];
    expect(url.username).toBe(settingOf('POSTGRES_USER'));
    expect(url.password).toBe(settingOf('POSTGRES_PASSWORD'));
    expect(url.pathname).toBe(`/${settingOf('POSTGRES_DB')}`);
    for (const { port } of [url, new URL(storage.redisUrl!)])
      expect(text).toContain(`127.0.0.1:${port}:${port}`);
  });

  test('starts Redis by a command that Redis understands', async () => {
    const [command, ...args] = JSON.parse(/command: (\[.*\])/.exec(text)![1]!) as string[];
    const port = await freePort();
    const server = spawn(command!, [...args, '--port', port, '--bind', '127.0.0.1'], {
      stdio: 'ignore',
    });
    const redis = new Redis(Number(port), { retryStrategy: () => 50 });
    redis.on('error', () => {});
    expect(await redis.config('GET', 'save')).toEqual(['save', '']);
    expect(await redis.config('GET', 'appendonly')).toEqual(['appendonly', 'no']);
    redis.disconnect();
    server.kill();
    await once(server, 'exit');
  });
});
