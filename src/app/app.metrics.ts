import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config';
import { blame } from '../runtime/blame';
import { createMetricsServer, METRICS_PATH, type MetricsPage } from '../server/metrics.server';
import type { RefusalRecord } from '../server/refusals.raw';
import { portTrouble, urlHost } from './address';
import type { Lifecycle } from './lifecycle';

/**
 * Serves the metrics on a port of their own.
 *
 * @returns their URL
 * @throws {ConfigError} when the node cannot listen on this port
 */
export async function startMetricsServer(
  page: MetricsPage,
  { host }: Config['http'],
  port: number,
  { lifecycle, ...record }: RefusalRecord & { lifecycle: Lifecycle },
): Promise<string> {
  const server = createMetricsServer(page, record);
  await blame('METRICS_PORT', `cannot listen on ${host}`, async () => {
    try {
      server.listen({ host, port });
      await once(server, 'listening');
    } catch (error) {
      throw portTrouble('METRICS_PORT', port, error);
    }
  });
  lifecycle.add('metrics', () => {
    server.close();
    server.closeAllConnections();
  });
  const { port: actual } = server.address() as AddressInfo;
  return `http://${urlHost(host)}:${actual}${METRICS_PATH}`;
}
