import { z } from 'zod';
import { exportsTraces, telemetry } from './config/otel.settings';
import {
  keySetUrl,
  limit,
  optional,
  originList,
  publicKeys,
  redisUrl,
  textList,
  trustProxy,
  url,
  webOriginList,
  wholeNumber,
  withDefault,
} from './config/setting.forms';
import {
  contradictions,
  firstOfEach,
  issuesInProduction,
  metricsPortOf,
  notBuiltYet,
} from './config/setting.rules';
import { ConfigError } from './errors';

/** Default of `JWT_SECRET`, with which users' tokens are signed. Refused in production. */
export const DEVELOPMENT_SECRET = 'parley-development-secret-for-users-only';
/**
 * Default of `JWT_SERVICE_SECRET`, with which the host platform's tokens are signed. Refused in
 * production, where the service operations are off without a secret.
 */
export const DEVELOPMENT_SERVICE_SECRET = 'parley-development-secret-for-services';
const PUBLISHED_SECRETS = [DEVELOPMENT_SECRET, DEVELOPMENT_SERVICE_SECRET];

const environment = z.object({
  npm_lifecycle_event: optional(z.string()),
  NODE_ENV: withDefault(z.enum(['development', 'test', 'production']), 'development'),
  PORT: withDefault(wholeNumber(0, 65_535), 3000),
  HOST: optional(z.string()),
  METRICS_PORT: optional(wholeNumber(0, 65_535)),
  HTTP_KEEP_ALIVE_S: withDefault(wholeNumber(1, 3_600), 72),
  DATABASE_URL: optional(url('postgres:', 'postgresql:')),
  DATABASE_POOL_SIZE: withDefault(wholeNumber(2, 1_000), 10),
  DATABASE_FAILOVER: optional(z.literal('lossless', 'must be lossless, or not be set')),
  REDIS_URL: optional(redisUrl),
  DATA_DIR: withDefault(z.string(), '.data'),
  JWT_SECRET: optional(z.string()),
  JWT_SECRET_PREVIOUS: optional(z.string()),
  JWT_PUBLIC_KEY: optional(publicKeys),
  JWT_JWKS_URL: optional(keySetUrl),
  JWT_ISSUER: optional(textList),
  JWT_AUDIENCE: optional(textList),
  JWT_SERVICE_SECRET: optional(z.string()),
  JWT_SERVICE_PUBLIC_KEY: optional(publicKeys),
  USER_PROVISIONING: withDefault(z.enum(['service', 'token']), 'service'),
  FRONTEND_URL: withDefault(originList, 'http://localhost:5173'),
  TRUST_PROXY: withDefault(trustProxy, 'false'),
  ATTACHMENT_ORIGINS: optional(webOriginList),
  PERSISTED_OPERATIONS: optional(textList),
  PERSISTED_ONLY: withDefault(z.enum(['true', 'false']), 'false'),
  DEMO: optional(z.enum(['true', 'false'])),
  GRAPHIQL: optional(z.enum(['true', 'false'])),
  LOG_LEVEL: withDefault(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    'info',
  ),
  FAILPOINT: optional(
    z
      .string()
      .regex(/^kill-before-publish:(0(\.\d+)?|1)$/, 'must be kill-before-publish:PROBABILITY'),
  ),
  DRAIN_DELAY_S: optional(wholeNumber(0, 3_600)),
  DRAIN_SPREAD_S: optional(wholeNumber(0, 3_600)),
  LIMIT_BODY_BYTES: limit(256 * 1024),
  LIMIT_DEPTH: limit(12),
  LIMIT_COST: limit(2_000),
  LIMIT_ALIASES: limit(30),
  LIMIT_TOKENS: limit(5_000),
  LIMIT_DIRECTIVES: limit(50),
  LIMIT_SUBSCRIPTIONS_PER_SOCKET: limit(100),
  LIMIT_SOCKETS_PER_USER: limit(20),
  LIMIT_UNINITIALISED_SOCKETS_PER_ADDRESS: limit(2_000),
  LIMIT_MESSAGES_PER_SECOND: limit(20),
  LIMIT_MESSAGES_PER_MINUTE: limit(300),
  LIMIT_OFFERS_PER_MINUTE: limit(30),
  LIMIT_CONVERSATIONS_PER_HOUR: limit(30),
  LIMIT_WRITES_PER_MINUTE: limit(120),
  LIMIT_OPERATION_S: withDefault(wholeNumber(1, 3_600), 30),
  LIMIT_OPERATIONS_PER_SOCKET: limit(100),
  LIMIT_OPERATIONS_PER_USER: limit(4),
  LIMIT_WAITING_OPERATIONS_PER_USER: limit(100),
  LIMIT_PENDING_OFFERS: limit(20),
  LIMIT_QUEUE_BYTES: limit(1024 * 1024),
  LIMIT_QUEUE_EVENTS: limit(1_000),
  ...telemetry,
});

