import { Cluster } from './cluster';
import { createMigratedDatabase, dropDatabase } from './services';
import { startTcpProxy, type TcpProxy } from './tcp-proxy';

/** A node with Redis, between which and its database lies a network that a test can disturb. */
export interface NetworkedCluster {
  readonly cluster: Cluster;
  readonly network: TcpProxy;
  /** The database without that network. */
  readonly databaseUrl: string;
  stop(): Promise<void>;
}

export async function startNetworkedCluster(): Promise<NetworkedCluster> {
  const databaseUrl = await createMigratedDatabase();
  const network = await startTcpProxy(Number(new URL(databaseUrl).port));
  const proxied = new URL(databaseUrl);
  proxied.port = new URL(network.url).port;
  const cluster = await Cluster.start({ redis: true, env: { DATABASE_URL: proxied.href } });
  return {
    cluster,
    network,
    databaseUrl,
    async stop() {
      await cluster.stop();
      await network.stop();
      await dropDatabase(databaseUrl);
    },
  };
}
