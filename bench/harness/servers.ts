import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { choosePort } from '../../test/support/services';
import { spawnNode } from './child';
import { PARLEY, PEERS } from './paths';
import { cpuMicroseconds, residentKb } from './process-usage';

export const JWT_SECRET = 'a-secret-of-the-bench-and-of-nobody-else';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;
const POLL_INTERVAL_MS = 20;
const NEVER_REACHED = '1000000000';

/** What is measured: Parley as it is built, and what stands beside it in `bench/peers`. */
export const PEER_NAMES = ['parley', 'raw', 'socket-io', 'textbook', 'yoga', 'mercurius'] as const;
export type Peer = (typeof PEER_NAMES)[number];

export interface ServerOptions {
  databaseUrl: string;
  /** Null: its in-process bus. */
  redisUrl: string | null;
  /** Where its output goes. */
  directory: string;
  /** Settings beside those of every bench; undefined takes one of these away. */
  settings?: NodeJS.ProcessEnv;
}

/** The limits that every bench but that of the limits themselves has out of its way. */
const RAISED_LIMITS = [
  'LIMIT_SOCKETS_PER_USER',
  'LIMIT_MESSAGES_PER_SECOND',
  'LIMIT_MESSAGES_PER_MINUTE',
  'LIMIT_OFFERS_PER_MINUTE',
  'LIMIT_CONVERSATIONS_PER_HOUR',
  'LIMIT_WRITES_PER_MINUTE',
  'LIMIT_PENDING_OFFERS',
];
/** Settings with which Parley has its own limits, and logs as it does in production. */
export const AS_IN_PRODUCTION: NodeJS.ProcessEnv = {
  LOG_LEVEL: 'info',
  ...Object.fromEntries(RAISED_LIMITS.map((name) => [name, undefined])),
};

/** One peer's running process. */
export class Server {
  private constructor(
    readonly peer: Peer,
    readonly port: number,
    private readonly child: ChildProcess,
    private readonly log: string,
  ) {}

  /** Resolves when it listens. */
  static async start(peer: Peer, options: ServerOptions): Promise<Server> {
    const port = await choosePort();
    const log = join(options.directory, `${peer}-${port}.log`);
    const output = openSync(log, 'a');
    const script = peer === 'parley' ? PARLEY : join(PEERS, `${peer}.js`);
    const child = spawnNode([script], {
      env: environment(port, options),
      cwd: options.directory,
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    endWithUs(child);
    const server = new Server(peer, port, child, log);
    await server.listening();
    return server;
  }

  /** Microseconds of CPU since its start. */
  cpu(): number {
    return cpuMicroseconds(this.child.pid!);
  }

  residentKb(): number {
    return residentKb(this.child.pid!);
  }

  async stop(): Promise<void> {
    if (this.hasEnded) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const impatience = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(impatience);
  }

  /** Ends it without a word. Resolves when its sockets are closed. */
  async kill(): Promise<void> {
    if (this.hasEnded) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  /** @throws {Error} it has ended by itself, with the end of its output */
  assertRunning(): void {
    if (this.hasEnded)
      throw new Error(`${this.peer} has ended:\n${readFileSync(this.log, 'utf8').slice(-4_000)}`);
  }

  /** The end of what it said: nothing, when all is well. */
  get output(): string {
    return readFileSync(this.log, 'utf8').slice(-4_000);
  }

  private get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private async listening(): Promise<void> {
    const deadlineMs = performance.now() + START_TIMEOUT_MS;
    while (!(await accepts(this.port))) {
      this.assertRunning();
      if (performance.now() > deadlineMs)
        throw new Error(`${this.peer} does not listen:\n${this.output}`);
      await delay(POLL_INTERVAL_MS);
    }
  }
}

/** Parley's settings; the peers have the same where they have any. Limits are out of the way for everybody. */
function environment(
  port: number,
  { databaseUrl, redisUrl, settings }: ServerOptions,
): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    METRICS_PORT: '0',
    DATABASE_URL: databaseUrl,
    ...(redisUrl !== null && { REDIS_URL: redisUrl }),
    JWT_SECRET,
    LOG_LEVEL: 'warn',
    ...Object.fromEntries(RAISED_LIMITS.map((name) => [name, NEVER_REACHED])),
    ...settings,
  };
}

/** A server that outlived a bench that was interrupted would spoil the next. */
function endWithUs(child: ChildProcess): void {
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
