import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { findUnsuitable } from '../../src/redis/redis.check';
import { openLogbook } from '../support/logbook';
import { command, RIGHTS, urlOf } from '../support/redis-parts';
import { choosePort, type RedisService, startRedis } from '../support/services';
import { createFolder, type TemporaryFolder } from '../support/services.folder';

const { logger } = openLogbook();
const servers: Server[] = [];

/** A server that answers each request with the next text, or ends the connection without one. */
async function answering(...answers: (string | null)[]): Promise<string> {
  const server = createServer((socket) => {
    let next = 0;
    socket.on('error', () => {});
    socket.on('data', () => {
      const answer = answers[Math.min(next++, answers.length - 1)];
      if (answer === null) socket.destroy();
      else socket.write(answer!);
    });
  });
  return listening(server);
}

async function listening(server: Server): Promise<string> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a server that answers and cannot be used', () => {
  let redis: RedisService;
  let folder: TemporaryFolder;
  let tlsUrl: string;
  const others: RedisService[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    await command(redis.url, `ACL SETUSER parley ${RIGHTS.join(' ')}`);
    folder = await createFolder('certificate');
    const [key, cert] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')];
    const openssl = 'req -x509 -newkey rsa:2048 -nodes -days 3 -subj /CN=localhost';
    execFileSync('openssl', [...openssl.split(' '), '-keyout', key, '-out', cert], {
      stdio: 'ignore',
    });
    const tlsPort = String(await choosePort());
    const files = { 'tls-cert-file': cert, 'tls-key-file': key, 'tls-ca-cert-file': cert };
    await other({ 'tls-port': tlsPort, 'tls-auth-clients': 'no', ...files });
    tlsUrl = `redis://127.0.0.1:${tlsPort}`;
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    await Promise.all([redis, ...others].map((service) => service.stop()));
    folder.remove();
  });

  async function other(settings: Record<string, string>): Promise<string> {
    others.push(await startRedis({ settings }));
    return others.at(-1)!.url;
  }

  /** A free port for the cluster's bus, which is 10,000 above the other one by default. */
  const cluster = async () =>
    other({ 'cluster-enabled': 'yes', 'cluster-port': String(await choosePort()) });

  test.each<[string, () => Promise<string> | string, RegExp]>([
    ['a wrong password', () => urlOf(redis.url, 'parley', 'wrong'), /WRONGPASS/],
    ['an unknown user', () => urlOf(redis.url, 'nobody', 'secret'), /WRONGPASS/],
    ['no password', () => other({ requirepass: 'secret' }), /requires a password/],
    ['a wrong default one', async () => urlOf(others.at(-1)!.url, '', 'wrong'), /WRONGPASS/],
    ['a database that is not there', () => `${redis.url}/16`, /no database of this number/],
    ['a cluster', cluster, /a Redis Cluster is not supported/],
    ['a database of it', () => `${others.at(-1)!.url}/1`, /a Redis Cluster is not supported/],
    ['a Sentinel', () => other({ sentinel: 'yes' }), /a Sentinel is not supported/],
    ['a Sentinel, with a database', () => `${others.at(-1)!.url}/1`, /a Sentinel is not/],
    ['a replica', () => other({ replicaof: '127.0.0.1 1' }), /a replica/],
    ['TLS without TLS', () => redis.url.replace('redis', 'rediss'), /redis:\/\/ leads to it/],
    ['no TLS with TLS', () => tlsUrl, /rediss:\/\/ leads to it/],
    ['a certificate of its own', () => tlsUrl.replace('redis', 'rediss'), /SELF_SIGNED/],
    ['HTTP', () => listening(createHttpServer()), /no Redis/],
    ['HTTP with TLS', () => listening(createHttpServer()).then(tls), /not answer in TLS/],
    ['Postgres', () => postgresUrl(), /a Postgres, and no Redis/],
    ['SSH', () => answering('SSH-2.0-OpenSSH_9.2\r\n'), /no Redis/],
    ['memcached', () => answering('ERROR\r\n'), /no Redis/],
    ['Redis 5', () => answering(...REDIS_5), /Redis 5\.0\.7, and 7 or newer/],
    ['Redis 6', () => answering(helloOf('redis', '6.2.14')), /Redis 6\.2\.14, and 7 or newer/],
    ['a user at Redis 5', () => answering(USERS_UNKNOWN).then(withUser), /knows no users/],
    [
      'protected mode',
      () =>
        answering(
          '-DENIED Redis is running in protected mode' + ' because no password is set.\r\n',
        ),
      /protected mode/,
    ],
  ])('%s is named', async (_, url, reason) => {
    const cause = await findUnsuitable(await url(), logger);
    expect(cause).toMatch(reason);
    expect(cause).not.toMatch(/\n|secret/);
  });

  test.each<[string, () => Promise<string> | string]>([
    ['nobody', () => 'redis://127.0.0.1:1'],
    ['a host that does not resolve', () => 'redis://nowhere.invalid'],
    ['a proxy without a server', () => answering(null)],
    ['a server without a word', () => answering('')],
    ['too many clients', () => answering('-ERR max number of clients reached\r\n')],
    ['one that loads its data', () => answering('-LOADING Redis is loading the dataset\r\n')],
    ['a password that nobody asks for', () => urlOf(redis.url, '', 'secret')],
    ['Valkey', () => answering(helloOf('valkey', '8.1.0'))],
    ['a user with its rights', () => urlOf(redis.url, 'parley', 'secret', '/15?family=4')],
  ])('%s is no reason not to start', async (_, url) => {
    expect(await findUnsuitable(await url(), logger)).toBeNull();
  });
});

function helloOf(server: string, version: string): string {
  const words = { server, version, proto: '2', mode: 'standalone', role: 'master' };
  const texts = Object.entries(words).flat();
  return `*${texts.length}\r\n${texts.map((text) => `$${text.length}\r\n${text}\r\n`).join('')}`;
}

const UNKNOWN = "-ERR unknown command `HELLO`, with args beginning with: 'secret' \r\n";
const INFO = '# Server\r\nredis_version:5.0.7\r\nredis_mode:standalone\r\n';
const REDIS_5 = [UNKNOWN, `$${INFO.length}\r\n${INFO}\r\n`];
const USERS_UNKNOWN = "-ERR wrong number of arguments for 'auth' command\r\n";
const tls = (url: string) => url.replace('redis', 'rediss');
const withUser = (url: string) => urlOf(url, 'parley', 'secret');
const postgresUrl = () =>
  `redis://127.0.0.1:${new URL(process.env.PARLEY_TEST_POSTGRES_URL!).port}`;
