import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import {
  findCycle,
  type Import,
  importsOf,
  isIn,
  isOurs,
  roomOf,
  show,
  sourceFiles,
} from './support/imports';

const SRC = resolve(__dirname, '../src');

/** The rooms and catalogues that everything may import: they know no other room. */
const FOUNDATION = ['config', 'errors', 'events', 'logger', 'runtime', 'input'];

const DOMAIN = [
  'people',
  'conversation',
  'message',
  'offer',
  'notification',
  'membership',
  'platform',
  'presence',
];

/** Which room may import which, beside the foundation and itself. The table in ARCHITECTURE.md, enforced. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  redis: [],
  'rate-limit': ['redis'],
  database: [],
  bus: ['redis'],
  log: ['bus', 'database'],
  delivery: ['bus', 'log'],
  people: ['bus', 'database', 'rate-limit'],
  auth: ['people'],
  conversation: ['bus', 'database', 'log', 'people', 'rate-limit'],
  message: ['conversation', 'database', 'log', 'people', 'rate-limit'],
  offer: ['conversation', 'database', 'log', 'people', 'rate-limit'],
  notification: ['bus', 'conversation', 'database', 'log', 'people'],
  membership: ['bus', 'conversation', 'database', 'log', 'offer', 'people'],
  platform: ['bus', 'conversation', 'people'],
  presence: ['bus', 'conversation', 'people', 'redis'],
  graphql: ['auth', 'database/page', 'delivery', 'log', ...DOMAIN],
  execution: ['delivery', 'graphql', 'message', 'people'],
  'frame-trace': ['bus'],
  server: [
    ...['auth', 'bus', 'database', 'delivery', 'execution', 'frame-trace', 'graphql', 'people'],
    'presence',
  ],
  metrics: [],
  telemetry: [],
  scripts: ['auth', 'bus', 'database', 'doctor', 'frame-trace', 'graphql', 'redis'],
  doctor: [
    ...['app/address', 'app/app.database', 'app/app.execution', 'auth', 'bus', 'database', 'log'],
    ...['presence', 'rate-limit', 'redis', 'server/metrics.server'],
  ],
  app: ['*'],
  main: ['app', 'auth'],
};

/** Redis has these doors and no other. */
const REDIS_DOORS = ['redis', 'bus', 'presence/store', 'rate-limit', 'app', 'doctor'];
/** The only room that knows how metrics are told. The others keep plain counts. */
const METRICS_PACKAGES = ['prom-client'];
const REDIS_PACKAGES = ['ioredis', 'graphql-redis-subscriptions'];
const isOpenTelemetry = ({ to }: Import) => to.startsWith('package:@opentelemetry/');

function isAllowed({ from, to }: Import): boolean {
  if (isIn(to, FOUNDATION)) return true;
  if (isIn(from, FOUNDATION)) return false;
  if (roomOf(to) === roomOf(from)) return true;
  return isIn(to, MAY_IMPORT[roomOf(from)] ?? []);
}

describe('the house', () => {
  const imports = sourceFiles(SRC).flatMap((file) => importsOf(SRC, file));
  const ours = imports.filter(isOurs);

  test('its rooms import only what the table allows', () => {
    expect(ours.length).toBeGreaterThan(100);
    expect(ours.filter((one) => !isAllowed(one)).map(show)).toEqual([]);
  });

  test('the table knows every room, and no other', () => {
    const rooms = new Set(
      sourceFiles(SRC).map((file) => roomOf(relative(SRC, file)).replace(/\.ts$/, '')),
    );
    const known = new Set([...FOUNDATION, ...Object.keys(MAY_IMPORT)]);
    expect([...known].sort()).toEqual([...rooms].sort());
  });

  test('no import, of a type neither, leads in a circle', () => {
    expect(findCycle([...ours, { from: 'one', to: 'other' }])).toBeNull();
    expect(
      findCycle([
        { from: 'one', to: 'other' },
        { from: 'other', to: 'one' },
      ]),
    ).toEqual(['one', 'other', 'one']);
  });

  test('Redis is known behind its doors only', () => {
    const redis = imports.filter(({ to }) => REDIS_PACKAGES.includes(to.replace('package:', '')));
    expect(redis.length).toBeGreaterThan(0);
    expect(redis.filter(({ from }) => !isIn(from, REDIS_DOORS)).map(show)).toEqual([]);
  });

  test('prom-client is known in one room only', () => {
    const users = imports.filter(({ to }) => METRICS_PACKAGES.includes(to.replace('package:', '')));
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter(({ from }) => roomOf(from) !== 'metrics').map(show)).toEqual([]);
  });

  test('OpenTelemetry is known in one room only, which nothing loads but where it is turned on', () => {
    const users = imports.filter(isOpenTelemetry);
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter(({ from }) => roomOf(from) !== 'telemetry').map(show)).toEqual([]);
    const doors = ours.filter(
      ({ from, to }) => isIn(to, ['telemetry']) && !isIn(from, ['telemetry']),
    );
    expect(doors.map(show)).toEqual(['app/app.traces → telemetry/opentelemetry']);
    const [door] = sourceFiles(SRC).filter((file) => file.endsWith('app.traces.ts'));
    expect(readFileSync(door!, 'utf8')).not.toMatch(/^import .*telemetry/m);
  });

  test('only config reads the environment', () => {
    const readers = sourceFiles(SRC).filter((file) =>
      readFileSync(file, 'utf8').includes('process.env'),
    );
    // The others hand parts of it on to the processes that are started, and set what the system's
    // resolver reads.
    expect(readers.map((file) => relative(SRC, file))).toEqual([
      'config.ts',
      'database/embedded/binaries.ts',
      'runtime/name-lookup.ts',
    ]);
  });
});
