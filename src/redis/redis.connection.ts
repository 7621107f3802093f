/**
 * One connection to Redis that is made again for ever, until `stop`. It goes through these steps:
 *
 * 1. ioredis connects. AUTH, SELECT and HELLO are sent, and an examination of the user's rights:
 *    `redis.examination` says what a server must be, and may be used for.
 * 2. `prepare` runs, for example to subscribe again. From here on commands may be sent (`isOpen`).
 * 3. The connection is up (`isUp`), and `onUp` is called.
 * 4. The connection ends or is dropped. `onAway` is called, unless Redis was away already. After a
 *    jittered delay of at most 2 s everything begins again with step 1.
 *
 * It promises:
 *
 * - Its part (`redis.health`) has the present trouble: each failed attempt reports its own, and
 *   null is reported when the connection is up.
 * - A peer that vanishes without closing the connection is noticed within 5 s. Every 1.5 s Redis is
 *   examined again, unless the last examination is still unanswered. When one is unanswered for two
 *   intervals, the connection is dropped. When Redis refuses it, the connection is dropped at once:
 *   the server has become a replica, the user has lost a right, or nothing can be written.
 * - Nothing is queued, and nothing is sent twice. A command rejects when the connection is not
 *   open, and when the connection ends before the answer. `prepare` restores what a new connection
 *   needs. ioredis' own ways of restoring are off, because they leave rejections unhandled and
 *   cannot be awaited. Its own AUTH and SELECT are not used for that reason, and because it prints
 *   to the console.
 * - An answer that belongs to an earlier connection changes nothing. Each loss begins a new epoch.
 *   Work that awaits an answer remembers its epoch, and stops when a new one has begun.
 */
import type { Redis, RedisOptions } from 'ioredis';
import type { RedisAddress } from '../input/redis-url';
import { addressOf, CorkedRedis, optionsOf } from './redis.client';
import { examineRights, examineServer, type RedisRights } from './redis.examination';
import type { RedisPart } from './redis.health';
import { type RedisTrouble, troubleOf } from './redis.trouble';

const CONNECT_TIMEOUT_MS = 2_000;
/** Time after which the socket is destroyed when the peer does not close its side. */
const DISCONNECT_TIMEOUT_MS = 100;
const WATCH_INTERVAL_MS = 1_500;
/** Intervals for which an examination may be unanswered before the connection is dropped. */
const MAX_UNANSWERED_INTERVALS = 2;
const MIN_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 2_000;

export interface RedisConnectionOptions {
  url: string;
  /**
   * Milliseconds after which a command without an answer rejects. Default: a command waits until it
   * is answered or the connection ends.
   */
  commandTimeoutMs?: number;
  /** The part of the node whose trouble this connection reports. */
  part: RedisPart;
  /** Default: none are needed, which holds for a connection that subscribes. */
  rights?: RedisRights;
  /**
   * Runs on each new connection before it counts as up. When it rejects, the connection is dropped
   * and made again.
   */
  prepare?: () => Promise<unknown>;
  /** Called each time the connection is up. */
  onUp?: () => void;
  /**
   * Called once for each outage, also when Redis is away from the start, but never because of
   * `stop`.
   */
  onAway?: (trouble: RedisTrouble) => void;
}

/** One connection to Redis that never gives up. */
export class RedisConnection {
  readonly client: Redis;
  private state: 'new' | 'up' | 'away' | 'stopped' = 'new';
  /** True while commands may be sent, which begins with `prepare`. */
  private usable = false;
  /** True from `drop` until the dropped connection has closed. */
  private dropping = false;
  /** Increases when a connection is lost, so that an answer of an earlier one is recognised. */
  private epoch = 0;
  private failures = 0;
  private unansweredIntervals = 0;
  private lastError: Error | undefined;
  /** The first refusal of a connection that is being opened. */
  private refusal: Error | undefined;
  private watchTimer: NodeJS.Timeout | undefined;
  private retryTimer: NodeJS.Timeout | undefined;
  private markKnown: () => void = () => {};
  private readonly known = new Promise<void>((resolve) => {
    this.markKnown = resolve;
  });

  private readonly address: RedisAddress;

  constructor(private readonly options: RedisConnectionOptions) {
    this.address = addressOf(options.url);
    const clientOptions: RedisOptions = {
      ...optionsOf(this.address),
      lazyConnect: true,
      connectTimeout: CONNECT_TIMEOUT_MS,
      disconnectTimeout: DISCONNECT_TIMEOUT_MS,
      ...(options.commandTimeoutMs !== undefined && { commandTimeout: options.commandTimeoutMs }),
      retryStrategy: () => this.nextDelayMs(),
      // A server that a failover turned into a replica. The address leads to the new primary now.
      reconnectOnError: (error) => error.message.startsWith('READONLY'),
      enableOfflineQueue: false,
      // With 0 the end of a connection rejects its unanswered commands. With null they would never
      // settle.
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      autoResubscribe: false,
      // The examination replaces this check, and does not need the permission to call INFO.
      enableReadyCheck: false,
      disableClientInfo: true,
    };
    this.client = new CorkedRedis(clientOptions, this.address.database);
    this.client.on('ready', () => void this.open());
    this.client.on('close', () => this.end());
    this.client.on('end', () => this.retry());
    this.client.on('error', (error: Error) => {
      this.lastError = error;
    });
  }

  /** True while commands may be sent. Already true while `prepare` runs. */
  get isOpen(): boolean {
    return this.usable;
  }

