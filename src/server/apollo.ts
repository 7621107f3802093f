import {
  ApolloServer,
  type ApolloServerPlugin,
  type GraphQLRequest,
  HeaderMap,
} from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import type { Admission } from '../execution/admission';
import type { OperationArgs } from '../execution/execution';
import { type CheckedDocument, type Documents, requestedName } from '../execution/operation';
import { answerOperation } from '../execution/operation.answer';
import type { OperationLimit } from '../execution/operation.limit';
import type { FoundText, PersistedQueries } from '../execution/persisted-queries';
import type { Traffic } from '../execution/traffic';
import { errorScope, formatErrors, httpStatusOf, toGraphQLError } from '../graphql/errors';
import type { Logger } from '../logger';
import { isOlderClient } from './accept';
import { documentIdIn } from './document.id';
import type { HttpContext } from './http.context';

/**
 * A browser sends a request with one of these headers to another origin only after a preflight
 * request, which CORS answers. So such a request comes from no foreign page.
 */
const PREFLIGHTED_HEADERS = [
  'authorization',
  'x-apollo-operation-name',
  'apollo-require-preflight',
];

/** Mistakes in a request that GraphQL could read, by their codes. */
const MISTAKES = new Set<unknown>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

export interface ApolloOptions {
  schema: GraphQLSchema;
  documents: Documents;
  admission: Admission;
  persistedQueries: PersistedQueries;
  operationLimit: OperationLimit;
  traffic: Traffic;
  logger: Logger;
  production: boolean;
}

/**
 * Creates the Apollo Server that answers over HTTP. Apollo does the CSRF prevention and the content
 * types. Persisted operations, documents, admission, execution and the form of errors are shared
 * with the WebSocket.
 */
export function createApollo(options: ApolloOptions): ApolloServer<HttpContext> {
  const { schema, logger, production } = options;
  return new ApolloServer<HttpContext>({
    schema,
    logger,
    introspection: !production,
    // The documents are kept by `Documents`.
    documentStore: null,
    // The operations that are named by an id are found by `PersistedQueries`.
    persistedQueries: false,
    csrfPrevention: { requestHeaders: PREFLIGHTED_HEADERS },
    includeStacktraceInErrorResponses: false,
    // The lifecycle stops this process: it drains the WebSockets first, then HTTP.
    stopOnTerminationSignals: false,
    plugins: [
      // Apollo's plugin for cache hints would wrap the resolver of every field in the schema.
      // Subscriptions execute their events with the same schema (docs/performance.md).
      ApolloServerPluginCacheControlDisabled(),
      // The default landing page is loaded from a CDN.
      { serverWillStart: async () => ({ renderLandingPage: undefined }) },
      operations(options),
    ],
  });
}

/**
 * Checks, admits and executes operations, and gives their errors the shape that the WebSocket gives
 * them. Documents, admission and limits are those of the WebSocket. Subscriptions are refused: they
 * need a WebSocket.
 */
function operations(options: ApolloOptions): ApolloServerPlugin<HttpContext> {
  const { documents, admission, persistedQueries } = options;
  return {
    async requestDidStart({ request, contextValue: { authenticated } }) {
      request.operationName = requestedName(request);
      const found = findText(persistedQueries, request, authenticated);
      let checked: CheckedDocument;
      let admitted: OperationArgs;
      return {
        async didResolveSource(resolved) {
          checked = 'errors' in found ? found : documents.check(resolved.source);
          // Apollo parses and validates only where there is no document yet. It goes on with
          // another one where this has errors, which are told in `didResolveOperation`.
          (resolved as { document: DocumentNode }).document = checked.document ?? NO_DOCUMENT;
        },
        async didResolveOperation({ contextValue }) {
          try {
            admitted = admission.admit(checked, request, contextValue, refuseSubscription);
          } catch (error) {
            throw withStatus(toGraphQLError(error as Error));
          }
          if (authenticated && 'text' in found) persistedQueries.keep(found);
        },
        async responseForOperation() {
          const singleResult = await answerOperation(options, admitted);
          return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult } };
        },
        async willSendResponse({ request: { http }, response, errors: early, contextValue }) {
          if (response.body.kind !== 'single') return;
          // `early` holds the errors from before the execution. Without it, the result has them.
          const { singleResult } = response.body;
          const errors = checked?.errors ?? early ?? singleResult.errors;
          if (!errors?.length) return;
          singleResult.errors = tellErrors(
            errors as readonly GraphQLError[],
            contextValue,
            options,
          );
          const status = errors.map(httpStatusOf).find((one) => one !== undefined);
          if (status !== undefined) response.http.status = status;
          else if (isOlderClient(http?.headers.get('accept')) && areMistakes(singleResult.errors))
            response.http.status = 200;
        },
      };
    },
  };
}

/**
 * Finds the text of a request that may name its document by an id, and puts it in the place where
 * Apollo looks for it.
 *
 * @returns the text, or a document with the error for which the request is refused. Apollo goes on
 *   with another one, as it does for one with errors
 */
function findText(
  persistedQueries: PersistedQueries,
  request: GraphQLRequest,
  authenticated: boolean,
): FoundText | (CheckedDocument & { errors: readonly GraphQLError[] }) {
  const { query, http, extensions } = request;
  // Apollo would look for the query of a hash by itself.
  if (extensions) request.extensions = { ...extensions, persistedQuery: undefined };
  try {
    const documentId = http && documentIdIn(http);
    const found = persistedQueries.find({ query, documentId, extensions }, authenticated);
    request.query = found.text;
    return found;
  } catch (error) {
    request.query = NO_QUERY;
    return { source: NO_QUERY, errors: [toGraphQLError(error as Error)] };
  }
}

/** Masks, counts and logs the errors of a request, and returns them as the client gets them. */
function tellErrors(
  errors: readonly GraphQLError[],
  context: HttpContext | undefined,
  options: ApolloOptions,
) {
  const request = context ?? { requestId: 'unknown', log: options.logger, span: null };
  const told = formatErrors(errors, errorScope(options, request));
  if (context) context.errors.areLogged = true;
  return told;
}

function areMistakes(told: readonly GraphQLFormattedError[]): boolean {
  return told.every(({ extensions }) => MISTAKES.has(extensions?.code));
}

/** Takes the place of a document with errors. */
const NO_QUERY = '{ __typename }';
const NO_DOCUMENT = parse(NO_QUERY);

function refuseSubscription({ operation }: OperationDefinitionNode): void {
  if (operation === 'subscription') throw onlyOverWebSocket();
}

function onlyOverWebSocket(): GraphQLError {
  return new GraphQLError('Subscriptions need a WebSocket.', {
    extensions: { code: 'BAD_REQUEST' },
  });
}

/** Adds the status of an error from before the execution. */
function withStatus(error: GraphQLError): GraphQLError {
  const { nodes, originalError = error } = error;
  // Apollo's own status for it: a client sends the text next, and nothing went wrong.
  const isNotFound = error.extensions.code === 'PERSISTED_QUERY_NOT_FOUND';
  const status = isNotFound ? 200 : (httpStatusOf(error) ?? 400);
  const extensions = { ...error.extensions, http: { status } };
  return new GraphQLError(error.message, { nodes: nodes ?? null, originalError, extensions });
}
