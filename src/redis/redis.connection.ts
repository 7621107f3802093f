import { Redis } from 'ioredis';
import { corkForThisTurn } from '../runtime/cork';

const CONNECT_TIMEOUT_MS = 2_000;
/** A socket whose peer does not close its side is destroyed after this. */
const DISCONNECT_TIMEOUT_MS = 100;
const WATCH_INTERVAL_MS = 1_500;
/** A ping that is unanswered after so many intervals means that the peer is gone. */
const MAX_UNANSWERED_INTERVALS = 2;
const MIN_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 2_000;

/** Commands of one turn of the event loop go in one write, without a pipeline around them. */
class CorkedRedis extends Redis {
  override sendCommand(...args: Parameters<Redis['sendCommand']>): unknown {
    if (this.stream) corkForThisTurn(this.stream);
    return super.sendCommand(...args);
  }
}

export interface RedisConnectionOptions {
  url: string;
  /**
   * Most milliseconds that a command may take. Default: until it is answered or the connection
   * ends.
   */
  commandTimeoutMs?: number;
  /**
   * Makes a fresh connection usable, before it counts as up; when it fails, the connection is made
   * anew.
   */
  prepare?: () => Promise<unknown>;
  /** Called each time the connection has become usable. */
  onUp: () => void;
  /**
   * Called once an outage, also when Redis is away from the start; never because of `stop`. Log
   * only the cause's message: an error of Redis carries the command, and that may be the password.
   */
  onAway: (cause: Error) => void;
}

/**
 * One connection to Redis that never gives up: it is made anew for ever, with a jittered delay of
 * at most 2 s, and a peer that silently went away is noticed within 5 s.
 *
 * Nothing is ever queued or sent twice. A command given while the connection is not open, or whose
 * answer is outstanding when the connection ends, rejects; what must hold afterwards is the
 * business of `prepare`. ioredis' own ways of restoring are off, because they leave rejections
 * unhandled and cannot be waited for.
 */
export class RedisConnection {
  readonly client: Redis;
  private state: 'new' | 'up' | 'away' | 'stopped' = 'new';
  /** Commands may be sent: from `prepare` on. */
  private usable = false;
  /** The present connection was given up, and is about to close. */
  private dropping = false;
  /** Counts connections, so that what belonged to an earlier one is recognised. */
  private epoch = 0;
  private failures = 0;
  private unansweredIntervals = 0;
  private lastError: Error | undefined;
  private watchTimer: NodeJS.Timeout | undefined;
  private retryTimer: NodeJS.Timeout | undefined;
  private markKnown: () => void = () => {};
  private readonly known = new Promise<void>((resolve) => {
    this.markKnown = resolve;
  });

  constructor(private readonly options: RedisConnectionOptions) {
    this.client = new CorkedRedis(options.url, {
      lazyConnect: true,
      connectTimeout: CONNECT_TIMEOUT_MS,
      disconnectTimeout: DISCONNECT_TIMEOUT_MS,
      ...(options.commandTimeoutMs !== undefined && { commandTimeout: options.commandTimeoutMs }),
      retryStrategy: () => this.nextDelayMs(),
      // A replica after a failover: the address now leads to somebody else.
      reconnectOnError: (error) => error.message.startsWith('READONLY'),
      enableOfflineQueue: false,
      // With 0 the end of a connection rejects what is outstanding; with null it would never
      // settle.
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      autoResubscribe: false,
      // Our own ping does this, and does not need the right to call INFO.
      enableReadyCheck: false,
      disableClientInfo: true,
    });
    this.client.on('ready', () => void this.open());
    this.client.on('close', () => {
      this.dropping = false;
      this.lose(this.lastError ?? new Error('The connection was closed.'));
    });
    this.client.on('end', () => this.retry());
    this.client.on('error', (error: Error) => {
      this.lastError = error;
    });
  }

  /** True when commands may be sent; already true while `prepare` runs. */
  get isOpen(): boolean {
    return this.usable;
  }

  /** True while the connection is open and prepared. */
  get isUp(): boolean {
    return this.state === 'up';
  }

  /** Resolves as soon as Redis is known to be up or away; never rejects. */
  start(): Promise<void> {
    this.watchTimer = setInterval(() => this.watch(), WATCH_INTERVAL_MS).unref();
    this.connect();
    return this.known;
  }

  /** Sends the commands that `give` gives in one write, at once. */
  writeTogether(give: () => void): void {
    const { stream } = this.client;
    stream?.cork();
    try {
      give();
    } finally {
      stream?.uncork();
    }
  }

  /** Sends what was written, then closes for good. Repeating it changes nothing. */
  async stop(): Promise<void> {
    if (this.state === 'stopped') return;
    this.state = 'stopped';
    this.epoch++;
    this.usable = false;
    this.markKnown();
    clearInterval(this.watchTimer);
    clearTimeout(this.retryTimer);
    const hasSocket = ['connecting', 'connect', 'ready'].includes(this.client.status);
    const ended = hasSocket && new Promise((resolve) => this.client.once('end', resolve));
    this.client.disconnect();
    await ended;
  }

  /** Gives up the present connection, because it proved useless, and makes a new one. */
  drop(cause: Error): void {
    // In any other state ioredis is on its way already, and could be stopped for good in the middle
    // of it.
    if (this.client.status !== 'ready' && this.client.status !== 'connect') return;
    // All commands that wait on the connection fail together, and each failure comes here.
    if (this.dropping) return;
    this.dropping = true;
    this.lose(cause);
    this.client.disconnect(true);
  }

  private connect(): void {
    // The failure comes as an event too.
    this.client.connect().catch(() => {});
  }

  private async open(): Promise<void> {
    const { epoch } = this;
    this.lastError = undefined;
    try {
      await this.client.ping();
      // A refused password does not keep Redis from answering a ping, if strangers are let in too.
      if (this.lastError) throw this.lastError;
      if (epoch !== this.epoch) return;
      this.usable = true;
      await this.options.prepare?.();
    } catch (error) {
      if (epoch === this.epoch) this.drop(error as Error);
      return;
    }
    if (epoch !== this.epoch) return;
    this.failures = 0;
    this.state = 'up';
    this.options.onUp();
    this.markKnown();
  }

  private lose(cause: Error): void {
    if (this.state === 'stopped') return;
    this.epoch++;
    this.usable = false;
    this.unansweredIntervals = 0;
    if (this.state === 'away') return;
    this.state = 'away';
    this.options.onAway(cause);
    this.markKnown();
  }

  /** ioredis ends for good when a connection cannot even be begun; we do not. */
  private retry(): void {
    if (this.state === 'stopped') return;
    this.lose(this.lastError ?? new Error('The connection could not be made.'));
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => this.connect(), this.nextDelayMs());
  }

  /** Counts intervals, not time: after a stall of our own the answer may just be unread. */
  private watch(): void {
    if (this.client.status !== 'ready') return;
    if (this.unansweredIntervals >= MAX_UNANSWERED_INTERVALS) {
      this.drop(new Error('Redis does not answer.'));
      return;
    }
    this.unansweredIntervals++;
    if (this.unansweredIntervals > 1) return;
    const { epoch } = this;
    const answered = () => {
      if (epoch === this.epoch) this.unansweredIntervals = 0;
    };
    // A rejection is a missing answer: the next intervals will see it.
    this.client.ping().then(answered, () => {});
  }

  private nextDelayMs(): number {
    const longestMs = Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** Math.min(this.failures++, 10));
    return Math.round(longestMs * (0.5 + Math.random() / 2));
  }
}
