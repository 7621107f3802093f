import 'reflect-metadata';
import { connectDatabase, migrate } from '../../src/database/data-source';
import { createLogger } from '../../src/logger';
import { createDatabase } from './services';

/**
 * Creates a database and runs the migrations in it. Each test that needs a database copies this one,
 * which is quicker than to migrate.
 *
 * @returns its name. Nothing is connected to it, so it can be copied
 */
export async function createTemplate(adminUrl: string): Promise<string> {
  const url = await createDatabase(adminUrl);
  const logger = createLogger('silent');
  const dataSource = await connectDatabase({ url, poolSize: 2, entities: [], logger });
  try {
    await migrate(dataSource);
  } finally {
    await dataSource.destroy();
  }
  return new URL(url).pathname.slice(1);
}
