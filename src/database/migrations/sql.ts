import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Returns the text of a migration's SQL file, which may hold several statements.
 *
 * The file belongs to its migration and never changes. A function that changes gets a new file in a
 * new migration.
 *
 * @param path relative to this folder, e.g. `2-functions/notify.sql`
 */
export function readSql(path: string): string {
  return readFileSync(join(__dirname, path), 'utf8');
}