/** npm sets this one, and no operator. */
type NotSetting = 'npm_lifecycle_event';
export type SettingName = Exclude<keyof typeof environment.shape, NotSetting>;

/** The names of all settings. */
export const SETTINGS: readonly SettingName[] = Object.keys(environment.shape).filter(
  (name): name is SettingName => name !== ('npm_lifecycle_event' satisfies NotSetting),
);

/** The beginnings of names that are settings of Parley alone. */
const OWN_NAME = /^(ATTACHMENT|DATABASE|DRAIN|JWT|LIMIT|METRICS|PERSISTED|REDIS)_/;

/** Returns the names in the environment that look like settings, and are none. */
export function unknownSettings(env: NodeJS.ProcessEnv = process.env): string[] {
  const known: readonly string[] = SETTINGS;
  return Object.keys(env).filter((name) => OWN_NAME.test(name) && !known.includes(name));
}

/** Returns a setting's default outside of production as it is written; null when it has none. */
export function defaultOf(name: SettingName): string | null {
  const value: unknown = environment.shape[name].parse(undefined);
  return value === undefined ? null : String(value);
}

/** All settings, validated and deeply frozen. Only this file reads the environment. */
export interface Config {
  readonly production: boolean;
  /**
   * True when `npm start` started this process. Between the two is a shell, which does not pass
   * signals on.
   */
  readonly startedByNpm: boolean;
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** The port of `/metrics`; null when it is served at `port`. 0 takes any free port. */
    readonly metricsPort: number | null;
    readonly frontendOrigins: readonly string[];
    /** Proxies whose `X-Forwarded-…` headers are believed: all, so many in a row, or by address. */
    readonly trustProxy: boolean | number | readonly string[];
    /** The time for which a connection is kept on which no request comes. */
    readonly keepAliveMs: number;
  };
  readonly storage: {
    /** null for an embedded Postgres in `directory`. */
    readonly databaseUrl: string | null;
    /** True when a failover of the database loses no commit. */
    readonly losslessFailover: boolean;
    /** null for a single node, which needs no Redis. */
    readonly redisUrl: string | null;
    readonly directory: string;
    /** Connections to the database that requests share. */
    readonly poolSize: number;
  };
  readonly auth: {
    /** Secrets of users' tokens. The first one also signs those of `npm run token`. */
    readonly userSecrets: readonly string[];
    /** Public keys of users' tokens, in PEM; null for none. */
    readonly userPublicKeys: string | null;
    /** URL of a key set with further keys of users' tokens; null for none. */
    readonly keySetUrl: string | null;
    /** Without it, and without `servicePublicKeys`, the service operations are off. */
    readonly serviceSecret: string | null;
    readonly servicePublicKeys: string | null;
    /** null when any will do. */
    readonly issuers: readonly string[] | null;
    readonly audiences: readonly string[] | null;
    readonly expiryRequired: boolean;
    readonly provisioning: 'service' | 'token';
  };
  /** Origins from which messages' attachments may come; null for any. */
  readonly attachmentOrigins: readonly string[] | null;
  readonly persisted: {
    /** Manifests of operations that clients name by an id. */
    readonly files: readonly string[];
    /** True when no other operation runs. */
    readonly only: boolean;
  };
  /** True to serve the demo at `/`. */
  readonly demo: boolean;
  /** True to serve GraphiQL at `/graphiql`. */
  readonly graphiql: boolean;
  readonly logLevel: string;
  /** True when traces are exported by OTLP. The libraries read all else about it for themselves. */
  readonly exportsTraces: boolean;
  /**
   * For tests of faults: the probability, 0 to 1, that this node kills itself between a commit and
   * its publication; null for never.
   */
  readonly killBeforePublish: number | null;
  readonly drain: {
    readonly delayMs: number;
    readonly spreadMs: number;
  };
  readonly limits: {
    readonly bodyBytes: number;
    /** Fields from the root of an operation to its innermost one. */
    readonly depth: number;
    readonly cost: number;
    readonly aliases: number;
    readonly tokens: number;
    /** Directives of one document. */
    readonly directives: number;
    readonly subscriptionsPerSocket: number;
    readonly socketsPerUser: number;
    /** Sockets of one address that have not sent `connection_init`. */
    readonly uninitialisedPerAddress: number;
    /** Messages that one user may send per second. */
    readonly messagesPerSecond: number;
    /** Messages that one user may send per minute. */
    readonly messagesPerMinute: number;
    /** Offers, counters and revisions that one user may make per minute. */
    readonly offersPerMinute: number;
    /** Conversations that one user may start per hour. */
    readonly conversationsPerHour: number;
    /**
     * Other writes (edits, deletions, blocks, adds) of one user per minute; also the attempts per
     * minute that may be refused.
     */
    readonly writesPerMinute: number;
    /** The time that an operation may take. */
    readonly operationMs: number;
    /** Operations of one socket that may be under way or wait. */
    readonly operationsPerSocket: number;
    /** Operations of one user that may be under way on this node. */
    readonly operationsPerUser: number;
    /** Operations of one user that may wait on this node. */
    readonly waitingPerUser: number;
    /** Pending offers of one initiator in one conversation. */
    readonly pendingOffers: number;
    readonly queueBytes: number;
    readonly queueEvents: number;
  };
}