  /** True while the connection is open and `prepare` has finished. */
  get isUp(): boolean {
    return this.state === 'up';
  }

  /** Connects. Resolves as soon as Redis is known to be up or away. Never rejects. */
  start(): Promise<void> {
    this.watchTimer = setInterval(() => this.watch(), WATCH_INTERVAL_MS).unref();
    this.connect();
    return this.known;
  }

  /**
   * Sends the commands that `give` issues in one write. It leaves at once, unless the connection is
   * corked for this turn already. Then it leaves at the end of the turn.
   */
  writeTogether(give: () => void): void {
    const { stream } = this.client;
    stream?.cork();
    try {
      give();
    } finally {
      stream?.uncork();
    }
  }

  /**
   * Sends the commands that were issued before, then closes the connection for good. It does not
   * wait for their answers. May be called repeatedly.
   */
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

  /** Closes the present connection, which turned out to be unusable, and makes a new one. */
  drop(cause: Error): void {
    // In any other state ioredis is already making a new connection. A disconnect in the middle of
    // that could end it for good.
    if (this.client.status !== 'ready' && this.client.status !== 'connect') return;
    // All commands that await an answer fail together, and each of them may call this.
    if (this.dropping) return;
    this.dropping = true;
    this.lose(cause);
    this.client.disconnect(true);
  }

  private connect(): void {
    // ioredis reports a failure by an event too, and the event handlers act on it.
    this.client.connect().catch(() => {});
  }

  /** Acts on the end of a connection. One that was dropped is lost already, with its cause. */
  private end(): void {
    const cause = this.refusal ?? this.lastError ?? new Error('The connection was closed.');
    this.lastError = undefined;
    this.refusal = undefined;
    if (!this.dropping) this.lose(cause);
    this.dropping = false;
  }

  private async open(): Promise<void> {
    const { epoch } = this;
    this.lastError = undefined;
    this.refusal = undefined;
    try {
      await this.greet();
      if (epoch !== this.epoch) return;
      this.usable = true;
      await this.options.prepare?.();
    } catch (error) {
      if (epoch === this.epoch) this.drop(this.lastError ?? (error as Error));
      return;
    }
    if (epoch !== this.epoch) return;
    this.failures = 0;
    this.refusal = undefined;
    this.state = 'up';
    this.options.part.report(this, null);
    this.options.onUp?.();
    this.markKnown();
  }

  /** Logs in and examines the server. Rejects with the first refusal. Takes one round trip. */
  private async greet(): Promise<void> {
    const { username, password, database } = this.address;
    const login = [username, password ?? ''].filter((word) => word !== null);
    const steps = [
      ...((username ?? password) === null ? [] : [this.logIn(login)]),
      examineServer(this.client),
      ...(database === 0 ? [] : [this.client.call('SELECT', database)]),
      ...this.rightsExamined(),
    ];
    // A server that refuses a client altogether closes the connection at once.
    for (const step of steps)
      step.catch((error: Error) => {
        if (error.name === 'ReplyError') this.refusal ??= error;
      });
    for (const step of await Promise.allSettled(steps))
      if (step.status === 'rejected') throw step.reason;
  }

  private async logIn(login: string[]): Promise<void> {
    try {
      await this.client.call('AUTH', ...login);
    } catch (error) {
      if (!/without any password configured/.test((error as Error).message)) throw error;
      this.options.part.health.note({}, 'REDIS_URL has a password, and Redis asks for none');
    }
  }

  private rightsExamined(): Promise<void>[] {
    const { rights } = this.options;
    return rights ? [examineRights(this.client, rights)] : [];
  }

  /** Begins a new epoch, and calls `onAway` when the outage has just begun. */
  private lose(cause: Error): void {
    if (this.state === 'stopped') return;
    this.epoch++;
    this.usable = false;
    this.unansweredIntervals = 0;
    const trouble = troubleOf(cause);
    this.options.part.report(this, trouble);
    if (this.state === 'away') return;
    this.state = 'away';
    this.options.onAway?.(trouble);
    this.markKnown();
  }

  /**
   * Connects again after ioredis has ended. ioredis ends for good when a connection cannot even be
   * begun.
   */
  private retry(): void {
    if (this.state === 'stopped') return;
    this.lose(this.lastError ?? new Error('The connection could not be made.'));
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => this.connect(), this.nextDelayMs());
  }

  /**
   * Examines Redis, or drops the connection when the last examination stays unanswered. It counts
   * intervals and not time: after a stall of this process the answer may have arrived, but not been
   * read yet.
   */
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
    this.examine().then(answered, (error: Error) => {
      if (epoch !== this.epoch) return;
      const { kind } = troubleOf(error);
      // Without an answer the next intervals deal with it.
      if (kind !== 'away') this.drop(error);
    });
  }

  private async examine(): Promise<void> {
    // A refused ping is an answer too: Redis refuses it when it cannot persist, or by the rights.
    if (this.client.mode === 'subscriber') await this.client.ping().catch(ignoreRefusal);
    else await Promise.all([examineServer(this.client), ...this.rightsExamined()]);
  }

  /** Returns a random delay between half the backoff and all of it. Each failure doubles it. */
  private nextDelayMs(): number {
    const longestMs = Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** Math.min(this.failures++, 10));
    return Math.round(longestMs * (0.5 + Math.random() / 2));
  }
}

function ignoreRefusal(error: Error): void {
  if (error.name !== 'ReplyError') throw error;
}
