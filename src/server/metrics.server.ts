import { createServer, type Server } from 'node:http';
import type { Logger } from '../logger';

export const METRICS_PATH = '/metrics';

/** The metrics of this node as text for Prometheus. */
export interface MetricsPage {
  readonly contentType: string;
  /** Reads all metrics as they are now. */
  text(): Promise<string>;
}

/**
 * Creates the server that answers `GET /metrics`, and 404 to everything else. In production the
 * metrics have a port of their own, so that a proxy in front of the public one cannot show them. It
 * does not listen yet.
 */
export function createMetricsServer(page: MetricsPage, logger: Logger): Server {
  return createServer((request, response) => {
    const isAsked = request.url?.split('?', 1)[0] === METRICS_PATH;
    if (!isAsked || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(isAsked ? 405 : 404, isAsked ? { allow: 'GET, HEAD' } : {}).end();
      return;
    }
    page.text().then(
      (text) => response.writeHead(200, { 'content-type': page.contentType }).end(text),
      (error: unknown) => {
        logger.error({ err: error }, 'metrics not read');
        response.writeHead(500).end();
      },
    );
  });
}