/**
 * Reads and validates the settings. A setting that is blank counts as not set.
 *
 * @throws {ConfigError} when settings are invalid; the message has a line for each, which names it
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const parsed = environment.safeParse(env);
  const issues = firstOfEach([
    ...(parsed.error?.issues ?? []).map(describeIssue),
    ...(parsed.success ? contradictions(parsed.data) : []),
    ...notBuiltYet(env),
    ...(env.NODE_ENV === 'production' ? issuesInProduction(env, PUBLISHED_SECRETS) : []),
  ]);
  if (!parsed.success || issues.length > 0) throw new ConfigError(issues.join('\n'));
  const settings = parsed.data;
  const production = settings.NODE_ENV === 'production';
  return deepFreeze({
    production,
    startedByNpm: settings.npm_lifecycle_event === 'start',
    http: {
      host: settings.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
      port: settings.PORT,
      metricsPort: metricsPortOf(settings),
      frontendOrigins: settings.FRONTEND_URL,
      trustProxy: settings.TRUST_PROXY,
      keepAliveMs: settings.HTTP_KEEP_ALIVE_S * 1_000,
    },
    storage: {
      databaseUrl: settings.DATABASE_URL ?? null,
      losslessFailover: settings.DATABASE_FAILOVER === 'lossless',
      redisUrl: settings.REDIS_URL ?? null,
      directory: settings.DATA_DIR,
      poolSize: settings.DATABASE_POOL_SIZE,
    },
    auth: authOf(settings, production),
    attachmentOrigins: settings.ATTACHMENT_ORIGINS ?? null,
    persisted: {
      files: settings.PERSISTED_OPERATIONS ?? [],
      only: settings.PERSISTED_ONLY === 'true',
    },
    demo: isPageOn(settings.DEMO, settings),
    graphiql: isPageOn(settings.GRAPHIQL, settings),
    logLevel: settings.LOG_LEVEL,
    exportsTraces: exportsTraces(settings),
    killBeforePublish:
      settings.FAILPOINT === undefined ? null : Number(settings.FAILPOINT.split(':')[1]),
    drain: {
      delayMs: (settings.DRAIN_DELAY_S ?? (production ? 5 : 0)) * 1_000,
      spreadMs: (settings.DRAIN_SPREAD_S ?? (production ? 10 : 0)) * 1_000,
    },
    limits: limitsOf(settings),
  });
}

/** Says whether a page is served: in development unless it is off, in production if it is on. */
function isPageOn(setting: 'true' | 'false' | undefined, settings: z.infer<typeof environment>) {
  // The pages send the texts of operations.
  if (settings.PERSISTED_ONLY === 'true') return false;
  return setting === undefined ? settings.NODE_ENV !== 'production' : setting === 'true';
}

