import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { apolloManifest, writeManifests } from '../support/manifest';
import { NodeProcess } from '../support/node-process';
import { createDatabase, dropDatabase } from '../support/services';

/** Longer than the 10 s that a start may take to be refused, for a machine that is busy. */
const REFUSAL_TIMEOUT_MS = 40_000;

let directory: string;
let web: Server;
const databases: string[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-settings-'));
  web = createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
});
afterAll(async () => {
  web.close();
  for (const url of databases) await dropDatabase(url);
  await rm(directory, { recursive: true, force: true });
});

/** Makes a database by the statements, of which the last ones run in it. */
async function database(inIt: readonly string[] = [], options = ''): Promise<URL> {
  const url = new URL(await createDatabase(process.env.PARLEY_TEST_POSTGRES_URL!, options));
  databases.push(url.href);
  const client = new Client({ connectionString: url.href });
  await client.connect();
  for (const sql of inIt) await client.query(sql.replaceAll('DATABASE', url.pathname.slice(1)));
  await client.end();
  return url;
}

/** Changes parts of the URL of a database that works. */
async function changed(change: (url: URL) => void): Promise<string> {
  const url = new URL(process.env.PARLEY_TEST_POSTGRES_URL!);
  change(url);
  return url.href;
}
const withQuery = (query: string) => () => changed((url) => (url.search = query));
const elsewhere = (address: string) => async () => `postgres://a:b@${address}/x`;

async function asPoorRole(inIt: readonly string[]): Promise<string> {
  const role = [
    `do $$ begin create role poor login password 'poor';
     exception when duplicate_object then null; end $$`,
  ];
  const url = await database([...role, ...inIt]);
  url.username = 'poor';
  url.password = 'poor';
  return url.href;
}

async function below(name: string, make: (path: string) => Promise<unknown>): Promise<string> {
  const path = join(directory, name);
  await make(path);
  return path;
}

const OLD_SERVER = [
  'create schema fake',
  `create function fake.current_setting(text) returns text language sql as
   $$ select case when $1 = 'server_version_num' then '140012'
      else pg_catalog.current_setting($1) end $$`,
  'alter database DATABASE set search_path = fake, pg_catalog, public',
];

