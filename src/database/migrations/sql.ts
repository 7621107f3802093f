import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Reads a file of SQL beside the migrations, which may hold several statements.
 *
 * Such a file belongs to its migration for ever. A function that changes gets a new file in a new
 * migration.
 *
 * @param path below this folder, e.g. `2-functions/notify.sql`
 */
export function readSql(path: string): string {
  return readFileSync(join(__dirname, path), 'utf8');
}
