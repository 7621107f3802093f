/** Requests over HTTP. */
import type { GraphQLFormattedError } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { errorOf, ParleyError } from './parley.error.js';

export interface Http {
  url: string;
  fetch: typeof fetch;
  /** Called for each request; no credentials are sent when it returns null. */
  token: () => Promise<string | null>;
}

interface Answer {
  data?: unknown;
  errors?: readonly GraphQLFormattedError[];
}

/**
 * Returns the data of an operation that succeeded. One that is refused with UNAUTHENTICATED is
 * repeated once if there is another token by now.
 *
 * @throws {ParleyError} when it failed, also in a part
 */
export async function request(
  http: Http,
  operation: SubscribePayload,
  signal?: AbortSignal,
): Promise<unknown> {
  const token = await http.token();
  let answer = await send(http, operation, token, signal);
  if (answer.errors?.[0]?.extensions?.code === 'UNAUTHENTICATED') {
    const fresh = await http.token();
    if (fresh !== token) answer = await send(http, operation, fresh, signal);
  }
  if (answer.errors && answer.errors.length > 0) throw errorOf(answer.errors);
  return answer.data;
}

async function send(
  http: Http,
  operation: SubscribePayload,
  token: string | null,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json, application/json',
  };
  if (token !== null) headers.authorization = `Bearer ${token}`;
  let status: number;
  let text: string;
  try {
    const { fetch } = http;
    const body = JSON.stringify(operation);
    const response = await fetch(http.url, {
      method: 'POST',
      headers,
      body,
      signal: signal ?? null,
    });
    ({ status } = response);
    text = await response.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ParleyError('CONNECTION_LOST', 'No answer came.', {}, [], { cause: error });
  }
  return answerIn(text, status);
}

function answerIn(text: string, status: number): Answer {
  const answer = parsed(text);
  if (typeof answer === 'object' && answer !== null && ('data' in answer || 'errors' in answer))
    return answer as Answer;
  // A proxy answers in place of a server that is away.
  if (status >= 500)
    throw new ParleyError('CONNECTION_LOST', `No answer came: HTTP ${status}.`, { status });
  throw new ParleyError('INVALID_ANSWER', `Not an answer of GraphQL: HTTP ${status}.`, { status });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