/** A development secret is valid only where no other key of its kind is set. */
function authOf(settings: z.infer<typeof environment>, production: boolean): Config['auth'] {
  const userPublicKeys = settings.JWT_PUBLIC_KEY ?? null;
  const servicePublicKeys = settings.JWT_SERVICE_PUBLIC_KEY ?? null;
  const keySetUrl = settings.JWT_JWKS_URL ?? null;
  const hasUserKey = userPublicKeys !== null || keySetUrl !== null;
  const userDefault = hasUserKey ? undefined : DEVELOPMENT_SECRET;
  const serviceDefault = servicePublicKeys === null ? DEVELOPMENT_SERVICE_SECRET : undefined;
  return {
    userSecrets: [settings.JWT_SECRET ?? userDefault, settings.JWT_SECRET_PREVIOUS].filter(
      isPresent,
    ),
    userPublicKeys,
    keySetUrl,
    serviceSecret: settings.JWT_SERVICE_SECRET ?? (production ? null : (serviceDefault ?? null)),
    servicePublicKeys,
    issuers: settings.JWT_ISSUER ?? null,
    audiences: settings.JWT_AUDIENCE ?? null,
    expiryRequired: production,
    provisioning: settings.USER_PROVISIONING,
  };
}

function limitsOf(settings: z.infer<typeof environment>): Config['limits'] {
  return {
    bodyBytes: settings.LIMIT_BODY_BYTES,
    depth: settings.LIMIT_DEPTH,
    cost: settings.LIMIT_COST,
    aliases: settings.LIMIT_ALIASES,
    tokens: settings.LIMIT_TOKENS,
    directives: settings.LIMIT_DIRECTIVES,
    subscriptionsPerSocket: settings.LIMIT_SUBSCRIPTIONS_PER_SOCKET,
    socketsPerUser: settings.LIMIT_SOCKETS_PER_USER,
    uninitialisedPerAddress: settings.LIMIT_UNINITIALISED_SOCKETS_PER_ADDRESS,
    messagesPerSecond: settings.LIMIT_MESSAGES_PER_SECOND,
    messagesPerMinute: settings.LIMIT_MESSAGES_PER_MINUTE,
    offersPerMinute: settings.LIMIT_OFFERS_PER_MINUTE,
    conversationsPerHour: settings.LIMIT_CONVERSATIONS_PER_HOUR,
    writesPerMinute: settings.LIMIT_WRITES_PER_MINUTE,
    operationMs: settings.LIMIT_OPERATION_S * 1_000,
    operationsPerSocket: settings.LIMIT_OPERATIONS_PER_SOCKET,
    operationsPerUser: settings.LIMIT_OPERATIONS_PER_USER,
    waitingPerUser: settings.LIMIT_WAITING_OPERATIONS_PER_USER,
    pendingOffers: settings.LIMIT_PENDING_OFFERS,
    queueBytes: settings.LIMIT_QUEUE_BYTES,
    queueEvents: settings.LIMIT_QUEUE_EVENTS,
  };
}

function describeIssue(issue: z.core.$ZodIssue): string {
  return `${String(issue.path[0])}: ${issue.message}`;
}

function isPresent<T>(value: T | undefined): value is T {
  return value !== undefined;
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value))
    if (typeof part === 'object' && part !== null) deepFreeze(part);
  return Object.freeze(value);
}
