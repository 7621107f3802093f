import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { startApp } from '../../src/app/app';
import { createLogger } from '../../src/logger';
import { Cluster, nodeConfig } from '../support/cluster';
import { scrape } from '../support/scrape';

const PRODUCTION = {
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  JWT_SECRET: 'a-secret-for-this-test-of-more-than-32-characters',
  DRAIN_DELAY_S: '0',
  DRAIN_SPREAD_S: '0',
};

describe('in production', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ env: PRODUCTION });
  });
  afterAll(() => cluster.stop());

  test('the metrics have a port of their own, and are not on the public one', async () => {
    const { url, metricsUrl } = cluster.node;
    expect(new URL(metricsUrl).port).not.toBe(new URL(url).port);
    expect((await scrape(cluster.node)).names).toContain('parley_connections');
    expect((await fetch(`${url}/metrics`)).status).toBe(404);
    expect((await fetch(`${url}/metrics/`)).status).toBe(404);
  });

  test('nothing else is on that port', async () => {
    const { metricsUrl } = cluster.node;
    for (const path of ['/', '/graphql', '/healthz', '/metricsx', '//metrics'])
      expect((await fetch(new URL(metricsUrl).origin + path)).status).toBe(404);
    const posted = await fetch(metricsUrl, { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await fetch(metricsUrl, { method: 'HEAD' })).status).toBe(200);
  });
});

describe('METRICS_PORT', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ redis: true });
  });
  afterAll(() => cluster.stop());

  test('is not needed in development, where the public port has them', () => {
    expect(cluster.node.metricsUrl).toBe(`${cluster.node.url}/metrics`);
  });

  test('stops the start in one line when it is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const config = nodeConfig(cluster.databaseUrl, true, { METRICS_PORT: String(port) });
    await expect(startApp(config, createLogger('silent'))).rejects.toThrow(
      new Error(`METRICS_PORT: ${port} is taken already`),
    );
    other.close();
  });

  test('serves them in development as well when it is set', async () => {
    const config = nodeConfig(cluster.databaseUrl, true, { METRICS_PORT: '0' });
    const node = await startApp(config, createLogger('silent'));
    expect((await scrape(node)).names).toContain('parley_connections');
    expect((await fetch(`${node.url}/metrics`)).status).toBe(200);
    await node.stop();
    await expect(fetch(node.metricsUrl)).rejects.toThrow();
  });
});
