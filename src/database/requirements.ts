import type { DataSource } from 'typeorm';
import { ConfigError } from '../errors';
import { sessionsOf } from './sessions';
import { rowsOf } from './statements';

const LEAST_VERSION = 15;
const ENCODING = 'UTF8';

interface Properties {
  version: number;
  encoding: string;
  /** null when no schema of the search path exists. */
  schema: string | null;
}

const PROPERTIES = `select current_setting('server_version_num')::int / 10000 as version,
  current_setting('server_encoding') as encoding, current_schema() as schema`;

/**
 * Checks that the database is one that Parley can use. Needs no table, so it can run before the
 * migrations.
 *
 * @param setting the setting that chose the database
 * @throws {ConfigError} in one line that names the setting
 * @throws the driver's error when the database is away
 */
export async function requireSupported(dataSource: DataSource, setting: string): Promise<void> {
  const sessions = sessionsOf(dataSource);
  const [found] = await sessions.read((client) => rowsOf<Properties>(client, PROPERTIES));
  const { version, encoding, schema } = found!;
  if (version < LEAST_VERSION)
    throw new ConfigError(
      `${setting}: the database is Postgres ${version}, and ${LEAST_VERSION} or newer is needed`,
    );
  if (encoding !== ENCODING)
    throw new ConfigError(
      `${setting}: the database has the encoding ${encoding}, and ${ENCODING} is needed: ` +
        'create it with "encoding UTF8 template template0"',
    );
  if (schema === null)
    throw new ConfigError(`${setting}: no schema of the role's search_path exists`);
}
