import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { bytesIn, type Fields, messagesIn, numberIn, readFields } from './protobuf';

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];

/** A span as a collector gets it (opentelemetry/proto/trace/v1/trace.proto). */
export interface CollectedSpan {
  traceId: string;
  id: string;
  /** null for the first of its trace. */
  parentId: string | null;
  traceState: string;
  name: string;
  kind: string;
  attributes: Record<string, unknown>;
  /** Ids of linked spans. */
  links: string[];
  /** The message of an error; null for none. */
  error: string | null;
  /** What the resource says: the service and the node. */
  resource: Record<string, unknown>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A collector of traces, by OTLP over HTTP in protobuf. */
export class Collector {
  readonly spans: CollectedSpan[] = [];
  /** The requests so far, also those that were not answered well. */
  readonly requests: IncomingMessage[] = [];
  /** How it answers; a test may change it. */
  answer: Answer = (_request, response) => void response.end();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Collector> {
    const server = createServer();
    const collector = new Collector(server);
    server.on('request', (request, response) => void collector.receive(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The spans of one trace. */
  trace(traceId: string): CollectedSpan[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const isGzip = request.headers['content-encoding'] === 'gzip';
    this.spans.push(...spansIn(readFields(isGzip ? gunzipSync(body) : body)));
    this.requests.push(request);
    this.answer(request, response);
  }
}

function spansIn(request: Fields): CollectedSpan[] {
  return messagesIn(request, 1).flatMap((ofResource) => {
    const [resource] = messagesIn(ofResource, 1);
    const told = resource ? attributesIn(resource, 1) : {};
    return messagesIn(ofResource, 2).flatMap((ofScope) =>
      messagesIn(ofScope, 2).map((span) => spanOf(span, told)),
    );
  });
}

function spanOf(span: Fields, resource: Record<string, unknown>): CollectedSpan {
  const [status] = messagesIn(span, 15);
  return {
    traceId: bytesIn(span, 1).toString('hex'),
    id: bytesIn(span, 2).toString('hex'),
    parentId: bytesIn(span, 4).toString('hex') || null,
    traceState: bytesIn(span, 3).toString(),
    name: bytesIn(span, 5).toString(),
    kind: KINDS[numberIn(span, 6)]!,
    attributes: attributesIn(span, 9),
    links: messagesIn(span, 13).map((link) => bytesIn(link, 2).toString('hex')),
    error: status && numberIn(status, 3) === 2 ? bytesIn(status, 2).toString() : null,
    resource,
  };
}

function attributesIn(fields: Fields, number: number): Record<string, unknown> {
  return Object.fromEntries(
    messagesIn(fields, number).map((pair) => {
      const [value] = messagesIn(pair, 2);
      return [bytesIn(pair, 1).toString(), anyValue(value!)];
    }),
  );
}

function anyValue(value: Fields): unknown {
  if (value.has(1)) return bytesIn(value, 1).toString();
  if (value.has(2)) return numberIn(value, 2) === 1;
  if (value.has(3)) return numberIn(value, 3);
  return value.has(4) ? bytesIn(value, 4).readDoubleLE() : null;
}
