import { defaultOf, SETTINGS, type SettingName } from '../config';

const HEADER = `\
# All settings, with their defaults outside of production. Written by: npm run env-example
# docs/guide/settings.md says more about each one. Nothing reads this file by itself. Copy it to
# .env, and start with \`node --env-file=.env dist/main.js\` or \`docker compose up\`.
`;

/** A line for each setting. It names the default in production where that is another one. */
const DESCRIPTIONS: Record<SettingName, string> = {
  NODE_ENV: 'development, test or production. The image sets production.',
  PORT: 'The port of the API.',
  HOST: 'The address on which all ports listen. Default: 127.0.0.1; production: 0.0.0.0.',
  METRICS_PORT: 'A port for /metrics alone. Production: 9464.',
  HTTP_KEEP_ALIVE_S: 'Seconds for which an idle HTTP connection is kept open.',
  DATABASE_URL: 'postgres://USER:PASSWORD@HOST:5432/DATABASE. Production: required.',
  DATABASE_POOL_SIZE: 'Connections to the database that the requests of one node share.',
  DATABASE_FAILOVER: 'lossless, when a failover of the database loses no commit.',
  REDIS_URL: 'redis://HOST:6379, or rediss:// with TLS. Required for more than one node.',
  DATA_DIR: 'The folder of the embedded database, which is used without DATABASE_URL.',
  JWT_SECRET: "Verifies users' tokens (HS256). Production: 32 characters or more.",
  JWT_SECRET_PREVIOUS: 'The secret before, while tokens of it are still in use.',
  JWT_PUBLIC_KEY: "Verifies users' tokens: one or more public keys in PEM.",
  JWT_JWKS_URL: "Verifies users' tokens: the URL of an identity provider's keys.",
  JWT_ISSUER: "The issuers that users' tokens may name, comma-separated. Default: any.",
  JWT_AUDIENCE: "The audiences that users' tokens may name, comma-separated. Default: any.",
  JWT_SERVICE_SECRET: "Verifies the platform's own tokens (HS256).",
  JWT_SERVICE_PUBLIC_KEY: "Verifies the platform's own tokens: public keys in PEM.",
  USER_PROVISIONING: 'service, or token: users are created from their tokens.',
  FRONTEND_URL: 'Origins of the frontends, comma-separated, for CORS and WebSockets.',
  TRUST_PROXY: 'Proxies whose X-Forwarded-… is believed: true, a number, or addresses.',
  ATTACHMENT_ORIGINS: 'Origins from which attachments may come, comma-separated. Default: any.',
  PERSISTED_OPERATIONS: 'Files of manifests with operations that are named by an id.',
  PERSISTED_ONLY: 'true: only operations of the manifests run.',
  DEMO: 'true: the demo is served at /. Default: true; production: false.',
  GRAPHIQL: 'true: GraphiQL is served at /graphiql. Default: true; production: false.',
  LOG_LEVEL: 'fatal, error, warn, info, debug, trace or silent.',
  FAILPOINT: 'For tests of faults alone. Production: refused.',
  DRAIN_DELAY_S: 'Seconds after SIGTERM in which all is served. Default: 0; production: 5.',
  DRAIN_SPREAD_S: 'Seconds over which sockets are told 1001. Default: 0; production: 10.',
  LIMIT_BODY_BYTES: "Bytes of a request's body, and of a WebSocket's frame.",
  LIMIT_DEPTH: 'Nested fields of an operation.',
  LIMIT_COST: 'Cost of an operation.',
  LIMIT_ALIASES: 'Aliases of an operation.',
  LIMIT_TOKENS: 'Tokens of a document.',
  LIMIT_DIRECTIVES: 'Directives of a document.',
  LIMIT_SUBSCRIPTIONS_PER_SOCKET: 'Subscriptions of one WebSocket.',
  LIMIT_SOCKETS_PER_USER: 'WebSockets of one user, over all nodes.',
  LIMIT_UNINITIALISED_SOCKETS_PER_ADDRESS: 'WebSockets of one address without connection_init.',
  LIMIT_MESSAGES_PER_SECOND: 'Messages of one user in a second.',
  LIMIT_MESSAGES_PER_MINUTE: 'Messages of one user in a minute.',
  LIMIT_OFFERS_PER_MINUTE: 'Offers, counters and revisions of one user in a minute.',
  LIMIT_CONVERSATIONS_PER_HOUR: 'New conversations of one user in an hour.',
  LIMIT_WRITES_PER_MINUTE: 'Other writes of one user in a minute.',
  LIMIT_OPERATION_S: 'Seconds that an operation may take.',
  LIMIT_OPERATIONS_PER_SOCKET: 'Operations of one WebSocket that are under way or wait.',
  LIMIT_OPERATIONS_PER_USER: 'Operations of one user that are under way on a node.',
  LIMIT_WAITING_OPERATIONS_PER_USER: 'Operations of one user that wait on a node.',
  LIMIT_PENDING_OFFERS: 'Pending offers of one user in one conversation.',
  LIMIT_QUEUE_BYTES: 'Bytes that may wait for a client that reads slowly.',
  LIMIT_QUEUE_EVENTS: 'Events that may wait for a client that reads slowly.',
  OTEL_SDK_DISABLED: 'true: no traces are sent.',
  OTEL_TRACES_EXPORTER: 'otlp or none.',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'The URL of a collector. Traces are sent when it is set.',
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'The same for traces, with its whole path.',
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf.',
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf.',
  OTEL_EXPORTER_OTLP_HEADERS: 'Headers for the collector: NAME=VALUE, comma-separated.',
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'The same for traces.',
  OTEL_EXPORTER_OTLP_TIMEOUT: 'Milliseconds for one export.',
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: 'The same for traces.',
  OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip or none.',
  OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: 'The same for traces.',
  OTEL_RESOURCE_ATTRIBUTES: 'Attributes of this node: NAME=VALUE, comma-separated.',
  OTEL_TRACES_SAMPLER: 'Which traces are kept, such as parentbased_traceidratio.',
  OTEL_TRACES_SAMPLER_ARG: 'The share of traces that is kept, 0 to 1.',
  OTEL_BSP_SCHEDULE_DELAY: 'Milliseconds between two exports.',
  OTEL_BSP_EXPORT_TIMEOUT: 'Milliseconds for the export of one batch.',
  OTEL_BSP_MAX_QUEUE_SIZE: 'Spans that wait for an export.',
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: 'Spans of one export.',
};

/** Returns the text of `.env.example`: each setting as a comment, with its default if any. */
export function envExample(): string {
  const blocks = SETTINGS.map(
    (name) => `# ${DESCRIPTIONS[name]}\n#${name}=${defaultOf(name) ?? ''}\n`,
  );
  return [HEADER, ...blocks].join('\n');
}
