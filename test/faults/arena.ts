import { Client } from 'pg';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET, DEVELOPMENT_SERVICE_SECRET } from '../../src/config';
import { eventually } from '../support/eventually';
import { NodeProcess } from '../support/node-process';
import {
  createDatabase,
  type PostgresService,
  type RedisService,
  startPostgres,
  startRedis,
} from '../support/services';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { killRedisClients } from './redis.operator';

const REQUEST_TIMEOUT_MS = 15_000;

export interface Answer {
  data?: Record<string, never> | null;
  errors?: { message: string; extensions: { code: string } }[];
}

/** One place where a node runs, again and again. */
class Place {
  url = '';
  kills = 0;
  starts = 0;
  private process!: NodeProcess;
  private finished: string[] = [];
  private stopping = false;

  constructor(
    readonly name: string,
    private readonly env: Record<string, string>,
  ) {}

  async start(): Promise<void> {
    // On one port for ever, so that clients know where it comes back.
    const port = this.url === '' ? '0' : new URL(this.url).port;
    this.process = new NodeProcess({ ...this.env, PORT: port });
    this.starts++;
    this.url = (await this.process.ready()).url;
    void this.watch(this.process);
  }

  /** Lines of its log that say so, over all its lives. */
  count(message: string): number {
    return [...this.finished, this.process.output].join('').split(`"msg":"${message}"`).length - 1;
  }

  log(): string {
    return [...this.finished, this.process.output, this.process.errors].join('');
  }

  /** Ends it without a word; it comes back by itself. */
  kill(): void {
    this.process.kill();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.process.interrupt();
  }

  private async watch(process: NodeProcess): Promise<void> {
    await process.exit();
    if (this.stopping) return;
    this.kills++;
    this.finished.push(process.output);
    // As a supervisor would: it may meet the next fault while it starts.
    for (let up = false; !up && !this.stopping; )
      up = await this.start().then(
        () => true,
        () => false,
      );
  }
}

/** Nodes, their database, their Redis behind a bad network, and what can be done to all of it. */
export class Arena {
  private constructor(
    readonly places: Place[],
    /** Dies between each commit and its publication. */
    readonly doomed: Place,
    /** For looking at what is really there. */
    public database: Client,
    private readonly postgres: PostgresService,
    private readonly redis: RedisService,
    private readonly proxy: TcpProxy,
    private readonly databaseUrl: string,
  ) {}

  static async start(nodes: number): Promise<Arena> {
    const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    const proxy = await startTcpProxy(redis.port);
    const databaseUrl = await createDatabase(postgres.url);
    const env = {
      DATABASE_URL: databaseUrl,
      REDIS_URL: proxy.url,
      LOG_LEVEL: 'info',
      LIMIT_SOCKETS_PER_USER: '1000',
      LIMIT_MESSAGES_PER_SECOND: '100000',
      LIMIT_MESSAGES_PER_MINUTE: '100000',
      LIMIT_PENDING_OFFERS: '100000',
    };
    const places = Array.from({ length: nodes }, (_, index) => new Place(`node ${index + 1}`, env));
    const doomed = new Place('doomed node', { ...env, FAILPOINT: 'kill-before-publish:1' });
    for (const place of [...places, doomed]) await place.start();
    const arena = new Arena(
      places,
      doomed,
      await connect(databaseUrl),
      postgres,
      redis,
      proxy,
      databaseUrl,
    );
    return arena;
  }

  get allPlaces(): Place[] {
    return [...this.places, this.doomed];
  }

  /** Resolves when the doomed node answers, after whatever death it died. */
  async doomedUp(): Promise<void> {
    await eventually(() => fetch(`${this.doomed.url}/healthz`), 60_000);
  }

  token(userId: string): string {
    return signToken(DEVELOPMENT_SECRET, { sub: userId });
  }

  /** One request to one place; null when nobody answered. */
  async ask(
    place: { url: string },
    userId: string | null,
    query: string,
    variables: object,
  ): Promise<Answer | null> {
    const token =
      userId === null
        ? signToken(DEVELOPMENT_SERVICE_SECRET, { role: 'service' })
        : this.token(userId);
    try {
      const response = await fetch(`${place.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      return (await response.json()) as Answer;
    } catch {
      return null;
    }
  }

  /** Asks until there is an answer that is no passing fault. */
  async insist(userId: string | null, query: string, variables: object): Promise<Answer> {
    return eventually(async () => {
      const place = this.places[Math.floor(Math.random() * this.places.length)]!;
      const answer = await this.ask(place, userId, query, variables);
      const code = answer?.errors?.[0]?.extensions.code;
      if (!answer || code === 'UNAVAILABLE' || code === 'INTERNAL_SERVER_ERROR')
        throw new Error(`not answered: ${JSON.stringify(answer)}`);
      return answer;
    }, 30_000);
  }

  /** Ends every connection that listens for events, or all others. */
  killRedisClients(type: 'pubsub' | 'normal'): Promise<void> {
    return killRedisClients(this.redis.url, type);
  }

  async restartRedis(awayMs: number): Promise<void> {
    await this.redis.kill();
    await new Promise((resolve) => setTimeout(resolve, awayMs));
    await this.redis.start();
  }

  /** Sessions are cut and new ones refused for so long. */
  async restartPostgres(awayMs: number): Promise<void> {
    await this.database.end();
    await this.postgres.stopServer();
    await new Promise((resolve) => setTimeout(resolve, awayMs));
    await this.postgres.startServer();
    this.database = await connect(this.databaseUrl);
  }

  stallNetwork(): void {
    this.proxy.stall();
  }

  halfCloseNetwork(): void {
    this.proxy.halfClose();
  }

  cutNetwork(): void {
    this.proxy.cut();
  }

  slowNetwork(delayMs: number): void {
    this.proxy.delayMs = delayMs;
  }

  async terminateBackends(): Promise<void> {
    await this.database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and application_name = 'parley'`,
    );
  }

  get healedGaps(): number {
    return this.allPlaces.reduce((sum, place) => sum + place.count('gap healed'), 0);
  }

  async stop(): Promise<void> {
    await this.database.end();
    await Promise.all(this.allPlaces.map((place) => place.stop()));
    await this.proxy.stop();
    await Promise.all([this.redis.stop(), this.postgres.stop()]);
  }
}

async function connect(url: string): Promise<Client> {
  const client = new Client(url);
  await client.connect();
  return client;
}
