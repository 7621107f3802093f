import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { eventually } from './eventually';

/** Something that listens on a port of 127.0.0.1 and may get connections. */
export interface Target {
  readonly url: string;
}

/**
 * A load balancer of connections, as simple as they come: once a second it asks each target at
 * `/readyz`, and it gives a new connection to the next target that answered 200 at the last check.
 * It knows nothing of HTTP and repeats nothing, so each request that a target refuses is seen. It
 * has a thread of its own, so that a busy test does not hold up its checks.
 */
export interface Balancer {
  readonly url: string;
  /** Connections that could not be given to any target, or that the target did not accept. */
  readonly refused: string[];
  isReady(target: Target): boolean;
  stop(): Promise<void>;
}

type News = { port: number } | { ready: number[] } | { refused: string };

/** Starts a balancer on a free port of 127.0.0.1. Resolves when all targets are ready. */
export async function startBalancer(targets: readonly Target[]): Promise<Balancer> {
  const worker = new Worker(join(__dirname, 'balancer.worker.js'), {
    workerData: { urls: targets.map(({ url }) => url) },
  });
  const refused: string[] = [];
  let ready: readonly number[] = [];
  let port = 0;
  worker.on('message', (news: News) => {
    if ('port' in news) port = news.port;
    else if ('ready' in news) ready = news.ready;
    else refused.push(news.refused);
  });
  await eventually(() => {
    if (port === 0 || ready.length < targets.length) throw new Error('not all targets are ready');
  });
  return {
    url: `http://127.0.0.1:${port}`,
    refused,
    isReady: (target) => ready.includes(targets.indexOf(target)),
    async stop() {
      await worker.terminate();
    },
  };
}
