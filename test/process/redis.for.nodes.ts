import { NodeProcess } from '../support/node-process';
import { command } from '../support/redis-parts';
import {
  createMigratedDatabase,
  dropDatabase,
  type RedisService,
  startRedis,
} from '../support/services';

/** A Redis and a database for the tests of a file, and nodes that start with them. */
export function redisForNodes() {
  let redis: RedisService;
  let databaseUrl: string;
  const nodes: NodeProcess[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    databaseUrl = await createMigratedDatabase();
  });
  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.interrupt();
  });
  afterAll(async () => {
    await redis.stop();
    await dropDatabase(databaseUrl);
  });

  return {
    get redis() {
      return redis;
    },
    admin: (text: string) => command(redis.url, text),
    start(REDIS_URL: string): NodeProcess {
      const node = new NodeProcess({ PORT: '0', DATABASE_URL: databaseUrl, REDIS_URL });
      nodes.push(node);
      return node;
    },
  };
}
