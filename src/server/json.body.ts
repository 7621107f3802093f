import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';

const JSON_TYPE = 'application/json';

/**
 * Reads bodies in JSON, which is UTF-8 (RFC 8259, section 8.1). Fastify's own reader would replace
 * bytes that are not. A key named `__proto__` is a key like any other, as it is on the WebSocket.
 */
export function readJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('ignore', 'ignore');
  app.removeContentTypeParser(JSON_TYPE);
  app.addContentTypeParser<Buffer>(JSON_TYPE, { parseAs: 'buffer' }, (request, body, done) => {
    if (isUtf8(body)) return parse(request, body.toString(), done);
    done(Object.assign(new Error('The body is not in UTF-8.'), { statusCode: 400 }));
  });
}
