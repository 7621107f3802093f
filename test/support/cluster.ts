import { type App, startApp } from '../../src/app/app';
import { signToken } from '../../src/auth/token';
import {
  type Config,
  DEVELOPMENT_SECRET,
  DEVELOPMENT_SERVICE_SECRET,
  loadConfig,
} from '../../src/config';
import { createLogger } from '../../src/logger';
import { Person } from './person';
import { createMigratedDatabase, dropDatabase } from './services';

/** Limits that no test of anything else runs into. */
const ROOMY = {
  LIMIT_SOCKETS_PER_USER: '1000',
  LIMIT_SUBSCRIPTIONS_PER_SOCKET: '1000',
  LIMIT_MESSAGES_PER_SECOND: '100000',
  LIMIT_MESSAGES_PER_MINUTE: '100000',
  LIMIT_OFFERS_PER_MINUTE: '100000',
  LIMIT_CONVERSATIONS_PER_HOUR: '100000',
  LIMIT_WRITES_PER_MINUTE: '100000',
  LIMIT_OPERATIONS_PER_USER: '1000',
  LIMIT_PENDING_OFFERS: '100000',
};

export interface ClusterOptions {
  /** Nodes in this process; default 1. More than one need Redis. */
  nodes?: number;
  /** Default: with more than one node. */
  redis?: boolean;
  env?: Record<string, string>;
}

/** Nodes of one installation, with a database of its own, and people who use them. */
export class Cluster {
  private constructor(
    readonly nodes: App[],
    readonly databaseUrl: string,
    private readonly config: Config,
    private readonly people: Person[] = [],
  ) {}

  static async start(options: ClusterOptions = {}): Promise<Cluster> {
    const databaseUrl = await createMigratedDatabase();
    const count = options.nodes ?? 1;
    const config = nodeConfig(databaseUrl, options.redis ?? count > 1, options.env);
    const logger = createLogger(process.env.PARLEY_TEST_LOG ?? 'silent');
    const nodes: App[] = [];
    for (let index = 0; index < count; index++) nodes.push(await startApp(config, logger));
    return new Cluster(nodes, databaseUrl, config);
  }

  get node(): App {
    return this.nodes[0]!;
  }

  /** A person known to the platform, on the given node. */
  async person(id: string, node: App = this.node): Promise<Person> {
    await node.services.people.users.upsert([{ id, username: id }], () => 'user');
    return this.track(new Person(node, id, signToken(DEVELOPMENT_SECRET, { sub: id })));
  }

  /** Several at once, in the order of the ids. */
  persons(...ids: string[]): Promise<Person[]> {
    return Promise.all(ids.map((id) => this.person(id)));
  }

  /** The same person on another device, perhaps at another node. */
  device(person: Person, node: App = this.node): Person {
    return this.track(new Person(node, person.id, person.token));
  }

  /** The host platform itself. */
  service(node: App = this.node): Person {
    return this.track(
      new Person(node, 'service', signToken(DEVELOPMENT_SERVICE_SECRET, { role: 'service' })),
    );
  }

  /** Somebody with these credentials and no account. */
  stranger(token: string | null, node: App = this.node): Person {
    return this.track(new Person(node, 'stranger', token));
  }

  /** Stops the nodes and starts them again, each on the port that it had. */
  async restart(): Promise<void> {
    for (const [index, node] of this.nodes.entries()) {
      await node.stop();
      const http = { ...this.config.http, port: Number(new URL(node.url).port) };
      this.nodes[index] = await startApp({ ...this.config, http }, createLogger('silent'));
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.people.map((person) => person.disconnect()));
    await Promise.all(this.nodes.map((node) => node.stop()));
    await dropDatabase(this.databaseUrl);
  }

  private track(person: Person): Person {
    this.people.push(person);
    return person;
  }
}

export function nodeConfig(
  databaseUrl: string,
  redis: boolean,
  env: Record<string, string> = {},
): Config {
  return loadConfig({
    PORT: '0',
    DATABASE_URL: pooled(databaseUrl),
    ...(redis && { REDIS_URL: process.env.PARLEY_TEST_REDIS_URL! }),
    ...ROOMY,
    // Nodes of one machine share its ports.
    ...(env.NODE_ENV === 'production' && { METRICS_PORT: '0' }),
    ...env,
  });
}

/** The same database through the pooler of `services.setup.ts`, if there is one. */
function pooled(databaseUrl: string): string {
  const { PARLEY_TEST_POOLER_PORT: port, PARLEY_TEST_POSTGRES_URL: direct } = process.env;
  const url = new URL(databaseUrl);
  if (port === undefined || url.host !== new URL(direct!).host) return databaseUrl;
  url.port = port;
  return url.href;
}
