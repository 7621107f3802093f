import {
  DEVELOPMENT_SECRET,
  DEVELOPMENT_SERVICE_SECRET,
  loadConfig,
  SETTINGS,
} from '../../src/config';
import { ConfigError } from '../../src/errors';
import { PRIVATE_KEY, PUBLIC_KEY, WRONG_PUBLIC_KEYS } from '../support/keys';

const PRODUCTION = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://localhost/parley',
  JWT_SECRET: 'a secret of the production, and a long one',
};

/** The lines of the refusal; none when the settings are accepted. */
function refusal(env: NodeJS.ProcessEnv): string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message.split('\n');
  }
}

const NUMBERS = ['x', '-1', '1.5', '1e400', 'NaN', 'Infinity', '0x', '99999999999999999999'];
const URLS = ['x', 'http:\\\\x', 'localhost:5432', '//host', 'ftp://host'];
const REDIS_URLS = [
  'postgres://host/db',
  'unix:///run/redis.sock',
  '/run/redis.sock',
  'redis:6379',
  'redis:/host',
  'redis:\\\\host',
  'redis://',
  'redis:///0',
  'redis://:6379',
  'redis://user:50%@host',
  'redis://us%er:secret@host',
  'redis://:%E0%A4@host',
  'redis://user:pa#ss@host',
  'redis://user:pa/ss@host',
  'redis://user:pa?ss@host',
  'redis://pa#ss@host',
  'redis://host#0',
  'redis://%2Frun%2Fredis.sock',
  'redis://ho%20st',
  'redis://host:x',
  'redis://host:0',
  'redis://host:65536',
  'redis://host:-1',
  ...[
    'abc',
    '-1',
    '1.5',
    '0/1',
    '0/',
    '1e3',
    '%30',
    '0x1',
    '4294967296',
    '+1',
    'run/redis.sock',
  ].map((path) => `redis://host/${path}`),
  ...['retryStrategy=1', 'lazyConnect=true', 'enableOfflineQueue=1', 'path=/run/redis.sock'].map(
    (query) => `redis://host?${query}`,
  ),
  ...['family=5', 'family=', 'db=x', 'db=', 'db=1&db=2', 'family=4&family=6', 'sentinels=a'].map(
    (query) => `redis://host?${query}`,
  ),
  ...['keyPrefix=a', 'password=secret', 'tls=0', 'host=other', '__proto__=1', 'readOnly=true'].map(
    (query) => `redis://host?${query}`,
  ),
  'redis://host/1?db=2',
];
const FLAGS = ['yes', '1', '0', 'on', 'truely'];
const PROTOCOLS = ['grpc', 'http/json', 'http', 'HTTP/PROTOBUF', 'protobuf'];
const COMPRESSIONS = ['zip', 'GZIP', 'br', 'true', 'deflate'];
const PAIRS = ['a', 'a,b=c', 'a=%zz', '=b', 'a=b,', 'a b=c'];
const WRONG: Record<string, readonly string[]> = {
  NODE_ENV: ['prod', 'PRODUCTION', '1', 'true', 'live'],
  PORT: [...NUMBERS, '65536'],
  DATABASE_URL: [...URLS, 'mysql://host/db', 'redis://host'],
  REDIS_URL: [...URLS, ...REDIS_URLS],
  DATABASE_POOL_SIZE: [...NUMBERS, '0', '1'],
  DATABASE_FAILOVER: ['lossy', 'true', '1', 'Lossless', 'lossless,'],
  LIMIT_OPERATION_S: [...NUMBERS, '0', '3601'],
  DRAIN_DELAY_S: [...NUMBERS, '3601'],
  DRAIN_SPREAD_S: [...NUMBERS, '3601'],
  HTTP_KEEP_ALIVE_S: [...NUMBERS, '0', '3601'],
  JWT_PUBLIC_KEY: WRONG_PUBLIC_KEYS,
  JWT_JWKS_URL: [...URLS, 'file:///etc/passwd', 'http://user@host/', 'https://u:p@host/jwks'],
  JWT_SERVICE_PUBLIC_KEY: WRONG_PUBLIC_KEYS,
  JWT_ISSUER: [',', 'a,', ',a', 'a,,b', ' , '],
  JWT_AUDIENCE: [',', 'a,', ',a', 'a,,b', ' , '],
  USER_PROVISIONING: ['tokens', 'TOKEN', 'yes', 'none', 'true'],
  FRONTEND_URL: ['x', '*', 'https://a/', 'https://a/b', 'https://u@a', 'https://a,', 'a.example'],
  ATTACHMENT_ORIGINS: ['x', '*', 'https://a/', 'https://a/b', 'https://u@a', 'https://a,', 'x://a'],
  TRUST_PROXY: ['yes', '10.0.0.0/99', 'x', '-1', '1.2.3.4.5', 'loopback,'],
  PERSISTED_OPERATIONS: [',', 'a,', ',a', 'a,,b', ' , '],
  PERSISTED_ONLY: ['yes', '1', 'TRUE', 'on', '0', 'true,'],
  DEMO: ['yes', '1', 'TRUE', 'on', '0', 'true,'],
  GRAPHIQL: ['yes', '1', 'TRUE', 'on', '0', 'true,'],
  METRICS_PORT: ['x', '-1', '65536', '1.5', 'true'],
  OTEL_SDK_DISABLED: FLAGS,
  OTEL_TRACES_EXPORTER: ['jaeger', 'console', 'zipkin', 'OTLP', 'otlp,console'],
  OTEL_EXPORTER_OTLP_PROTOCOL: PROTOCOLS,
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: PROTOCOLS,
  OTEL_EXPORTER_OTLP_COMPRESSION: COMPRESSIONS,
  OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: COMPRESSIONS,
  OTEL_EXPORTER_OTLP_HEADERS: PAIRS,
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: PAIRS,
  OTEL_RESOURCE_ATTRIBUTES: PAIRS,
  OTEL_TRACES_SAMPLER: ['always', 'ratio', 'ALWAYS_ON', 'parentbased', 'jaeger_remote', 'xray'],
  OTEL_TRACES_SAMPLER_ARG: ['x', '-0.1', '1.1', 'NaN', 'Infinity', '10%'],
  ...Object.fromEntries(
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'].map((name) => [
      name,
      [...URLS, 'grpc://host:4317'],
    ]),
  ),
  ...Object.fromEntries(
    [
      'OTEL_EXPORTER_OTLP_TIMEOUT',
      'OTEL_EXPORTER_OTLP_TRACES_TIMEOUT',
      'OTEL_BSP_SCHEDULE_DELAY',
      'OTEL_BSP_EXPORT_TIMEOUT',
      'OTEL_BSP_MAX_QUEUE_SIZE',
      'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
    ].map((name) => [name, [...NUMBERS, '0', '2147483648']]),
  ),
  LOG_LEVEL: ['loud', 'INFO', 'warning', '1', 'off'],
  FAILPOINT: [
    'kill',
    'kill-before-publish',
    'kill-before-publish:2',
    'kill-before-publish:-1',
    'x:1',
  ],
  ...Object.fromEntries(
    [
      'LIMIT_BODY_BYTES',
      'LIMIT_DEPTH',
      'LIMIT_COST',
      'LIMIT_ALIASES',
      'LIMIT_TOKENS',
      'LIMIT_DIRECTIVES',
      'LIMIT_SUBSCRIPTIONS_PER_SOCKET',
      'LIMIT_SOCKETS_PER_USER',
      'LIMIT_UNINITIALISED_SOCKETS_PER_ADDRESS',
      'LIMIT_MESSAGES_PER_SECOND',
      'LIMIT_MESSAGES_PER_MINUTE',
      'LIMIT_OFFERS_PER_MINUTE',
      'LIMIT_CONVERSATIONS_PER_HOUR',
      'LIMIT_WRITES_PER_MINUTE',
      'LIMIT_OPERATIONS_PER_SOCKET',
      'LIMIT_OPERATIONS_PER_USER',
      'LIMIT_WAITING_OPERATIONS_PER_USER',
      'LIMIT_PENDING_OFFERS',
      'LIMIT_QUEUE_BYTES',
      'LIMIT_QUEUE_EVENTS',
    ].map((name) => [name, [...NUMBERS, '0', '2147483648']]),
  ),
};

