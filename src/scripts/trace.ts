import '../runtime/node-version';
import { hostname, userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { RedisBus } from '../bus/bus.redis';
import { type Config, loadConfig } from '../config';
import { queryableOf, readInstallation } from '../database/data-source';
import { ConfigError } from '../errors';
import { TraceFollower } from '../frame-trace/trace.follower';
import { printable, TracePrinter } from '../frame-trace/trace.printer';
import { isStorable } from '../input/text';
import { createLogger, type Logger } from '../logger';
import { findUnsuitable } from '../redis/redis.check';
import { reasonOf } from '../runtime/blame';
import { withDatabase } from './database';

const USAGE = 'usage: npm run trace -- USER_ID [--json] [--pings] [--for SECONDS]';
const MAX_SECONDS = 86_400;
/** When a reader of the output leaves so much unread, further lines are left out. */
const MAX_UNREAD_BYTES = 8 * 1024 * 1024;

interface Arguments {
  userId: string;
  isJson: boolean;
  includesPings: boolean;
  /** null for no limit. */
  seconds: number | null;
}

/**
 * Follows the frames of one user's WebSockets on all nodes, live, until a signal or the end of the
 * output. Content is shown as hashes (frame-trace/frame.shape).
 */
async function main(): Promise<void> {
  const { userId, isJson, includesPings, seconds } = readArguments();
  const config = loadConfig();
  const { redisUrl } = config.storage;
  if (redisUrl === null)
    throw new ConfigError(
      'REDIS_URL: is not set, and a trace reaches the nodes over Redis only; ' +
        'a node without Redis cannot be traced',
    );
  // Its lines would mix with those of the trace.
  const logger = createLogger('silent');
  const unsuitable = await findUnsuitable(redisUrl, logger);
  if (unsuitable !== null) throw new ConfigError(`REDIS_URL: ${unsuitable}`);
  const channelPrefix = `parley:${await findInstallation(config, userId, logger)}:`;
  const bus = new RedisBus({ url: redisUrl, channelPrefix, logger });
  try {
    await bus.start();
    if (!bus.connected) throw new ConfigError('REDIS_URL: Redis does not answer');
    const printer = new TracePrinter(write, isJson);
    const wanted = { userId, includesPings, by: caller() };
    const follower = new TraceFollower(bus, wanted, (news) => printer.print(news));
    const ended = firstEnd(seconds);
    await follower.start();
    await ended;
    await follower.stop();
    printer.printSummary();
  } finally {
    await bus.stop();
  }
}

function readArguments(): Arguments {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      pings: { type: 'boolean', default: false },
      for: { type: 'string' },
    },
  });
  const [userId, ...others] = positionals;
  if (!userId) throw new ConfigError(`a user id is needed\n${USAGE}`);
  if (others.length > 0)
    throw new ConfigError(`one user id is needed; an id with spaces has to be quoted\n${USAGE}`);
  const seconds = values.for === undefined ? null : Number(values.for);
  if (seconds !== null && !(seconds > 0 && seconds <= MAX_SECONDS))
    throw new ConfigError(`--for: must be a number of seconds, at most ${MAX_SECONDS}`);
  return { userId, isJson: values.json, includesPings: values.pings, seconds };
}

/**
 * Returns the id of the installation, after which its channels are named.
 *
 * @throws {ConfigError} when the database cannot be reached, or has no such user
 */
function findInstallation(config: Config, userId: string, logger: Logger): Promise<string> {
  return withDatabase(config, logger, async (dataSource) => {
    const database = queryableOf(dataSource);
    const known = isStorable(userId)
      ? await database.query('select 1 from users where id = $1', [userId])
      : [];
    if (known.length === 0)
      throw new ConfigError(`no user has the id ${printable(JSON.stringify(userId))}`);
    return (await readInstallation(database)).id;
  });
}

/** Returns the system's user and host, for the log of the nodes. */
function caller(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // In a container, a user may have no name.
    return hostname();
  }
}

/** Resolves with the first signal, when the time is over, or when the output is closed. */
async function firstEnd(seconds: number | null): Promise<void> {
  const signals = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map(
    (signal) => new Promise((resolve) => process.once(signal, resolve)),
  );
  const closed = new Promise((resolve) => process.stdout.once('error', resolve));
  // Later writes to a closed output fail as well.
  process.stdout.on('error', () => {});
  const timeOver = seconds === null ? [] : [sleep(seconds * 1_000, undefined, { ref: false })];
  await Promise.race([...signals, closed, ...timeOver]);
}

/** Writes a line, unless its reader has left too much unread. */
function write(line: string): boolean {
  if (process.stdout.writableLength > MAX_UNREAD_BYTES) return false;
  process.stdout.write(`${line}\n`);
  return true;
}

main().catch((error: unknown) => {
  const reason = error instanceof ConfigError ? error.message : reasonOf(error);
  process.stderr.write(`parley: ${reason}\n`);
  process.exitCode = 1;
});