type Value = () => Promise<string>;
const WRONG: Record<string, Record<string, Value>> = {
  DATABASE_URL: {
    'a wrong password': () => changed((url) => (url.password = 'wrong')),
    'an unknown role': () => changed((url) => (url.username = 'unknown')),
    'an unknown database': () => changed((url) => (url.pathname = '/unknown')),
    'an unknown host': elsewhere('no.such.host.invalid'),
    'a refused port': elsewhere('127.0.0.1:1'),
    'several refused addresses': elsewhere('localhost:1'),
    'an HTTP server': async () => `postgres://127.0.0.1:${(web.address() as AddressInfo).port}/x`,
    'a Redis': async () =>
      process.env.PARLEY_TEST_REDIS_URL!.replace('redis:', 'postgres:').concat('/x'),
    'a socket that is not there': elsewhere('%2Fno%2Fsuch'),
    'TLS that the server has not': withQuery('sslmode=verify-full'),
    'TLS by an old name': withQuery('sslmode=require'),
    'a certificate that is not there': withQuery('sslrootcert=/no/such/file'),
    'an unknown option': withQuery('options=-c%20nosuch=1'),
    'an option that is none': withQuery('options=garbage'),
    'a port that is too large': withQuery('port=99999'),
    'a broken escape': () =>
      changed((url) => (url.password = 'x')).then((href) => href.replace(':x@', ':%zz@')),
    'an escape that is no UTF-8': () => changed((url) => (url.password = '%ff')),
    'no schema on the search path': async () => {
      const url = await database(['alter database DATABASE set search_path = missing']);
      return url.href;
    },
    'a database of another encoding': async () =>
      (await database([], 'encoding latin1 template template0 locale_provider libc locale "C"'))
        .href,
    'a Postgres that is too old': async () => (await database(OLD_SERVER)).href,
    'a role that may not create': () => asPoorRole([]),
    'a role that may not connect': () =>
      asPoorRole(['revoke connect on database DATABASE from public']),
    'no connection left for the role': () =>
      asPoorRole(['alter database DATABASE connection limit 0']),
    'a table of somebody else': async () => (await database(['create table users ()'])).href,
    'a read-only server at the first start': async () => {
      const readOnly = 'alter database DATABASE set default_transaction_read_only = on';
      return (await database([readOnly])).href;
    },
  },
  DATA_DIR: {
    'a file': () => below('file', (path) => writeFile(path, '')),
    'below a file': async () => join(await below('above', (path) => writeFile(path, '')), 'data'),
    'a link to nothing': () => below('link', (path) => symlink(join(directory, 'nothing'), path)),
    'a link to itself': () => below('loop', (path) => symlink(path, path)),
    'a folder that can never be': async () => '/proc/no/such',
    'a folder of the system': async () => '/proc/sys',
    'a name that is too long': async () => join(directory, 'x'.repeat(300)),
    'a device': async () => '/dev/null',
    'a cluster of another version': () =>
      below('old', async (path) => {
        await mkdir(join(path, 'postgres'), { recursive: true });
        await writeFile(join(path, 'postgres/PG_VERSION'), '15\n');
      }),
    'a cluster that is a file': () =>
      below('odd', async (path) => {
        await mkdir(path);
        await writeFile(join(path, 'postgres'), '');
      }),
  },
  HOST: Object.fromEntries(
    [
      'no.such.host.invalid',
      '192.0.2.1',
      '300.1.1.1',
      '::zz',
      'http://127.0.0.1',
      ' 127.0.0.1',
      '*',
    ].map((host) => [`"${host}"`, async () => host]),
  ),
  JWT_JWKS_URL: {
    'an unknown host': async () => 'https://no.such.host.invalid/jwks',
    'a page without keys': async () => `http://127.0.0.1:${(web.address() as AddressInfo).port}/`,
    'a server without TLS': async () => `https://127.0.0.1:${(web.address() as AddressInfo).port}/`,
    'a port that no browser asks': async () => 'http://127.0.0.1:6000/',
  },
  PERSISTED_OPERATIONS: {
    'a file that is not there': async () => '/no/such/manifest.json',
    'a device': async () => '/dev/zero',
    'a folder': async () => directory,
    'a file that is no JSON': () => writeManifests('{'),
    'a file of another kind': () => writeManifests({ name: 'parley' }),
    'an operation of another schema': () =>
      writeManifests(apolloManifest({ x: 'query Other { nothing }' })),
    'two texts for one id': () =>
      writeManifests(
        ...['A', 'B'].map((name) => apolloManifest({ x: `query ${name} { me { id } }` })),
      ),
  },
  PORT: {
    'one that is taken': async () => String((web.address() as AddressInfo).port),
  },
};
const CASES = Object.entries(WRONG).flatMap(([name, values]) =>
  Object.entries(values).map(([label, value]) => ({ name, label, value })),
);

describe('a setting that only the start finds out to be wrong', () => {
  test.each(CASES)('is told in one line that names it: $name, $label', async ({ name, value }) => {
    const wrong = await value();
    const needsDatabase = ['HOST', 'PORT', 'JWT_JWKS_URL'].includes(name);
    const node = new NodeProcess({
      PORT: '0',
      DATA_DIR: join(directory, 'unused'),
      ...(needsDatabase && { DATABASE_URL: (await database()).href }),
      [name]: wrong,
    });
    const timer = setTimeout(() => node.kill(), REFUSAL_TIMEOUT_MS);
    expect(await node.exit()).toBe(1);
    clearTimeout(timer);
    expect(node.errors).toMatch(new RegExp(`^parley: ${name}: \\S[^\\n]*\\n$`));
    for (const line of node.output.split('\n').filter(Boolean))
      expect(JSON.parse(line)).not.toHaveProperty('err');
  });

  test('is a warning of one log line when a library only warns of it', async () => {
    const DATABASE_URL = await withQuery('sslmode=require')();
    const node = new NodeProcess({ PORT: '0', DATABASE_URL });
    await node.exit();
    const lines = node.output.split('\n').filter(Boolean);
    expect(lines).toEqual([expect.stringMatching(/^\{"level":40,.*sslmode=verify-full.*\}$/)]);
  });

  test('leaves a database alone that a newer version has migrated, but for a warning', async () => {
    const { href } = await database([
      'create table migrations (id serial, timestamp bigint, name text)',
    ]);
    const first = new NodeProcess({ PORT: '0', DATABASE_URL: href });
    await first.ready();
    await first.interrupt();
    expect(first.output).not.toContain('newer version');
    const client = new Client({ connectionString: href });
    await client.connect();
    await client.query(
      "insert into migrations (timestamp, name) values (9e12, 'Later9000000000000')",
    );
    await client.end();
    const second = new NodeProcess({ PORT: '0', DATABASE_URL: href });
    await second.ready();
    expect(await second.interrupt()).toBe(0);
    expect(second.output).toMatch(/"migrations":\["Later9000000000000"\].*newer version/);
  });
});
