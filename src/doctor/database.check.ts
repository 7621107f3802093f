import type { DataSource } from 'typeorm';
import { databaseSetting } from '../app/app.database';
import type { Config } from '../config';
import {
  compareMigrations,
  connectDatabase,
  isWritable,
  queryableOf,
  readInstallation,
} from '../database/data-source';
import { requireSupported } from '../database/requirements';
import type { Queryable } from '../database/transaction';
import { EPOCH_SEEN, type EpochSeen } from '../log/log.epoch';
import type { Logger } from '../logger';
import { blame } from '../runtime/blame';
import { compareClocks, type Finding, ok, problem, problemsOf, warning } from './finding';

/** The findings, and the id of the installation; null when there is none yet. */
export interface DatabaseReport {
  findings: Finding[];
  installationId: string | null;
}

interface Facts {
  version: string;
  role: string;
  schema: string;
  mayCreate: boolean;
  maxConnections: number;
  nowMs: number;
}

const FACTS = `select current_setting('server_version') as version, current_user::text as role,
  current_schema()::text as schema,
  has_schema_privilege(current_schema(), 'create') as "mayCreate",
  current_setting('max_connections')::int as "maxConnections",
  extract(epoch from clock_timestamp()) * 1000 as "nowMs"`;

/** The tables of the schema that the role may not use, and those that it may not change. */
const TABLES = `select coalesce(string_agg(relname, ', ') filter (where not (
    has_table_privilege(oid, 'select') and has_table_privilege(oid, 'insert') and
    has_table_privilege(oid, 'update') and has_table_privilege(oid, 'delete'))), '') as unusable,
  coalesce(string_agg(relname, ', ')
    filter (where not pg_has_role(relowner, 'usage')), '') as foreign
  from pg_class where relkind in ('r', 'p')
    and relnamespace = (select oid from pg_namespace where nspname = current_schema())`;

/**
 * Looks at the database by the checks of a start, and migrates nothing. An embedded one, which a
 * start brings along, is not started.
 */
export async function checkDatabase(config: Config, logger: Logger): Promise<DatabaseReport> {
  const { databaseUrl: url, directory } = config.storage;
  const setting = databaseSetting(config);
  if (url === null)
    return {
      findings: [ok(`DATABASE_URL is not set: a start brings a Postgres along, in ${directory}`)],
      installationId: null,
    };
  let dataSource: DataSource | null = null;
  try {
    dataSource = await blame(setting, 'the database cannot be reached', () =>
      connectDatabase({ url, poolSize: 1, entities: [], logger }),
    );
    await requireSupported(dataSource, setting);
    return await examine(config, dataSource);
  } catch (error) {
    return { findings: problemsOf(error, setting), installationId: null };
  } finally {
    await dataSource?.destroy();
  }
}

async function examine(config: Config, dataSource: DataSource): Promise<DatabaseReport> {
  const database = queryableOf(dataSource);
  const fromMs = Date.now();
  const [facts] = await database.query<Facts>(FACTS);
  const toMs = Date.now();
  const { pending, newer } = await compareMigrations(dataSource);
  const writable = await isWritable(dataSource);
  const isNew = (await database.query(`select to_regclass('installation') as found`)) as [Found];
  const installation = isNew[0].found === null ? null : await readInstallation(database);
  return {
    findings: [
      ok(`Postgres ${facts!.version}, with the encoding UTF-8 and a session for each connection`),
      writable ? ok('it can be written to') : problem('DATABASE_URL: the database is read-only'),
      checkPool(config, facts!),
      ...(await checkMigrations(database, facts!, pending)),
      ...(newer.length === 0 ? [] : [warning(`migrated by a newer version: ${newer.join(', ')}`)]),
      ...(pending.length === 0 ? await checkTimeline(config, database) : []),
      compareClocks('Postgres', Number(facts!.nowMs), fromMs, toMs),
    ],
    installationId: installation?.id ?? null,
  };
}

interface Found {
  found: string | null;
}

function checkPool({ storage }: Config, { maxConnections }: Facts): Finding {
  const { poolSize } = storage;
  const text =
    `DATABASE_POOL_SIZE is ${poolSize} for each node, ` +
    `max_connections of Postgres ${maxConnections}`;
  return poolSize < maxConnections ? ok(text) : problem(`${text}, which is too few`);
}

async function checkMigrations(
  database: Queryable,
  { role, schema, mayCreate }: Facts,
  pending: readonly string[],
): Promise<Finding[]> {
  const [tables] = await database.query<{ unusable: string; foreign: string }>(TABLES);
  const { unusable, foreign } = tables!;
  const who = `DATABASE_URL: the role ${role}`;
  if (pending.length === 0)
    return unusable === ''
      ? [ok(`all migrations have run, and the role ${role} may use every table`)]
      : [problem(`${who} may not read and write the tables ${unusable}`)];
  return [
    ok(`the next start runs ${pending.length} migrations: ${pending.join(', ')}`),
    ...(mayCreate ? [] : [problem(`${who} may create nothing in the schema ${schema}`)]),
    ...(foreign === '' ? [] : [problem(`${who} does not own the tables ${foreign}`)]),
  ];
}

/** A new timeline is noted by the next start, which also changes the epoch of the logs. */
async function checkTimeline({ storage }: Config, database: Queryable): Promise<Finding[]> {
  const [seen] = await database.query<EpochSeen & { isFirst: boolean }>(
    `select ${EPOCH_SEEN}, timeline is null as "isFirst" from installation`,
  );
  if (seen!.isFirst) return [ok('no node has started on this database yet')];
  if (!seen!.isNewTimeline) return [ok('the timeline of Postgres is the one that the nodes know')];
  const effect = storage.losslessFailover
    ? 'DATABASE_FAILOVER is lossless, so clients keep their positions'
    : 'the next start changes the log epoch, and clients begin anew';
  return [warning(`Postgres was promoted, or restored, since the last start: ${effect}`)];
}
