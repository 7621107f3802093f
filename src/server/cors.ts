/**
 * CORS: the pages of other origins that may read the answers, and the headers that they may send.
 * A page of any other origin gets no header of CORS, so its browser shows it nothing, and a refusal
 * of its preflight request. Without a preflight request a browser sends no token.
 */
import type { IncomingMessage } from 'node:http';
import cors, { type FastifyCorsOptions } from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import type { Origins } from './origin';

/**
 * Headers that a page may send: the ones that Parley reads, those that Apollo Client, urql and
 * Relay add, and those by which browsers' tracing tools carry a trace.
 */
const REQUEST_HEADERS = [
  'accept',
  'apollo-require-preflight',
  'apollographql-client-name',
  'apollographql-client-version',
  'authorization',
  'baggage',
  'content-type',
  'parley-on-behalf-of',
  'sentry-trace',
  'traceparent',
  'tracestate',
  'x-apollo-operation-name',
  'x-request-id',
  'x-requested-with',
];
/** Headers of an answer that a page may read, beside those that every page may. */
const ANSWER_HEADERS = ['retry-after', 'x-request-id'];
/** Seconds for which a browser remembers a preflight, and so an origin taken off the list. */
const MAX_AGE_S = 600;

/** Answers preflight requests, and lets the pages of admitted origins read the answers. */
export async function allowOrigins(app: FastifyInstance, origins: Origins): Promise<void> {
  const common: FastifyCorsOptions = {
    methods: ['GET', 'POST'],
    allowedHeaders: REQUEST_HEADERS,
    exposedHeaders: ANSWER_HEADERS,
    maxAge: MAX_AGE_S,
    credentials: true,
  };
  await app.register(cors, {
    delegator: ({ raw }, done) => {
      // The origin as the browser spells it: it compares the two as they are.
      const origin = origins.admits(raw) && raw.headers.origin;
      done(null, { ...common, origin: origin || false });
    },
  });
}

/** True for a preflight request (Fetch standard, section 3.2.2). */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && !!headers.origin && !!headers['access-control-request-method'];
}
