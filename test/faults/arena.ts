import { Client } from 'pg';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET, DEVELOPMENT_SERVICE_SECRET } from '../../src/config';
import { eventually } from '../support/eventually';
import {
  createDatabase,
  type PostgresService,
  type RedisService,
  startPostgres,
  startRedis,
} from '../support/services';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { Place } from './place';
import { PostgresOperator } from './postgres.operator';
import { killRedisClients } from './redis.operator';

const REQUEST_TIMEOUT_MS = 15_000;

export interface Answer {
  data?: Record<string, never> | null;
  errors?: { message: string; extensions: { code: string } }[];
}

/** Nodes, their database, their Redis behind a bad network, and what can be done to all of it. */
export class Arena {
  /** Answers that are none of GraphQL. */
  readonly foreignAnswers: string[] = [];

  private constructor(
    readonly places: Place[],
    /** Dies between each commit and its publication. */
    readonly doomed: Place,
    /** For looking at what is really there, and for what an operator does to it. */
    readonly operator: PostgresOperator,
    private readonly postgres: PostgresService,
    private readonly redis: RedisService,
    private readonly proxy: TcpProxy,
    /** Between the nodes and Postgres; null when there is nothing between. */
    private readonly databaseProxy: TcpProxy | null,
  ) {}

  /** @param behindProxy connections to Postgres can be frozen one by one. Default false */
  static async start(nodes: number, { behindProxy = false } = {}): Promise<Arena> {
    const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    const proxy = await startTcpProxy(redis.port);
    const databaseUrl = new URL(await createDatabase(postgres.url));
    const operator = await PostgresOperator.start(postgres, databaseUrl.href);
    const databaseProxy = behindProxy ? await startTcpProxy(Number(databaseUrl.port)) : null;
    if (databaseProxy) databaseUrl.host = new URL(databaseProxy.url).host;
    const env = {
      DATABASE_URL: databaseUrl.href,
      REDIS_URL: proxy.url,
      LOG_LEVEL: 'info',
      LIMIT_SOCKETS_PER_USER: '1000',
      LIMIT_MESSAGES_PER_SECOND: '100000',
      LIMIT_MESSAGES_PER_MINUTE: '100000',
      LIMIT_OFFERS_PER_MINUTE: '100000',
      LIMIT_CONVERSATIONS_PER_HOUR: '100000',
      LIMIT_WRITES_PER_MINUTE: '100000',
      LIMIT_PENDING_OFFERS: '100000',
    };
    const places = Array.from({ length: nodes }, (_, index) => new Place(`node ${index + 1}`, env));
    const doomed = new Place('doomed node', { ...env, FAILPOINT: 'kill-before-publish:1' });
    for (const place of [...places, doomed]) await place.start();
    return new Arena(places, doomed, operator, postgres, redis, proxy, databaseProxy);
  }

  get database(): Client {
    return this.operator.database;
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
      const text = await response.text();
      const answer = answerIn(text);
      if (!answer) this.foreignAnswers.push(`${response.status} ${text.slice(0, 200)}`);
      return answer;
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
  restartPostgres(awayMs: number): Promise<void> {
    return this.operator.restart(awayMs);
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

  /** One of the nodes' connections to Postgres goes silent, and stays so until `thaw`. */
  freezeConnection(which: number): void {
    this.databaseProxy?.stallOne(which);
  }

  /** Ends the connections that went silent. */
  thaw(): void {
    this.databaseProxy?.endStalled();
  }

  get healedGaps(): number {
    return this.allPlaces.reduce((sum, place) => sum + place.count('gap healed'), 0);
  }

  async stop(): Promise<void> {
    await this.operator.stop();
    await Promise.all(this.allPlaces.map((place) => place.stop()));
    await Promise.all([this.proxy.stop(), this.databaseProxy?.stop()]);
    await Promise.all([this.redis.stop(), this.postgres.stop()]);
  }
}

/** Returns null for a text that is no answer of GraphQL. */
function answerIn(text: string): Answer | null {
  try {
    const answer = JSON.parse(text);
    return 'data' in answer || 'errors' in answer ? answer : null;
  } catch {
    return null;
  }
}
