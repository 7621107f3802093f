import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { eventually } from './eventually';

const CHECK_INTERVAL_MS = 1_000;

/** Something that may get connections. Its url may change, and may be empty while it has none. */
export interface Target {
  readonly url: string;
}

/**
 * A load balancer of connections, as simple as they come: once a second it asks each target at
 * `/readyz`, and it gives a new connection to the next target that answered 200 at the last check.
 * It knows nothing of HTTP and repeats nothing, so each request that a target refuses is seen.
 */
export interface Balancer {
  readonly url: string;
  /** Connections that could not be given to any target, or that the target did not accept. */
  readonly refused: string[];
  isReady(target: Target): boolean;
  stop(): Promise<void>;
}

/** Starts a balancer on a free port of 127.0.0.1. Resolves when all targets are ready. */
export async function startBalancer(targets: readonly Target[]): Promise<Balancer> {
  const ready = new Set<Target>();
  const sockets = new Set<Socket>();
  const refused: string[] = [];
  let turn = 0;

  async function check(): Promise<void> {
    await Promise.all(
      targets.map(async (target) => {
        if (await answers(target)) ready.add(target);
        else ready.delete(target);
      }),
    );
  }

  function open(client: Socket): void {
    track(client);
    const target = [...targets].filter((one) => ready.has(one))[turn++ % ready.size];
    if (!target) {
      refused.push('no target is ready');
      client.destroy();
      return;
    }
    const upstream = connect(Number(new URL(target.url).port), '127.0.0.1');
    track(upstream);
    let isOpen = false;
    upstream.once('connect', () => {
      isOpen = true;
    });
    upstream.once('close', () => {
      if (!isOpen) refused.push(`${target.url} does not accept connections`);
      client.destroy();
    });
    client.once('close', () => upstream.destroy());
    client.pipe(upstream);
    upstream.pipe(client);
  }

  function track(socket: Socket): void {
    sockets.add(socket);
    socket.setNoDelay();
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  }

  const server = createServer(open);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const checking = setInterval(() => void check(), CHECK_INTERVAL_MS);
  await eventually(async () => {
    await check();
    if (ready.size < targets.length) throw new Error('not all targets are ready');
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused,
    isReady: (target) => ready.has(target),
    async stop() {
      clearInterval(checking);
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

async function answers({ url }: Target): Promise<boolean> {
  if (url === '') return false;
  try {
    const { status } = await fetch(`${url}/readyz`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(CHECK_INTERVAL_MS),
    });
    return status === 200;
  } catch {
    return false;
  }
}
