import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A network that loses exactly what it is told to. */
export interface LossyProxy {
  readonly port: number;
  /** True: new connections are ended at once. */
  refuses: boolean;
  /**
   * The connection on which a client sends next is ended: `before` the server has got it, or
   * `after`, so that the answer is lost.
   */
  loseNext: 'before' | 'after' | null;
  cut(): void;
  stop(): Promise<void>;
}

export async function startLossyProxy(targetPort: number): Promise<LossyProxy> {
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    client.on('error', () => {});
    if (proxy.refuses) return void client.destroy();
    const target = connect(targetPort, '127.0.0.1');
    target.on('error', () => {});
    clients.add(client);
    let isLost = false;
    client.on('data', (chunk) => {
      const { loseNext } = proxy;
      proxy.loseNext = null;
      if (loseNext !== 'before') target.write(chunk);
      if (loseNext === null) return;
      isLost = true;
      client.destroy();
    });
    target.on('data', (chunk) => {
      if (isLost) target.end();
      else client.write(chunk);
    });
    client.on('close', () => {
      clients.delete(client);
      // What was sent is read by the server all the same.
      target.end();
    });
    target.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: LossyProxy = {
    port: (server.address() as AddressInfo).port,
    refuses: false,
    loseNext: null,
    cut() {
      for (const client of clients) client.destroy();
    },
    async stop() {
      proxy.cut();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}
