import type { DataSource } from 'typeorm';
import type { Config } from '../config';
import { connectDatabase } from '../database/data-source';
import { startEmbeddedPostgres } from '../database/embedded/postgres';
import type { Logger } from '../logger';
import { blame } from '../runtime/blame';

/**
 * Runs the work of a command with one connection to the database of the settings, migrations aside.
 * Without `DATABASE_URL` that is the embedded one, which runs as long as the work if no node has
 * started it.
 *
 * @throws {ConfigError} when the database cannot be used, or the work fails; the message names the
 *   setting. A `ConfigError` of the work is passed on
 */
export async function withDatabase<T>(
  { storage }: Config,
  logger: Logger,
  work: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  const setting = storage.databaseUrl === null ? 'DATA_DIR' : 'DATABASE_URL';
  return blame(setting, 'the database cannot be used', async () => {
    const embedded =
      storage.databaseUrl === null
        ? await startEmbeddedPostgres({ directory: storage.directory, logger })
        : null;
    const url = storage.databaseUrl ?? embedded!.url;
    try {
      const dataSource = await connectDatabase({ url, poolSize: 1, entities: [], logger });
      return await work(dataSource).finally(() => dataSource.destroy());
    } finally {
      if (embedded && !embedded.adopted) await embedded.stop();
      else embedded?.disown();
    }
  });
}
