import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { Cluster } from '../support/cluster';
import { ROOT } from '../support/compose';
import { IdentityProvider, jwkOf } from '../support/identity-provider';
import { signer } from '../support/keys';
import { type PgBouncer, startPgBouncer, whyNoPgBouncer } from '../support/pgbouncer';
import { command, RIGHTS, urlOf } from '../support/redis-parts';
import {
  createDatabase,
  createMigratedDatabase,
  dropDatabase,
  type RedisService,
  startRedis,
} from '../support/services';

const DOCTOR = join(ROOT, 'dist/scripts/doctor.js');
const SHIFTED_CLOCK = join(ROOT, 'test/support/shifted-clock.js');
const SECRETS = {
  JWT_SECRET: 'the-secret-of-users-which-nobody-may-see',
  JWT_SECRET_PREVIOUS: 'the-secret-of-before-which-nobody-may-see',
  JWT_SERVICE_SECRET: 'the-secret-of-services-which-nobody-may-see',
};

/** The doctor's lines, by their state, and its exit code. */
interface Report {
  code: number;
  ok: string[];
  warning: string[];
  problem: string[];
  text: string;
}

function examine(env: Record<string, string>): Promise<Report> {
  return new Promise((resolve, reject) =>
    execFile(
      process.execPath,
      [DOCTOR],
      { env: { PATH: process.env.PATH!, HOST: '127.0.0.1', PORT: '0', ...env } },
      (error, stdout, stderr) => {
        if (stderr !== '') return reject(new Error(stderr));
        const textsOf = (state: string) =>
          stdout.split('\n').flatMap((line) => new RegExp(`^${state} +(.*)`).exec(line)?.[1] ?? []);
        resolve({
          code: error === null ? 0 : Number(error.code),
          ok: textsOf('ok'),
          warning: textsOf('warning'),
          problem: textsOf('problem'),
          text: stdout,
        });
      },
    ),
  );
}

