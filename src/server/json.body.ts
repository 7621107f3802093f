import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Turns } from '../runtime/turns';
import { unitsOf } from './intake';

const JSON_TYPE = 'application/json';

/**
 * Reads bodies in JSON, which is UTF-8 (RFC 8259, section 8.1). Fastify's own reader would replace
 * bytes that are not. A key named `__proto__` is a key like any other, as it is on the WebSocket.
 *
 * A body is read when it is its turn (`runtime/turns`).
 *
 * @param keyOf returns the key whose turns the request takes
 */
export function readJsonBodies(
  app: FastifyInstance,
  turns: Turns,
  keyOf: (request: FastifyRequest) => unknown,
): void {
  const parse = app.getDefaultJsonParser('ignore', 'ignore');
  app.removeContentTypeParser(JSON_TYPE);
  app.addContentTypeParser<Buffer>(JSON_TYPE, { parseAs: 'buffer' }, (request, body, done) => {
    turns.run(keyOf(request), unitsOf(body.length), () => {
      if (isUtf8(body)) parse(request, body.toString(), done);
      else done(Object.assign(new Error('The body is not in UTF-8.'), { statusCode: 400 }));
    });
  });
}
