import '../runtime/node-version';
import { parseArgs } from 'node:util';
import { signToken } from '../auth/token';
import { loadConfig } from '../config';
import { ConfigError } from '../errors';

const USAGE =
  'usage: npm run token -- USER_ID [--expires-in SECONDS]\n' +
  '       npm run token -- --service [--expires-in SECONDS]';

/** Prints a token for development and support: a user's or, with `--service`, the platform's. */
function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { service: { type: 'boolean', default: false }, 'expires-in': { type: 'string' } },
  });
  const { auth } = loadConfig();
  const [userId] = positionals;
  const expiresInS = values['expires-in'] === undefined ? undefined : Number(values['expires-in']);
  if (expiresInS !== undefined && !(Number.isInteger(expiresInS) && expiresInS > 0))
    throw new ConfigError('--expires-in: must be a positive number of seconds');
  if (auth.expiryRequired && expiresInS === undefined)
    throw new ConfigError('--expires-in: is required in production');
  if (values.service) {
    if (auth.serviceSecret === null) throw new ConfigError('JWT_SERVICE_SECRET: is not set');
    const claims = { sub: userId ?? 'service', role: 'service' } as const;
    process.stdout.write(`${signToken(auth.serviceSecret, claims, expiresInS)}\n`);
    return;
  }
  if (!userId) throw new ConfigError(`a user id is needed\n${USAGE}`);
  const [secret] = auth.userSecrets;
  if (secret === undefined) throw new ConfigError('JWT_SECRET: is not set, and it signs the token');
  process.stdout.write(`${signToken(secret, { sub: userId, username: userId }, expiresInS)}\n`);
}

try {
  main();
} catch (error) {
  process.stderr.write(`parley: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