describe('npm run doctor', () => {
  let databaseUrl: string;
  let redis: RedisService;
  let provider: IdentityProvider;
  let taken: Server;
  let pooler: PgBouncer | null = null;

  beforeAll(async () => {
    databaseUrl = await createMigratedDatabase();
    redis = await startRedis();
    await command(redis.url, `ACL SETUSER parley ${RIGHTS.join(' ')}`);
    provider = await IdentityProvider.start();
    taken = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  });
  afterAll(async () => {
    taken.close();
    await pooler?.stop();
    await provider.stop();
    await redis.stop();
    await dropDatabase(databaseUrl);
  });

  const production = () => ({
    NODE_ENV: 'production',
    METRICS_PORT: '0',
    ...SECRETS,
    DATABASE_URL: databaseUrl,
    REDIS_URL: urlOf(redis.url, 'parley', 'secret'),
  });

  test('finds nothing wrong without any setting', async () => {
    expect(await examine({})).toMatchObject({ code: 0, warning: [], problem: [] });
  });

  test('says what it has reached, and no secret', async () => {
    provider.publish(jwkOf(signer('ES256'), { kid: 'key-of-today' }));
    const report = await examine({ ...production(), JWT_JWKS_URL: provider.url });
    expect(report).toMatchObject({ code: 0, warning: [], problem: [] });
    for (const part of [
      /^the settings are valid for production/,
      /^Node \d+/,
      /^Postgres 18\..* a session for each connection/,
      /^all migrations have run, .* may use every table/,
      /^no node has started on this database yet/,
      /^the clocks of this machine and of Postgres agree/,
      /^Redis \d+\..* all rights/,
      /^the clocks of this machine and of Redis agree/,
      /^users' tokens are verified by 2 secrets, JWT_JWKS_URL/,
      /^JWT_JWKS_URL: 1 keys: key-of-today \(ES256\)/,
      /^PORT: .* is free/,
    ])
      expect(report.ok).toContainEqual(expect.stringMatching(part));
    for (const secret of [...Object.values(SECRETS), 'secret@', new URL(databaseUrl).password])
      expect(report.text).not.toContain(secret);
  });

  test('names the migrations of an empty database, and leaves it empty', async () => {
    const url = await createDatabase(process.env.PARLEY_TEST_POSTGRES_URL!);
    const report = await examine({ DATABASE_URL: url });
    expect(report.code).toBe(0);
    expect(report.text).toMatch(/the next start runs \d+ migrations: Initial/);
    const client = new Client(url);
    await client.connect();
    const { rows } = await client.query(`select 1 from pg_tables where schemaname = 'public'`);
    await client.end();
    expect(rows).toEqual([]);
    await dropDatabase(url);
  });

  test('runs beside a node, and finds that its database was promoted after it', async () => {
    const cluster = await Cluster.start({ redis: true });
    const { databaseUrl: url } = cluster;
    const env = { PORT: new URL(cluster.node.url).port, DATABASE_URL: url };
    const report = await examine(env);
    expect(report.ok).toContainEqual(expect.stringMatching(/^PORT: a node listens on/));
    expect(report.ok).toContainEqual(expect.stringMatching(/^the timeline of Postgres is the one/));
    // A node that runs would note the new timeline within 3 s, and so before the examination.
    await cluster.node.stop();
    const client = new Client(url);
    await client.connect();
    await client.query('update installation set timeline = timeline + 1');
    await client.end();
    const { warning } = await examine({ DATABASE_URL: url });
    expect(warning).toContainEqual(expect.stringMatching(/^Postgres was promoted/));
    await cluster.stop();
  });

  const setUp: Record<string, [env: () => Promise<Record<string, string>>, line: RegExp]> = {
    'settings that are invalid': [
      async () => ({ LIMIT_COST: '0' }),
      /^problem +LIMIT_COST: must be at least 1$/m,
    ],
    'a name that is no setting': [
      async () => ({ LIMIT_COSTS: '1' }),
      /^warning +LIMIT_COSTS: is no setting/m,
    ],
    'a database that is away': [
      async () => ({ DATABASE_URL: 'postgres://a:hidden@127.0.0.1:1/c' }),
      /^problem +DATABASE_URL: the database cannot be reached \(.*ECONNREFUSED/m,
    ],
    'an encoding that will not do': [
      async () => ({
        DATABASE_URL: await createDatabase(
          process.env.PARLEY_TEST_POSTGRES_URL!,
          'encoding latin1 template template0 locale_provider libc locale "C"',
        ),
      }),
      /^problem +DATABASE_URL: the database has the encoding LATIN1/m,
    ],
    'a role that may not use the tables': [
      async () => ({ DATABASE_URL: await asPoorRole(databaseUrl) }),
      /^problem +DATABASE_URL: the role doctor_poor may not read and write the tables /m,
    ],
    ...(whyNoPgBouncer() === null && {
      'a pooler that shares sessions': [
        async () => {
          pooler = await startPgBouncer(process.env.PARLEY_TEST_POSTGRES_URL!, {
            pool_mode: 'transaction',
          });
          return { DATABASE_URL: pooler.urlOf(databaseUrl) };
        },
        /^problem +DATABASE_URL: leads to a pooler that shares sessions/m,
      ],
    }),
    'a Redis that is away': [
      async () => ({ REDIS_URL: 'redis://127.0.0.1:1' }),
      /^problem +REDIS_URL: Redis cannot be reached \(.*ECONNREFUSED/m,
    ],
    'a Redis that is a Postgres': [
      async () => ({ REDIS_URL: `redis://127.0.0.1:${new URL(databaseUrl).port}` }),
      /^problem +REDIS_URL: the server is a Postgres, and no Redis$/m,
    ],
    'a user of Redis without a right': [
      async () => {
        await command(redis.url, `ACL SETUSER less ${RIGHTS.join(' ')} -zadd`);
        return { REDIS_URL: urlOf(redis.url, 'less', 'secret') };
      },
      /^problem +REDIS_URL: the user may not ZADD at parley:/m,
    ],
    'a Redis that drops keys': [
      async () => {
        await command(redis.url, 'CONFIG SET maxmemory 100mb');
        await command(redis.url, 'CONFIG SET maxmemory-policy allkeys-lru');
        return { REDIS_URL: redis.url };
      },
      /^warning +REDIS_URL: maxmemory-policy is allkeys-lru, and noeviction is needed$/m,
    ],
    'keys that are not published': [
      async () => {
        provider.say('', 404);
        return { JWT_JWKS_URL: provider.url };
      },
      /^problem +JWT_JWKS_URL: no keys were received \(status 404\)$/m,
    ],
    'a port that is taken': [
      async () => ({ PORT: String((taken.address() as { port: number }).port) }),
      /^problem +PORT: \d+ is taken already$/m,
    ],
    'a manifest that is not there': [
      async () => ({ PERSISTED_OPERATIONS: '/no/manifest.json' }),
      /^problem +PERSISTED_OPERATIONS: \/no\/manifest.json: ENOENT/m,
    ],
    'clocks that differ': [
      async () => ({
        DATABASE_URL: databaseUrl,
        NODE_OPTIONS: `--require ${SHIFTED_CLOCK}`,
        CLOCK_SHIFT_MS: '5000',
      }),
      /^warning +the clocks of this machine and of Postgres differ by [45]\.\d s/m,
    ],
  };
  test.each(Object.entries(setUp))('finds %s', async (_name, [envOf, line]) => {
    const report = await examine(await envOf());
    expect(report.text).toMatch(line);
    expect(report.text).not.toMatch(/hidden|secret@/);
    expect(report.code).toBe(report.problem.length > 0 ? 1 : 0);
    expect(report.text).toMatch(
      new RegExp(`^${report.problem.length} problems?, ${report.warning.length} warnings?$`, 'm'),
    );
  });
});

/** Returns the URL of the same database for a role that was given nothing. */
async function asPoorRole(databaseUrl: string): Promise<string> {
  const client = new Client(databaseUrl);
  await client.connect();
  await client.query(`do $$ begin create role doctor_poor login password 'poor';
    exception when duplicate_object then null; end $$;
    grant select on migrations, installation to doctor_poor`);
  await client.end();
  const url = new URL(databaseUrl);
  url.username = 'doctor_poor';
  url.password = 'poor';
  return url.href;
}
