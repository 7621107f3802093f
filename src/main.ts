import 'reflect-metadata';
import { type App, startApp } from './app/app';
import { DEMO_USERS, seedDemo } from './app/demo';
import { signToken } from './auth/token';
import { type Config, loadConfig } from './config';
import { ConfigError } from './errors';
import { createLogger, type Logger } from './logger';
import { disablePretenuring } from './runtime/v8';

const PARENT_CHECK_INTERVAL_MS = 500;
/** The validity of demo tokens in seconds. `npm run token` makes more. */
const DEMO_TOKEN_S = 7 * 24 * 3_600;

async function main(): Promise<void> {
  disablePretenuring();
  const config = loadConfig();
  const logger = createLogger(config.logLevel);
  // Signals are handled before the start, so that one that comes during it leads to a clean stop.
  const asked = firstSignal();
  const app = await startApp(config, logger);
  if (!config.production && config.storage.databaseUrl === null) await seedDemo(app.services);
  if (!config.production) printWelcome(app, config);
  logger.info({ url: app.url }, 'ready');
  const signal = await Promise.race([
    asked,
    ...(config.startedByNpm ? [orphaned()] : []),
    app.lost,
  ]);
  logger.info({ signal }, 'stopping');
  await app.stop({ drainFully: signal !== undefined });
  logger.info('stopped');
  if (signal === undefined) process.exitCode = 1;
}

/** Resolves with the first SIGINT or SIGTERM. A second signal ends the process at once. */
function firstSignal(): Promise<NodeJS.Signals> {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  return new Promise((resolve) => {
    const take = (signal: NodeJS.Signals) => {
      for (const one of signals) process.off(one, take);
      resolve(signal);
    };
    for (const signal of signals) process.on(signal, take);
  });
}

/**
 * Resolves when the parent of this process has ended. npm runs this process below a shell, and
 * passes a signal on to the shell only. The shell ends then, and this process gets a new parent.
 */
function orphaned(): Promise<'SIGTERM'> {
  const parent = process.ppid;
  return new Promise((resolve) => {
    const checking = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(checking);
      resolve('SIGTERM');
    }, PARENT_CHECK_INTERVAL_MS).unref();
  });
}

function printWelcome(app: App, config: Config): void {
  const socket = app.url.replace('http', 'ws');
  const lines = [
    '',
    `  GraphQL    ${app.url}/graphql`,
    `  WebSocket  ${socket}/graphql`,
    `  GraphiQL   ${app.url}/graphiql`,
    '',
    ...(config.storage.databaseUrl === null
      ? demoLines(config)
      : ['  Tokens: npm run token -- USER_ID']),
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function demoLines(config: Config): string[] {
  const tokens = DEMO_USERS.map(({ id }) => {
    const token = signToken(config.auth.userSecrets[0]!, { sub: id, username: id }, DEMO_TOKEN_S);
    return `  ${id.padEnd(6)} ${token}`;
  });
  return ['  Tokens, good for a week (more: npm run token -- alice):', ...tokens];
}

/**
 * Reports the error that ended the node, and exits with 1. A {@link ConfigError} is printed as one
 * line.
 */
function fail(error: unknown, logger: Logger | null): never {
  if (error instanceof ConfigError)
    process.stderr.write(error.message.replace(/^/gm, 'parley: ').concat('\n'));
  else if (logger) logger.fatal({ err: error }, 'could not start');
  else process.stderr.write(`parley: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}

main().catch((error: unknown) => fail(error, null));
