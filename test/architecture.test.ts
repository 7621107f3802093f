import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const SRC = resolve(__dirname, '../src');

/** Names that everything may import: no part of them knows a part of the house. */
const FOUNDATION = [
  'batches',
  'cork',
  'config',
  'errors',
  'events',
  'logger',
  'scalars',
  'text',
  'idempotency',
  'tally',
  'throttle',
  'listeners',
];

/** Which part may import which, beside the foundation and itself. The picture in ARCHITECTURE.md, enforced. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  database: [],
  redis: [],
  'rate-limits': ['redis'],
  delivery: ['database', 'redis'],
  auth: ['database'],
  conversation: ['auth', 'database', 'delivery/log', 'delivery/inbox', 'delivery/bus'],
  notification: ['auth', 'database', 'delivery/inbox', 'delivery/bus', 'conversation'],
  presence: ['auth', 'conversation/conversation.access', 'delivery/bus', 'redis'],
  message: ['auth', 'database', 'delivery/log', 'delivery/inbox', 'conversation', 'rate-limits'],
  offer: ['auth', 'database', 'delivery/log', 'delivery/inbox', 'conversation'],
  membership: ['auth', 'database', 'delivery/log', 'delivery/inbox', 'delivery/bus', 'conversation', 'offer'],
  graphql: [
    'auth',
    'database/page',
    'conversation',
    'message',
    'offer',
    'membership',
    'notification',
    'presence',
    'delivery/hub',
    'delivery/inbox',
    'delivery/log',
    'delivery/seat',
  ],
  server: ['auth', 'database', 'delivery', 'graphql', 'presence'],
  demo: ['auth', 'graphql/context', 'offer'],
  scripts: ['auth', 'database', 'graphql'],
  app: ['*'],
  'app.database': ['database', 'started'],
  'app.servers': ['auth', 'database/data-source', 'graphql', 'server', 'started'],
  started: [],
  heap: [],
  main: ['app', 'auth', 'demo', 'heap'],
};

/** Redis has these doors and no other. */
const REDIS_DOORS = [/^redis$/, /^delivery\/bus\.redis/, /^presence\/presence\.(store\.redis|reaper|scripts)/, /^app$/];
const REDIS_PACKAGES = ['ioredis', 'graphql-redis-subscriptions'];

interface Import {
  from: string;
  to: string;
}

function sourceFiles(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

/** `conversation/conversation.access`, for a file of ours; a package's name as it is. */
function importsOf(file: string): Import[] {
  const from = relative(SRC, file).replace(/\.ts$/, '');
  const source = readFileSync(file, 'utf8');
  const specifiers = [...source.matchAll(/(?:from|import|require\()\s*'([^']+)'/g)].map((match) => match[1]!);
  return specifiers.map((specifier) => ({
    from,
    to: specifier.startsWith('.') ? relative(SRC, resolve(dirname(file), specifier)) : `package:${specifier}`,
  }));
}

function partOf(module: string): string {
  return module.split('/')[0]!;
}

function isAllowed({ from, to }: Import): boolean {
  if (to.startsWith('package:')) return true;
  if (FOUNDATION.includes(to)) return true;
  if (FOUNDATION.includes(from)) return false;
  const allowed = MAY_IMPORT[partOf(from)];
  if (!allowed) return false;
  if (partOf(to) === partOf(from)) return true;
  return allowed.some((name) => name === '*' || to === name || to.startsWith(`${name}/`));
}

describe('the house', () => {
  const imports = sourceFiles(SRC).flatMap(importsOf);
  const show = ({ from, to }: Import) => `${from} → ${to}`;

  test('its parts import only what the picture allows', () => {
    const ours = imports.filter(({ to }) => !to.startsWith('package:'));
    expect(ours.length).toBeGreaterThan(100);
    expect(ours.filter((one) => !isAllowed(one)).map(show)).toEqual([]);
  });

  test('Redis is known behind its doors only', () => {
    const redis = imports.filter(({ to }) => REDIS_PACKAGES.includes(to.replace('package:', '')));
    expect(redis.length).toBeGreaterThan(0);
    expect(redis.filter(({ from }) => !REDIS_DOORS.some((door) => door.test(from))).map(show)).toEqual([]);
  });

  test('only config reads the environment', () => {
    const readers = sourceFiles(SRC).filter((file) => readFileSync(file, 'utf8').includes('process.env'));
    // The other one hands parts of it on to the processes that it starts.
    expect(readers.map((file) => relative(SRC, file))).toEqual(['config.ts', 'database/embedded.binaries.ts']);
  });

  test('message and offer do not know each other', () => {
    const crossing = imports.filter(({ from, to }) => {
      const parts = [partOf(from), partOf(to)].sort();
      return parts[0] === 'message' && parts[1] === 'offer';
    });
    expect(crossing.map(show)).toEqual([]);
  });
});
