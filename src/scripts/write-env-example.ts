import '../runtime/node-version';
import { writeFileSync } from 'node:fs';
import { envExample } from './env-example';

writeFileSync(process.argv[2] ?? '.env.example', envExample());
