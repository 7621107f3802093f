import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { connectDatabase, migrate } from '../../src/database/data-source';
import { createLogger } from '../../src/logger';
import {
  createDatabase,
  dropDatabase,
  type PostgresService,
  type RedisService,
  startPostgres,
  startRedis,
} from '../../test/support/services';
import { createFolder, type TemporaryFolder } from '../../test/support/services.folder';
import { Load } from './load';
import { type Peer, Server } from './servers';
import { StatementCounter } from './statement-counter';

/** How the bench was asked to run. */
export interface RunOptions {
  /** Null: as many as the scenario finds right. */
  rounds: number | null;
  /** For trying: a round, short windows, small crowds. */
  quick: boolean;
  /** Null: all that the scenario knows. */
  peers: readonly Peer[] | null;
  /** The attacks of a flood. Null: all. */
  attacks: readonly string[] | null;
  /** The number of people, in a scenario that lets it be chosen. Null: as many as it finds right. */
  people: number | null;
}

/** A server and a load of its own, for one measurement. */
export interface Scene {
  server: Server;
  load: Load;
  databaseUrl: string;
}

/** The same, with all that the server asks the database counted on the way: for counting, not for timing. */
export interface CountedScene extends Scene {
  statements: StatementCounter;
}

/** Two nodes of a peer behind one database and one Redis, and several loads. */
export interface ClusterScene {
  /** Is going to be killed. */
  doomed: Server;
  /** Stays. */
  survivor: Server;
  loads: readonly Load[];
  /** The survivor's statements; null when they are not counted. */
  statements: StatementCounter | null;
}

export type Bus = 'memory' | 'redis';

/** The services of a run: Postgres, Redis, and a fresh database, server and load for whoever is measured. */
export class Stage {
  private constructor(
    readonly options: RunOptions,
    private readonly postgres: PostgresService,
    private readonly redis: RedisService,
    private readonly folder: TemporaryFolder,
  ) {}

  static async start(options: RunOptions): Promise<Stage> {
    const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    return new Stage(options, postgres, redis, await createFolder('bench'));
  }

  async stop(): Promise<void> {
    await this.redis.stop();
    await this.postgres.stop();
    this.folder.remove();
  }

  /** Rounds to measure, when the scenario finds `usual` right. */
  roundsOr(usual: number): number {
    return this.options.rounds ?? (this.options.quick ? 1 : usual);
  }

  /** A database with Parley's tables and what `seed` puts into them, to be copied. Returns its url. */
  async template(seed: (client: Client) => Promise<void>): Promise<string> {
    const url = await createDatabase(this.postgres.url);
    const dataSource = await connectDatabase({
      url,
      poolSize: 2,
      entities: [],
      logger: createLogger('silent'),
    });
    await migrate(dataSource);
    await dataSource.destroy();
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      await seed(client);
    } finally {
      await client.end();
    }
    return url;
  }

  /** Lets a peer perform with a copy of the database; everything is gone afterwards. */
  perform<T>(
    peer: Peer,
    template: string,
    bus: Bus,
    work: (scene: Scene) => Promise<T>,
  ): Promise<T> {
    return this.withDatabase(template, (databaseUrl) =>
      this.withServer(peer, databaseUrl, bus, work),
    );
  }

  /** Lets Parley perform with settings of its own, a copy of the database, and Redis. */
  performWith<T>(
    template: string,
    settings: NodeJS.ProcessEnv,
    work: (scene: Scene) => Promise<T>,
  ): Promise<T> {
    return this.withDatabase(template, (databaseUrl) =>
      this.withServer('parley', databaseUrl, 'redis', work, settings),
    );
  }

  performCounted<T>(
    peer: Peer,
    template: string,
    bus: Bus,
    work: (scene: CountedScene) => Promise<T>,
  ): Promise<T> {
    return this.withDatabase(template, async (databaseUrl) => {
      const statements = await StatementCounter.start(databaseUrl);
      try {
        return await this.withServer(peer, statements.url, bus, (scene) =>
          work({ ...scene, statements }),
        );
      } finally {
        statements.stop();
      }
    });
  }

  /**
   * Lets two nodes of a peer perform with a copy of the database and an empty Redis, in which no
   * former node is missed.
   *
   * @param counted the survivor's statements are counted on their way, which takes time
   */
  performOnTwoNodes<T>(
    peer: Peer,
    template: string,
    { loads, counted }: { loads: number; counted: boolean },
    work: (scene: ClusterScene) => Promise<T>,
  ): Promise<T> {
    return this.withDatabase(template, async (databaseUrl) => {
      await this.redis.kill();
      await this.redis.start();
      const statements = counted ? await StatementCounter.start(databaseUrl) : null;
      const common = { redisUrl: this.redis.url, directory: this.folder.path };
      const servers: Server[] = [];
      const started = Array.from({ length: loads }, () => Load.start());
      try {
        for (const url of [databaseUrl, statements?.url ?? databaseUrl])
          servers.push(await Server.start(peer, { ...common, databaseUrl: url }));
        const [doomed, survivor] = servers as [Server, Server];
        return await this.explained(survivor, () =>
          work({ doomed, survivor, loads: started, statements }),
        );
      } finally {
        await Promise.all(started.map((load) => load.stop()));
        await Promise.all(servers.map((server) => server.stop()));
        statements?.stop();
      }
    });
  }

  private async withServer<T>(
    peer: Peer,
    databaseUrl: string,
    bus: Bus,
    work: (scene: Scene) => Promise<T>,
    settings: NodeJS.ProcessEnv = {},
  ): Promise<T> {
    const redisUrl = bus === 'redis' ? this.redis.url : null;
    const { path: directory } = this.folder;
    const server = await Server.start(peer, { databaseUrl, redisUrl, directory, settings });
    const load = Load.start();
    try {
      return await this.explained(server, () => work({ server, load, databaseUrl }));
    } finally {
      await load.stop();
      await server.stop();
    }
  }

  /** Adds to an error what the server said. */
  private async explained<T>(server: Server, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      server.assertRunning();
      const { message } = error as Error;
      const said = server.output && `\nIt said:\n${server.output}`;
      throw new Error(`${server.peer}: ${message}${said}`, { cause: error });
    }
  }

  /** Works with a copy of a template. */
  async withDatabase<T>(template: string, work: (url: string) => Promise<T>): Promise<T> {
    const url = await this.copy(template);
    try {
      return await work(url);
    } finally {
      await dropDatabase(url);
    }
  }

  private async copy(template: string): Promise<string> {
    const url = new URL(this.postgres.url);
    url.pathname = `bench_${randomBytes(8).toString('hex')}`;
    const admin = new Client({ connectionString: this.postgres.url });
    await admin.connect();
    try {
      await admin.query(
        `create database "${url.pathname.slice(1)}" template "${new URL(template).pathname.slice(1)}"`,
      );
    } finally {
      await admin.end();
    }
    return url.href;
  }
}
