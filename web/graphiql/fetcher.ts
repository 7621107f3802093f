/**
 * Sends what GraphiQL runs: queries and mutations over HTTP, a subscription over the WebSocket and
 * never over HTTP. It reads the operation from the text itself, since GraphiQL's own reading of it,
 * names included, is late when a text is run as soon as it is pasted.
 */
import { type ExecutionResult, Kind, type OperationDefinitionNode, parse } from 'graphql';

export interface Operation {
  query: string;
  variables?: Record<string, unknown> | null;
  operationName?: string | null;
}

export type Headers = Readonly<Record<string, string>>;

/** The part of an observable that GraphiQL uses. */
export interface Observable {
  subscribe(sink: Sink): { unsubscribe(): void };
}

export interface Sink {
  next(result: ExecutionResult): void;
  error(error: unknown): void;
  complete(): void;
}

export interface FetcherOptions {
  url: string;
  /** The token of the user who is signed in. null: nobody is. */
  token: () => string | null;
  /** Follows a subscription; `own` are the headers of the tab, by their names in lower case. */
  follow: (operation: Operation, own: Headers) => Observable;
}

/** Returns a fetcher for GraphiQL. The `Authorization` of a tab's headers goes before the user's. */
export function fetcherOf({ url, token, follow }: FetcherOptions) {
  return (operation: Operation, options?: { headers?: Record<string, unknown> }) => {
    const own = lowerCased(options?.headers);
    const { type, name } = operationIn(operation);
    const wanted = { ...operation, operationName: name };
    if (type === 'subscription') return follow(wanted, own);
    return post(url, wanted, { ...authorizationOf(token()), ...own });
  };
}

export function authorizationOf(token: string | null): Headers {
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

/** Headers with their names in lower case; what is no text is left out. */
function lowerCased(headers: Record<string, unknown> = {}): Headers {
  const texts = Object.entries(headers).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(texts.map(([name, value]) => [name.toLowerCase(), value as string]));
}

/**
 * Returns the operation that a document would run: the one that is named, or else the first. The
 * server is asked about a document that is none, and says what is wrong with it.
 */
function operationIn({ query, operationName }: Operation): { type?: string; name?: string } {
  const operations = operationsOf(query);
  const named = operations.find(({ name }) => name !== undefined && name.value === operationName);
  return { type: (named ?? operations[0])?.operation, name: named?.name?.value };
}

function operationsOf(query: string): OperationDefinitionNode[] {
  try {
    const { definitions } = parse(query, { noLocation: true });
    return definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  } catch {
    return [];
  }
}

async function post(url: string, operation: Operation, headers: Headers): Promise<ExecutionResult> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(operation),
  });
  return (await response.json()) as ExecutionResult;
}
