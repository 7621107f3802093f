import { createServer, type Server } from 'node:http';
import { answerUnhandled, type RefusalRecord, refuseUnreadable } from './refusals.raw';

export const METRICS_PATH = '/metrics';
const ALLOWED = 'GET, HEAD';

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
export function createMetricsServer(page: MetricsPage, record: RefusalRecord): Server {
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(record.headersOf(request)))
      response.setHeader(name, value);
    const isAsked = request.url?.split('?', 1)[0] === METRICS_PATH;
    if (!isAsked || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(isAsked ? 405 : 404, isAsked ? { allow: ALLOWED } : {}).end();
      return;
    }
    page.text().then(
      (text) => response.writeHead(200, { 'content-type': page.contentType }).end(text),
      (error: unknown) => {
        record.logger.error({ err: error }, 'metrics not read');
        response.writeHead(500).end();
      },
    );
  });
  answerUnhandled(server, record, ALLOWED);
  server.on('clientError', (error, socket) => refuseUnreadable(error, socket, record));
  return server;
}