/** Any text will do until the start: `test/process/start.settings.slow.test.ts` has their wrong values. */
const TRIED_BY_STARTING = ['HOST', 'DATA_DIR'];
/** Secrets, of which only production refuses any. */
const SECRETS = ['JWT_SECRET', 'JWT_SECRET_PREVIOUS', 'JWT_SERVICE_SECRET'];
const WRONG_SECRETS = [
  'short',
  'x',
  'a secret of 31 characters only.',
  DEVELOPMENT_SECRET,
  DEVELOPMENT_SERVICE_SECRET,
];
/** Values that no library may choke on, whatever a setting is for. */
const STRANGE = [
  ...['%', '%zz', '[]', '{}', 'null', '__proto__', 'constructor', '🙂', '../../x', "'", ','],
  ...['a\nb', '\u0000', 'x'.repeat(100_000), '9'.repeat(400), '://', 'a://b', '-', '*', '(', '\\'],
];

describe('the settings', () => {
  test('have at least five wrong values each, so that a new one is covered as well', () => {
    const tried = [...TRIED_BY_STARTING, ...SECRETS, ...Object.keys(WRONG)];
    expect([...tried].sort()).toEqual([...SETTINGS].sort());
    for (const values of [WRONG_SECRETS, ...Object.values(WRONG)])
      expect(new Set(values).size).toBeGreaterThanOrEqual(5);
  });

  test.each(SETTINGS)('%s is accepted or refused in one line, however strange', (name) => {
    for (const value of STRANGE)
      for (const NODE_ENV of ['development', 'production']) {
        const lines = refusal({ ...PRODUCTION, NODE_ENV, [name]: value });
        expect(lines.length).toBeLessThanOrEqual(1);
        for (const line of lines) expect(line).toMatch(new RegExp(`^${name}: \\S`));
      }
  });

  test.each(SECRETS)('%s is refused in production in one line that names it', (name) => {
    for (const value of WRONG_SECRETS) {
      const lines = refusal({ ...PRODUCTION, [name]: value });
      expect(lines).toEqual([expect.stringMatching(new RegExp(`^${name}: \\S`))]);
    }
  });

  test.each(
    Object.entries(WRONG).flatMap(([name, values]) => values.map((value) => [name, value])),
  )('%s=%s is refused in one line that names it', (name, value) => {
    const lines = refusal({ [name!]: value });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^${name}: \\S`));
  });

  test('that are wrong are told all at once, a line each', () => {
    const wrong = Object.entries(WRONG).filter(([name]) => name !== 'NODE_ENV');
    const env = Object.fromEntries(wrong.map(([name, [value]]) => [name, value]));
    expect(refusal(env).map((line) => line.split(':', 1)[0])).toEqual(
      expect.arrayContaining(wrong.map(([name]) => name)),
    );
    expect(refusal(env)).toHaveLength(wrong.length);
  });

  test('give the metrics a port of their own in production alone, and never that of the API', () => {
    const portOf = (env: NodeJS.ProcessEnv) => loadConfig(env).http.metricsPort;
    expect([portOf({}), portOf({ METRICS_PORT: '1' }), portOf(PRODUCTION)]).toEqual([
      null,
      1,
      9464,
    ]);
    const lines = ['METRICS_PORT: must differ from PORT'];
    expect(refusal({ PORT: '9', METRICS_PORT: '9' })).toEqual(lines);
    expect(refusal({ ...PRODUCTION, PORT: '9464' })).toEqual(lines);
    expect(refusal({ PORT: '0', METRICS_PORT: '0' })).toEqual([]);
  });

  test.each([
    ['demo', 'DEMO'],
    ['graphiql', 'GRAPHIQL'],
  ] as const)('serve the page %s in development, and elsewhere by %s', (page, name) => {
    const env = { DATABASE_URL: 'postgres://x', JWT_SECRET: 'x'.repeat(32) };
    const isOn = (more: NodeJS.ProcessEnv) => loadConfig({ ...env, ...more })[page];
    expect([isOn({}), isOn({ [name]: 'false' })]).toEqual([true, false]);
    const production = { NODE_ENV: 'production' };
    expect([isOn(production), isOn({ ...production, [name]: 'true' })]).toEqual([false, true]);
    const persisted = { PERSISTED_OPERATIONS: 'a.json', PERSISTED_ONLY: 'true' };
    expect(isOn({ ...persisted, [name]: 'true' })).toBe(false);
  });

  test('run persisted operations alone only where there are some', () => {
    const only = (env: NodeJS.ProcessEnv) => loadConfig(env).persisted;
    expect(only({})).toEqual({ files: [], only: false });
    const PERSISTED_OPERATIONS = 'a.json, b.json';
    expect(only({ PERSISTED_OPERATIONS, PERSISTED_ONLY: 'true' })).toEqual({
      files: ['a.json', 'b.json'],
      only: true,
    });
    const lines = [expect.stringMatching(/^PERSISTED_ONLY: needs PERSISTED_OPERATIONS/)];
    expect(refusal({ PERSISTED_ONLY: 'true' })).toEqual(lines);
  });

  test('of production are told with the others', () => {
    expect(refusal(PRODUCTION)).toEqual([]);
    const wrong = { NODE_ENV: 'production', JWT_SECRET: 'short', PORT: 'x', FAILPOINT: 'x' };
    const names = refusal(wrong).map((line) => line.split(':', 1)[0]);
    expect(new Set(names)).toEqual(new Set(['DATABASE_URL', 'JWT_SECRET', 'PORT', 'FAILPOINT']));
    expect(refusal({ ...PRODUCTION, JWT_SERVICE_SECRET: DEVELOPMENT_SECRET })).toEqual([
      'JWT_SERVICE_SECRET: is the published development secret',
    ]);
  });

  test('of production demand a key of users, of any kind, and secrets that are set are checked', () => {
    const { JWT_SECRET: _, ...none } = PRODUCTION;
    expect(refusal(none)).toEqual([expect.stringMatching(/^JWT_SECRET: is required/)]);
    const env = { ...none, JWT_PUBLIC_KEY: PUBLIC_KEY };
    expect(loadConfig(env).auth).toMatchObject({ userSecrets: [], serviceSecret: null });
    expect(refusal({ ...env, JWT_SECRET: 'short' })).toHaveLength(1);
    for (const url of ['https://id.example.com/jwks', 'http://127.0.0.1:1/', 'http://[::1]/'])
      expect(refusal({ ...none, JWT_JWKS_URL: url })).toEqual([]);
    for (const url of ['http://id.example.com/jwks', 'http://127.0.0.1.example.com/'])
      expect(refusal({ ...none, JWT_JWKS_URL: url })).toEqual([
        'JWT_JWKS_URL: must be a URL that starts with https:// in production',
      ]);
  });

  test('name no part of a private key that stands for a public one', () => {
    const [line] = refusal({ JWT_PUBLIC_KEY: PRIVATE_KEY });
    expect(line).toBe('JWT_PUBLIC_KEY: must be a public key, and is a private one');
  });

  test('that are not built yet are refused, and blank ones count as not set', () => {
    for (const name of ['WEBHOOK_URL', 'REMIND_AFTER', 'PRE_SEND_HOOK_URL'])
      expect(refusal({ [name]: '1' })).toEqual([`${name}: is not supported yet`]);
    const blank = Object.fromEntries(
      [...Object.keys(WRONG), 'WEBHOOK_URL'].map((name) => [name, ' ']),
    );
    expect(refusal(blank)).toEqual([]);
  });
});
