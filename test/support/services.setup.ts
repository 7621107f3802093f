import { type PgBouncer, startPgBouncer } from './pgbouncer';
import { type PostgresService, type RedisService, startPostgres, startRedis } from './services';
import { createFolder, type TemporaryFolder } from './services.folder';
import { createTemplate } from './services.template';

declare global {
  /** What the teardown, another module of the same process, has to stop. */
  var testServices: readonly (PostgresService | RedisService | PgBouncer)[] | undefined;
  var testFolder: TemporaryFolder | undefined;
}

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Starts one Postgres and one Redis for the whole run. Tests find them at `PARLEY_TEST_POSTGRES_URL`
 * and `PARLEY_TEST_REDIS_URL`; whoever needs to stop a server starts one of its own. The name of a
 * migrated database, which tests copy, is in `PARLEY_TEST_TEMPLATE`.
 *
 * With `PARLEY_TEST_POOLER=pgbouncer` the nodes of clusters reach Postgres through a PgBouncer,
 * while the tests' own connections do not.
 */
export default async function startServices(): Promise<void> {
  // A signal nobody listens to ends a process without its exit handlers, which end the servers.
  for (const [signal, exitCode] of Object.entries(EXIT_CODES))
    process.once(signal, () => process.exit(exitCode));
  globalThis.testFolder = await createFolder('run');
  process.env.PARLEY_TEST_DIRECTORY = globalThis.testFolder.path;
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  globalThis.testServices = [postgres, redis];
  process.env.PARLEY_TEST_POSTGRES_URL = postgres.url;
  process.env.PARLEY_TEST_REDIS_URL = redis.url;
  process.env.PARLEY_TEST_TEMPLATE = await createTemplate(postgres.url);
  if (process.env.PARLEY_TEST_POOLER !== 'pgbouncer') return;
  const bouncer = await startPgBouncer(postgres.url, {
    // Three nodes of a cluster have ten sessions each.
    default_pool_size: '40',
  });
  globalThis.testServices = [bouncer, postgres, redis];
  process.env.PARLEY_TEST_POOLER_PORT = String(bouncer.port);
}
