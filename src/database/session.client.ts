/**
 * A connection to Postgres whose session has the settings on which the program leans, before its
 * first statement.
 *
 * - The settings are set by a statement, after the connection was made, and the session is asked
 *   for them in the same round trip. So they hold whatever the URL, the role, the database and the
 *   server's configuration say. A pooler such as PgBouncer, which refuses connections that name
 *   settings, accepts them as well.
 * - A session that does not keep one of them is never used.
 * - A pooler may hand on a session that served another client. Its named statements and its
 *   advisory locks are removed.
 * - The driver's own time limit (`query_timeout` in the URL) is ignored, and so are `PGOPTIONS`,
 *   since settings of the environment have names of Parley's. Other `options` in the URL stay.
 *
 * Settings that change who may see what (`search_path`, `role`), what the server allows
 * (`default_transaction_read_only`) or what a statement costs (`work_mem`) are the operator's.
 */

import { Client, type ClientConfig, type QueryResult } from 'pg';
import { ConfigError } from '../errors';
import { parseUrl } from '../runtime/url';
import { codeOf } from './failures';

/** Long enough for every statement. `ANSWER_TIMEOUT_MS` in `statements.ts` is longer. */
const STATEMENT_TIMEOUT = '10s';

/**
 * The needed values, spelled as the server itself spells them. A setting that the server does not
 * know is left out.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  statement_timeout: STATEMENT_TIMEOUT,
  lock_timeout: '2s',
  idle_in_transaction_session_timeout: '5s',
  // The pool ends sessions that it does not need, and the sole-node lock needs its session.
  idle_session_timeout: '0',
  transaction_timeout: '0',
  exit_on_error: 'off',
  // A statement that waited for a lock has to see what was committed meanwhile (decision 2).
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  // The driver reads what these shape.
  TimeZone: 'UTC',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  client_encoding: 'UTF8',
  // The statements are written for these.
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  transform_null_equals: 'off',
  row_security: 'on',
  'plpgsql.extra_errors': 'none',
  // Each statement is planned once in a session, since planning mostly costs more than executing.
  // A plan that was made while a table was small must not read all of it when it has grown.
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  jit: 'off',
};

/** Values that are replaced, while any other one stays. */
const REPLACED: Readonly<Record<string, readonly [bad: string, needed: string]>> = {
  // A commit that was answered must outlast a crash. `remote_apply` and the like promise more.
  synchronous_commit: ['off', 'on'],
  // Triggers and foreign keys have to work. Only a superuser may set it at all.
  session_replication_role: ['replica', 'origin'],
};

/** The needed values as rows. A row with a `bad` value is needed only instead of that value. */
const NEEDED = `(values ${[
  ...Object.entries(SETTINGS).map(([name, value]) => `('${name}', '${value}', null)`),
  ...Object.entries(REPLACED).map(([name, [bad, value]]) => `('${name}', '${value}', '${bad}')`),
].join(', ')}) as needed(name, value, bad)`;

/** Matches those that the session has with another value. */
const DIFFERS = `current_setting(name, true) <> value
  and (bad is null or bad = current_setting(name, true))`;

/** The first of these statements still has the session's own time limit, so it is a short one. */
const OPENING = `set statement_timeout = '${STATEMENT_TIMEOUT}';
deallocate all;
select pg_advisory_unlock_all();
select set_config(name, value, false) from ${NEEDED}
  where current_setting(name, true) is not null
    and (bad is null or bad = current_setting(name, true));
select name, value, current_setting(name) as actual from ${NEEDED} where ${DIFFERS}`;

/** Classes of SQLSTATEs which say that the role may not set something, or the server cannot. */
const REFUSALS = /^(0A|22|42)/;

/** The parameters of pg's connection, which its types do not declare. */
interface ConnectionParameters {
  query_timeout?: unknown;
  statement_timeout?: unknown;
  lock_timeout?: unknown;
  idle_in_transaction_session_timeout?: unknown;
  options?: unknown;
}

export class SessionClient extends Client {
  constructor(config: ClientConfig) {
    super(config);
    dropLimits(this, config.connectionString ?? '');
    // An 'error' event without a listener would end the process, and the pool listens only while
    // nothing uses the connection. The loss of the connection also rejects its statement.
    this.on('error', ignore);
  }

  override connect(): Promise<Client>;
  override connect(callback: (error: Error) => void): void;
  /** Resolves when the session has its settings. */
  override connect(callback?: (error: Error) => void): Promise<Client> | undefined {
    const connected = this.open();
    if (!callback) return connected;
    connected.then(() => callback(null as unknown as Error), callback);
    return undefined;
  }

  private async open(): Promise<Client> {
    await super.connect();
    try {
      const results = (await this.query(OPENING)) as unknown as QueryResult[];
      requireKept(results.at(-1)!.rows);
      return this;
    } catch (error) {
      this.end(ignore);
      if (!REFUSALS.test(codeOf(error) ?? '')) throw error;
      throw new ConfigError(
        `DATABASE_URL: a session cannot be set up (${(error as Error).message})`,
      );
    }
  }
}

/**
 * Makes a client that is not connected yet neither send nor keep any time limit, nor the
 * environment's options.
 */
export function dropLimits(client: Client, url: string): void {
  const { connectionParameters } = client as unknown as {
    connectionParameters: ConnectionParameters;
  };
  connectionParameters.query_timeout = undefined;
  connectionParameters.statement_timeout = undefined;
  connectionParameters.lock_timeout = undefined;
  connectionParameters.idle_in_transaction_session_timeout = undefined;
  if (!parseUrl(url)?.searchParams.has('options')) connectionParameters.options = undefined;
}

/** @throws {ConfigError} when the session has a setting with another value than it was given */
function requireKept(rows: { name: string; value: string; actual: string }[]): void {
  const [row] = rows;
  if (!row) return;
  throw new ConfigError(
    `DATABASE_URL: a session does not keep its settings (${row.name} is ${row.actual}, ` +
      `and not ${row.value})`,
  );
}

function ignore(): void {}
