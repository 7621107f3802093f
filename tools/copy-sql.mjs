// Copies the files of SQL that the migrations read to where the compiler put the migrations.
// usage: node tools/copy-sql.mjs FROM TO
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [from, to] = process.argv.slice(2);
const files = readdirSync(from, { recursive: true }).filter((file) => file.endsWith('.sql'));
for (const file of files) cpSync(join(from, file), join(to, file));
