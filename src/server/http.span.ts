import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Span, Tracer } from '../runtime/span';

/**
 * Begins the span of a request to GraphQL. It ends when the answer has been sent, or the connection
 * was lost before. Its name is that of the operation, once it is known.
 *
 * It has neither the URL's query, which may hold variables, nor anything that tells who asks.
 */
export function beginRequest(
  tracer: Tracer,
  request: FastifyRequest,
  sink: FastifyReply,
  route: string,
): Span {
  const { method, headers, raw, id } = request;
  const attributes = {
    'http.request.method': method,
    'http.route': route,
    'url.path': route,
    'url.scheme': request.protocol,
    'network.protocol.name': 'http',
    'network.protocol.version': raw.httpVersion,
    'parley.request_id': id,
  };
  const span = tracer.begin(`${method} ${route}`, attributes, [headers]);
  sink.raw.once('close', () => endRequest(span, sink.raw));
  return span;
}

function endRequest(span: Span, answer: FastifyReply['raw']): void {
  if (answer.writableFinished) {
    span.set({ 'http.response.status_code': answer.statusCode });
    // A refusal of GraphQL's has its own code already.
    if (answer.statusCode >= 400) span.fail(String(answer.statusCode));
  } else span.fail('CONNECTION_LOST');
  span.end();
}
