import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { connectDatabase, migrate } from '../../src/database/data-source';
import { sessionsOf } from '../../src/database/sessions';
import { SoleNodeLock } from '../../src/database/sole-node.lock';
import { createLogger } from '../../src/logger';
import { createDatabase, dropDatabase } from '../support/services';

const POOL_SIZE = 3;
const ROLE = `spoiled_${process.pid}`;
const logger = createLogger('silent');

/** Each parameter that the program leans on: a value that would break it, and the one it needs. */
const PARAMETERS: Record<string, [spoiled: string, needed: string]> = {
  statement_timeout: ['0', '10s'],
  lock_timeout: ['0', '2s'],
  idle_in_transaction_session_timeout: ['0', '5s'],
  idle_session_timeout: ['30s', '0'],
  transaction_timeout: ['30s', '0'],
  TimeZone: ['America/Caracas', 'UTC'],
  DateStyle: ['German', 'ISO, MDY'],
  IntervalStyle: ['iso_8601', 'postgres'],
  extra_float_digits: ['-3', '1'],
  bytea_output: ['escape', 'hex'],
  client_encoding: ['LATIN1', 'UTF8'],
  default_transaction_isolation: ['serializable', 'read committed'],
  default_transaction_deferrable: ['on', 'off'],
  standard_conforming_strings: ['off', 'on'],
  array_nulls: ['off', 'on'],
  transform_null_equals: ['on', 'off'],
  exit_on_error: ['on', 'off'],
  synchronous_commit: ['off', 'on'],
  session_replication_role: ['replica', 'origin'],
  row_security: ['off', 'on'],
  plan_cache_mode: ['force_custom_plan', 'force_generic_plan'],
  'plpgsql.extra_errors': ['all', 'none'],
  jit: ['on', 'off'],
  enable_seqscan: ['on', 'off'],
};

/** The ways by which a session gets another value than the server's own. Each returns a URL. */
const WAYS: Record<string, (admin: Client, url: URL, name: string, value: string) => unknown> = {
  'options in the URL': (_admin, url, name, value) =>
    url.searchParams.set('options', `-c ${name}=${value.replaceAll(' ', '\\ ')}`),
  'a parameter of the URL': (_admin, url, name, value) => url.searchParams.set(name, value),
  'the role': (admin, _url, name, value) =>
    admin.query(`alter role ${ROLE} set ${name} = '${value}'`),
  'the database': (admin, url, name, value) =>
    admin.query(`alter database ${url.pathname.slice(1)} set ${name} = '${value}'`),
  'the role in this database': (admin, url, name, value) =>
    admin.query(`alter role ${ROLE} in database ${url.pathname.slice(1)} set ${name} = '${value}'`),
  PGOPTIONS: (_admin, _url, name, value) => {
    process.env.PGOPTIONS = `-c ${name}=${value.replaceAll(' ', '\\ ')}`;
  },
};

