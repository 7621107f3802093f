import './runtime/node-version';
import 'reflect-metadata';
import { pageAddress } from './app/address';
import { type App, startApp } from './app/app';
import { seedDemo } from './app/demo';
import { demoUsersOf } from './app/demo.users';
import { type Config, loadConfig } from './config';
import { ConfigError } from './errors';
import { createLogger, type Logger } from './logger';
import { reasonOf } from './runtime/blame';
import { limitLookups } from './runtime/name-lookup';
import { disablePretenuring, limitHeapGrowth, limitYoungGeneration } from './runtime/v8';

const PARENT_CHECK_INTERVAL_MS = 500;
/** The argument with which the settings are only checked: nothing is connected or started. */
const CHECK_ONLY = '--check-config';

async function main(): Promise<void> {
  disablePretenuring();
  limitLookups();
  limitYoungGeneration();
  limitHeapGrowth();
  const config = loadConfig();
  if (process.argv.includes(CHECK_ONLY)) {
    process.stdout.write('parley: the settings are valid\n');
    return;
  }
  const logger = createLogger(config.logLevel);
  logWarnings(logger);
  // Signals are handled before the start, so that one that comes during it leads to a clean stop.
  const asked = Promise.race([firstSignal(), ...(config.startedByNpm ? [orphaned()] : [])]);
  const app = await start(config, logger, asked).catch((error: unknown) => fail(error, logger));
  const signal = await Promise.race([asked, app.lost]);
  logger.info({ signal }, 'stopping');
  await app.stop({ drainFully: signal !== undefined });
  logger.info('stopped');
  if (signal === undefined) process.exitCode = 1;
  // OpenTelemetry's exporter may still wait for its collector, for up to 30 s.
  if (config.exportsTraces) process.exit();
}

/** Starts the node. A signal breaks the start off at any moment, and the process ends. */
async function start(config: Config, logger: Logger, asked: Promise<NodeJS.Signals>): Promise<App> {
  const breakOff = new AbortController();
  const abandoned = () => fail(new Error('the start waits for something that never comes'), logger);
  process.once('beforeExit', abandoned);
  void asked.then((signal) => breakOff.abort(signal));
  try {
    const app = await startApp(config, logger, breakOff.signal);
    if (!config.production && config.storage.databaseUrl === null) await seedDemo(app.services);
    if (!config.production) printWelcome(app, config);
    process.off('beforeExit', abandoned);
    logger.info({ url: app.url, metricsUrl: app.metricsUrl }, 'ready');
    return app;
  } catch (error) {
    if (!breakOff.signal.aborted) throw error;
    logger.info({ signal: breakOff.signal.reason }, 'stopped during the start');
    process.exit(0);
  }
}

/**
 * Makes a log line of each warning of Node or a library. Node itself would print it, over several
 * lines.
 */
function logWarnings(logger: Logger): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) =>
    logger.warn({ type: warning.name }, `warning: ${reasonOf(warning)}`),
  );
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
    `  Demo       ${pageAddress(config.demo, 'web', app.url)}`,
    `  GraphQL    ${app.url}/graphql`,
    `  WebSocket  ${socket}/graphql`,
    `  GraphiQL   ${pageAddress(config.graphiql, 'graphiql', `${app.url}/graphiql`)}`,
    '',
    ...(config.storage.databaseUrl === null
      ? demoLines(config)
      : ['  Tokens: npm run token -- USER_ID']),
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function demoLines(config: Config): string[] {
  const makeUsers = demoUsersOf(config);
  if (makeUsers === null) return ['  Tokens are signed by the owner of their public key.'];
  const tokens = makeUsers().map(({ id, token }) => `  ${id.padEnd(6)} ${token}`);
  return ['  Tokens, good for a week (more: npm run token -- alice):', ...tokens];
}

/**
 * Reports the error that ended the node, and exits with 1. A {@link ConfigError} is printed in a
 * line for each setting. Its cause helps nobody but a developer.
 */
function fail(error: unknown, logger: Logger | null): never {
  if (error instanceof ConfigError) {
    if (logger && error.cause) logger.debug({ err: error.cause }, 'could not start');
    process.stderr.write(error.message.replace(/^/gm, 'parley: ').concat('\n'));
  } else process.stderr.write(`parley: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}

main().catch((error: unknown) => fail(error, null));
