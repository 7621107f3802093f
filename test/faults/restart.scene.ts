import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET, DEVELOPMENT_SERVICE_SECRET } from '../../src/config';
import { type Balancer, startBalancer } from '../support/balancer';
import { eventually } from '../support/eventually';
import {
  createDatabase,
  type PostgresService,
  type RedisService,
  startPostgres,
  startRedis,
} from '../support/services';
import { KeptHttp } from './kept-http';
import { Place } from './place';
import { ResumingClient } from './resuming-client';
import { Tally } from './tally';

const NODES = 2;
/** In each conversation are two people, each of whom has it open on five devices. */
const CLIENTS_A_CONVERSATION = 10;
const CATCH_UP_MS = 30_000;
/** With more under way, the machine does not keep up, and what is due is left out. */
const MOST_UNDER_WAY = 64;
const TOKEN_LIFE_S = 86_400;

const UPSERT = `mutation ($input: [UpsertUserInput!]!) { upsertUsers(input: $input) { users { id } } }`;
const START = `mutation ($input: StartConversationInput!) { startConversation(input: $input) { conversation { id } } }`;
const SEND = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id sequence } } }`;

interface Talk {
  conversationId: string;
  people: readonly [string, string];
}

interface Acknowledged {
  conversationId: string;
  id: string;
  sequence: number;
}

/** Nodes behind a balancer, clients that follow conversations through it, and a steady stream of messages. */
export class RestartScene {
  private readonly clients: ResumingClient[] = [];
  /** Requests that were refused, or not answered. */
  private readonly failures: string[] = [];
  readonly acknowledged: Acknowledged[] = [];
  /** Messages that were due while too many were under way. */
  private leftOut = 0;
  private readonly underWay = new Set<Promise<void>>();
  private sending: NodeJS.Timeout | null = null;

  private constructor(
    private readonly places: readonly Place[],
    private readonly balancer: Balancer,
    private readonly http: KeptHttp,
    private readonly tokens: Tokens,
    private readonly talks: readonly Talk[],
    private readonly database: Client,
    private readonly services: readonly (PostgresService | RedisService)[],
  ) {}

  /**
   * @param clients a multiple of 10
   * @param start of the balancer; default: that of `support/balancer`
   */
  static async start(
    clients: number,
    env: Record<string, string>,
    start = startBalancer,
  ): Promise<RestartScene> {
    const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    const databaseUrl = await createDatabase(postgres.url);
    const places = Array.from({ length: NODES }, (_, index) => {
      const own = { DATABASE_URL: databaseUrl, REDIS_URL: redis.url, LOG_LEVEL: 'info' };
      return new Place(`node ${index + 1}`, { ...LIMITS, ...env, ...own });
    });
    for (const place of places) await place.start();
    const balancer = await start(places);
    const http = new KeptHttp(balancer.url);
    const tokens = new Tokens(env);
    const talks: Talk[] = [];
    for (let index = 0; index < clients / CLIENTS_A_CONVERSATION; index++)
      talks.push(await startTalk(http, tokens));
    const database = new Client(databaseUrl);
    await database.connect();
    const scene = new RestartScene(places, balancer, http, tokens, talks, database, [
      redis,
      postgres,
    ]);
    await scene.follow();
    return scene;
  }

  /** Begins to send so many messages a second, each in its turn whether or not the last ones are answered. */
  talk(messagesPerSecond: number): void {
    const startMs = performance.now();
    let sent = 0;
    this.sending = setInterval(() => {
      for (; sent < ((performance.now() - startMs) * messagesPerSecond) / 1_000; sent++) {
        if (this.underWay.size >= MOST_UNDER_WAY) {
          this.leftOut++;
          continue;
        }
        const sending = this.send(sent);
        this.underWay.add(sending);
        void sending.then(() => this.underWay.delete(sending));
      }
    }, 1_000 / messagesPerSecond);
  }

  /** Restarts all nodes in turn, each when the last one serves again. */
  async restartAll(): Promise<void> {
    for (const place of this.places) {
      const lives = place.lives.length;
      await place.terminate();
      await eventually(() => {
        const isBack = place.lives.length > lives && place.lives.at(-1)!.readyAt !== null;
        if (!isBack || !this.balancer.isReady(place)) throw new Error('not back');
      }, CATCH_UP_MS);
    }
  }

  /** Ends the stream of messages, and waits for its last answers. */
  async fallSilent(): Promise<void> {
    if (this.sending) clearInterval(this.sending);
    await Promise.all(this.underWay);
  }

  /** Waits until every client has everything, then says what was lost, came twice or out of order. */
  async complaints(): Promise<string[]> {
    const complaints: string[] = [];
    for (const { conversationId } of this.talks) {
      const { rows } = await this.database.query(
        'select sequence, message_id from conversation_events where conversation_id = $1 order by sequence',
        [conversationId],
      );
      for (const { id, sequence } of this.acknowledged.filter(
        (one) => one.conversationId === conversationId,
      ))
        if (rows[sequence - 1]?.message_id !== id)
          complaints.push(`${conversationId}: ${sequence} was acknowledged as ${id}, and is lost`);
      const all = rows.map((row) => row.sequence as number);
      for (const client of this.clients.filter((one) => one.conversationId === conversationId))
        complaints.push(...(await complaintsAbout(client, all)));
    }
    return complaints;
  }

  /** The requests and connections that were refused or closed, counted by reason; `none` when all is well. */
  get refusals(): string {
    const ofClients = this.clients.flatMap(({ complaints }) => complaints);
    return tallyOf([...this.failures, ...this.balancer.refused, ...ofClients]);
  }

  /** Resolves when each client was connected at least so often. */
  async reconnected(times: number): Promise<void> {
    await eventually(() => {
      const fewest = Math.min(...this.clients.map(({ connections }) => connections));
      if (fewest < times) throw new Error(`a client was connected ${fewest} times`);
    }, CATCH_UP_MS);
  }

  /** The number of WebSockets that each node has, by its own metrics. */
  async socketsOfNodes(): Promise<number[]> {
    return Promise.all(
      this.places.map(async ({ metricsUrl }) => {
        const text = await (await fetch(metricsUrl)).text();
        return Number(/^parley_connections (\d+)$/m.exec(text)![1]);
      }),
    );
  }

  get summary(): string {
    const connections = this.clients.reduce((sum, client) => sum + client.connections, 0);
    const { acknowledged, leftOut, clients, refusals } = this;
    return `${acknowledged.length} messages acknowledged, ${leftOut} left out, ${connections} connections of ${clients.length} clients; refused: ${refusals}`;
  }

  async stop(): Promise<void> {
    await this.fallSilent();
    await Promise.all(this.clients.map((client) => client.stop()));
    this.http.close();
    await this.balancer.stop();
    await Promise.all(this.places.map((place) => place.stop()));
    await this.database.end();
    await Promise.all(this.services.map((service) => service.stop()));
  }

  private async follow(): Promise<void> {
    for (const { conversationId, people } of this.talks)
      for (let device = 0; device < CLIENTS_A_CONVERSATION; device++)
        this.clients.push(
          new ResumingClient(
            this.balancer.url,
            this.tokens.of(people[device % 2]!),
            conversationId,
          ),
        );
    for (const client of this.clients) client.start();
    await this.reconnected(1);
  }

  private async send(turn: number): Promise<void> {
    const { conversationId, people } = this.talks[turn % this.talks.length]!;
    const sender = people[Math.floor(turn / this.talks.length) % 2]!;
    const input = { conversationId, content: `words ${turn}`, clientMessageId: randomUUID() };
    try {
      const data = await this.http.ask<Sent>(this.tokens.of(sender), SEND, { input });
      this.acknowledged.push({ conversationId, ...data.sendMessage.message });
    } catch (error) {
      this.failures.push((error as Error).message);
    }
  }
}

const LIMITS = {
  LIMIT_SOCKETS_PER_USER: '1000',
  LIMIT_MESSAGES_PER_SECOND: '100000',
  LIMIT_MESSAGES_PER_MINUTE: '100000',
  LIMIT_OFFERS_PER_MINUTE: '100000',
  LIMIT_CONVERSATIONS_PER_HOUR: '100000',
  LIMIT_WRITES_PER_MINUTE: '100000',
};

interface Sent {
  sendMessage: { message: { id: string; sequence: number } };
}

async function startTalk(http: KeptHttp, tokens: Tokens): Promise<Talk> {
  const people = [`one-${randomUUID()}`, `other-${randomUUID()}`] as const;
  const input = people.map((id) => ({ id, username: 'a-person' }));
  await http.ask(tokens.service, UPSERT, { input });
  const data = await http.ask<{ startConversation: { conversation: { id: string } } }>(
    tokens.of(people[0]),
    START,
    { input: { participantIds: [people[1]] } },
  );
  return { conversationId: data.startConversation.conversation.id, people };
}

function tallyOf(reasons: readonly string[]): string {
  const tally = new Tally<string>();
  for (const reason of reasons) tally.add(reason.slice(0, 200));
  return String(tally);
}

/** Signs tokens by the secrets of a node's settings. */
class Tokens {
  private readonly ofUsers = new Map<string, string>();

  constructor(private readonly env: Record<string, string>) {}

  get service(): string {
    const { JWT_SERVICE_SECRET: secret = DEVELOPMENT_SERVICE_SECRET } = this.env;
    return signToken(secret, { role: 'service' }, TOKEN_LIFE_S);
  }

  of(userId: string): string {
    const { JWT_SECRET: secret = DEVELOPMENT_SECRET } = this.env;
    const token = this.ofUsers.get(userId) ?? signToken(secret, { sub: userId }, TOKEN_LIFE_S);
    this.ofUsers.set(userId, token);
    return token;
  }
}

async function complaintsAbout(client: ResumingClient, all: readonly number[]): Promise<string[]> {
  await eventually(() => {
    if (client.received.length < all.length) throw new Error('behind');
  }, CATCH_UP_MS).catch(() => {});
  const { received, ending } = client;
  const complaints: string[] = [];
  if (ending) complaints.push(`a subscription ended: ${ending}`);
  if (received.length !== all.length || received.some((one, index) => one !== all[index]))
    complaints.push(`a client got ${received} of 1 to ${all.length}`);
  return complaints;
}
