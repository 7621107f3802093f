import type { IncomingMessage } from 'node:http';
import { v7 as uuidv7 } from 'uuid';

/** Ids of gateways and of tracing systems. No other text reaches the log or an answer's header. */
const FORM = /^[\w.:/+=-]{1,128}$/;

/**
 * Returns the id that came with a request in `x-request-id`, by which a gateway and its log know it
 * already; null for none, and for one that is longer than 128 characters or has others than
 * `A-Z a-z 0-9 _ . : / + = -`.
 */
export function givenRequestId({ headers }: Pick<IncomingMessage, 'headers'>): string | null {
  const id = headers['x-request-id'];
  return typeof id === 'string' && FORM.test(id) ? id : null;
}

/** Returns the id by which a request is known here: its own, or else a new one. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  return givenRequestId(request) ?? uuidv7();
}
