/**
 * The client of ioredis as every connection uses it: how it finds a server, writes its commands,
 * and limits their time. `redis.connection` decides when it connects.
 */
import { isIP } from 'node:net';
import { Redis, type RedisOptions } from 'ioredis';
import { parseRedisUrl, type RedisAddress } from '../input/redis-url';
import { corkForThisTurn } from '../runtime/cork';
import { CommandSpans, type FollowedCommand } from './command.span';

/** The parts of a command of ioredis that end it. */
interface TimedCommand {
  reject(error: Error): void;
  /** ioredis starts no timer of its own where there is one, and stops it with the answer. */
  _commandTimeoutTimer?: NodeJS.Timeout;
}

/**
 * Sends the commands of one turn of the event loop in one write, without a pipeline. Each command
 * that belongs to a recorded span has one of its own.
 */
export class CorkedRedis extends Redis {
  private readonly spans: CommandSpans;

  /** @param database the one that the connection selects, as it greets the server */
  constructor(options: RedisOptions, database: number) {
    super(options);
    this.spans = new CommandSpans(database);
  }

  override sendCommand(...args: Parameters<Redis['sendCommand']>): unknown {
    if (this.stream) corkForThisTurn(this.stream);
    this.spans.follow(args[0] as unknown as FollowedCommand);
    const { commandTimeout } = this.options;
    if (commandTimeout !== undefined) limitTime(args[0] as unknown as TimedCommand, commandTimeout);
    return super.sendCommand(...args);
  }
}

/**
 * Rejects a command that has no answer in time. An answer counts that came while the node was too
 * busy to read it: setImmediate lets the event loop read the socket first.
 */
function limitTime(command: TimedCommand, ms: number): void {
  const timeOut = () => command.reject(new Error('Command timed out'));
  command._commandTimeoutTimer = setTimeout(() => setImmediate(timeOut), ms);
}

/**
 * Reads a URL that the settings have accepted.
 *
 * @throws {Error} when it is no address of a Redis server
 */
export function addressOf(url: string): RedisAddress {
  const address = parseRedisUrl(url);
  if (typeof address === 'string') throw new Error(`The URL of Redis ${address}.`);
  return address;
}

/**
 * Returns the options that lead to an address. ioredis does not read the URL itself, because it
 * takes each parameter for an option, and fails at some values with exceptions.
 */
export function optionsOf({ host, port, family, isTls }: RedisAddress): RedisOptions {
  // With a name, since one address may serve the certificates of several hosts.
  const tls = isIP(host) ? {} : { servername: host };
  return { host, port, family, ...(isTls && { tls }) };
}