describe('the settings of a session', () => {
  let databaseUrl: string;
  let admin: Client;
  let dataSource: DataSource | null = null;

  beforeAll(async () => {
    databaseUrl = await createDatabase(process.env.PARLEY_TEST_POSTGRES_URL!);
    admin = new Client(process.env.PARLEY_TEST_POSTGRES_URL!);
    await admin.connect();
    await admin.query(`create role ${ROLE} superuser login password 'spoiled'`);
  });
  afterEach(async () => {
    delete process.env.PGOPTIONS;
    await dataSource?.destroy();
    dataSource = null;
    await admin.query(`alter role ${ROLE} reset all`);
    await admin.query(`alter role ${ROLE} in database ${nameOf(databaseUrl)} reset all`);
    await admin.query(`alter database ${nameOf(databaseUrl)} reset all`);
  });
  afterAll(async () => {
    await dropDatabase(databaseUrl);
    await admin.query(`drop role ${ROLE}`);
    await admin.end();
  });

  const nameOf = (url: string) => new URL(url).pathname.slice(1);

  const asRole = () => {
    const url = new URL(databaseUrl);
    [url.username, url.password] = [ROLE, 'spoiled'];
    return url;
  };

  const open = async (url: URL) => {
    dataSource = await connectDatabase({
      url: url.href,
      poolSize: POOL_SIZE,
      entities: [],
      logger,
    });
    return dataSource;
  };

  /** Asks every session of the pool, all of which are open at once. */
  const ask = async (source: DataSource, name: string): Promise<string[]> => {
    const sessions = sessionsOf(source);
    const clients = await Promise.all(Array.from({ length: POOL_SIZE }, () => sessions.borrow()));
    const answers = [];
    // The language's parameters have values once it is loaded.
    for (const client of clients) await client.query('do $$ begin end $$');
    for (const client of clients)
      answers.push((await client.query(`select current_setting($1, true) as value`, [name])).rows);
    for (const client of clients) sessions.giveBack(client, false);
    return answers.map(([row]) => row.value);
  };

  const everySession = (value: string) => Array.from({ length: POOL_SIZE }, () => value);

  const cases = Object.keys(PARAMETERS).flatMap((name) =>
    Object.keys(WAYS).map((way) => [name, way] as const),
  );
  test.each(cases)('%s is what the program needs, whatever is set by %s', async (name, way) => {
    const [spoiled, needed] = PARAMETERS[name]!;
    const url = asRole();
    await WAYS[way]!(admin, url, name, spoiled);
    expect(await ask(await open(url), name)).toEqual(everySession(needed));
  });

  test('all of them hold when all are spoiled at once, after the migrations and for every session', async () => {
    const url = asRole();
    for (const [name, [spoiled]] of Object.entries(PARAMETERS))
      await WAYS['the role']!(admin, url, name, spoiled);
    const source = await open(url);
    const lock = await SoleNodeLock.acquire(source, logger);
    await migrate(source);
    await lock!.release();
    for (const [name, [, needed]] of Object.entries(PARAMETERS))
      expect([name, await ask(source, name)]).toEqual([name, everySession(needed)]);
  });

  test('what is harmless stays as the operator set it', async () => {
    const url = asRole();
    await admin.query(`alter role ${ROLE} set work_mem = '7MB'`);
    await admin.query(`alter role ${ROLE} set synchronous_commit = 'remote_apply'`);
    url.searchParams.set('application_name', 'market');
    url.searchParams.set('options', '-c search_path=conversations,public');
    const source = await open(url);
    expect(await ask(source, 'work_mem')).toEqual(everySession('7MB'));
    expect(await ask(source, 'synchronous_commit')).toEqual(everySession('remote_apply'));
    expect(await ask(source, 'application_name')).toEqual(everySession('market'));
    expect(await ask(source, 'search_path')).toEqual(everySession('conversations,public'));
  });

  test('PGOPTIONS of the environment changes nothing', async () => {
    process.env.PGOPTIONS = '-c work_mem=7MB -c default_transaction_read_only=on';
    const source = await open(asRole());
    expect(await ask(source, 'work_mem')).not.toContain('7MB');
    expect(await ask(source, 'default_transaction_read_only')).toEqual(everySession('off'));
  });

  test('a time limit of the driver in the URL cuts off no statement', async () => {
    const url = asRole();
    url.searchParams.set('query_timeout', '1');
    const source = await open(url);
    expect(await source.query('select 1 as one from pg_sleep(0.1)')).toEqual([{ one: 1 }]);
  });

  test('a session that does not keep them is refused, in one line', async () => {
    const schema = new Client(databaseUrl);
    await schema.connect();
    await schema.query(`create schema forgetful`);
    await schema.query(`create function forgetful.set_config(text, text, boolean) returns text
      language sql as 'select $2'`);
    await schema.end();
    const url = asRole();
    url.searchParams.set('options', '-c search_path=forgetful,pg_catalog -c lock_timeout=0');
    await expect(open(url)).rejects.toThrow(
      /^DATABASE_URL: a session does not keep its settings \(lock_timeout is 0, and not 2s\)$/,
    );
  });

  test('one that the role may not put right is refused as well', async () => {
    await admin.query(
      `alter database ${nameOf(databaseUrl)} set session_replication_role = 'replica'`,
    );
    await admin.query(`alter role ${ROLE} nosuperuser`);
    const refused = expect(open(asRole())).rejects.toThrow(
      /^DATABASE_URL: a session cannot be set up \(permission denied .*replication_role"\)$/,
    );
    await refused.finally(() => admin.query(`alter role ${ROLE} superuser`));
  });
});
